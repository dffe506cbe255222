/* eslint-disable no-bitwise -- tags are made of bits */
import {strict as assert} from 'node:assert';
import type {JsonValue} from '../model/json.js';
import {formatDuration, formatTime, zeroTimeSeconds} from './go-time.js';
import {isTooDeep, parseJsonText} from './json-text.js';
import {
	isVarintSet,
	readBytesRange,
	readDouble,
	readInt32,
	readInt64,
	readRange,
	readTag,
	readText,
	skipField,
	type ProtobufReader,
} from './protobuf-reader.js';
import type {DelimitedType, ScalarType} from './protobuf-table.js';

const varint = 0;
const lengthDelimited = 2;
const tagOf = (number: number, wireType: number): number => (number << 3) | wireType;

const skipUnknown = (reader: ProtobufReader, tag: number, end: number): void => {
	skipField(reader, tag, end);
	reader.unknownFields++;
};

/** Timestamp{1 seconds, 2 nanos}; empty or Go's zero time is null. */
const readTime = (reader: ProtobufReader, end: number, digits: 0 | 6): JsonValue => {
	assert.ok(reader.position <= end, 'the value lies in its message');
	if (reader.position === end) {
		return null;
	}

	let seconds = 0;
	let nanos = 0;
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === tagOf(1, varint)) {
			seconds = Number(readInt64(reader, end));
		} else if (tag === tagOf(2, varint)) {
			nanos = readInt32(reader, end);
		} else {
			skipUnknown(reader, tag, end);
		}
	}

	assert.equal(reader.position, end, 'a time is read to its end');
	const isZero = seconds === zeroTimeSeconds && (digits === 0 || nanos === 0);
	return isZero ? null : formatTime(seconds, digits === 0 ? 0 : nanos, digits);
};

const readDuration = (reader: ProtobufReader, end: number): string => {
	assert.ok(reader.position <= end, 'the value lies in its message');
	let nanos: number | bigint = 0;
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === tagOf(1, varint)) {
			nanos = readInt64(reader, end);
		} else {
			skipUnknown(reader, tag, end);
		}
	}

	assert.equal(reader.position, end, 'a duration is read to its end');
	return formatDuration(nanos);
};

const readQuantity = (reader: ProtobufReader, end: number): string => {
	assert.ok(reader.position <= end, 'the value lies in its message');
	let text = '0';
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === tagOf(1, lengthDelimited)) {
			text = readText(reader, end);
		} else {
			skipUnknown(reader, tag, end);
		}
	}

	assert.equal(reader.position, end, 'a quantity is read to its end');
	return text;
};

/** IntOrString{1 type, 2 number, 3 string}; type 1 is the string. */
const readIntOrString = (reader: ProtobufReader, end: number): string | number => {
	assert.ok(reader.position <= end, 'the value lies in its message');
	const integers: [type: number, value: number] = [0, 0];
	let text = '';
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === tagOf(3, lengthDelimited)) {
			text = readText(reader, end);
		} else if (tag === tagOf(1, varint) || tag === tagOf(2, varint)) {
			integers[tag === tagOf(1, varint) ? 0 : 1] = readInt32(reader, end);
		} else {
			skipUnknown(reader, tag, end);
		}
	}

	assert.equal(reader.position, end, 'the value is read to its end');
	const [type, value] = integers;
	return type === 1 ? text : value;
};

const readSlice = (reader: ProtobufReader, end: number): JsonValue[] => {
	assert.ok(reader.position <= end, 'the value lies in its message');
	const items: JsonValue[] = [];
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === tagOf(1, lengthDelimited)) {
			items.push(readText(reader, end));
		} else {
			skipUnknown(reader, tag, end);
		}
	}

	assert.equal(reader.position, end, 'a list is read to its end');
	return items;
};

/** Embedded JSON text from the reader's position to `end`. */
export const readEmbeddedJson = (reader: ProtobufReader, end: number): JsonValue => {
	assert.ok(reader.position <= end && end <= reader.bytes.length, 'the text lies in the bytes');
	const start = reader.position;
	reader.position = end;
	if (start === end) {
		return null;
	}

	if (isTooDeep(reader.bytes.subarray(start, end))) {
		throw new RangeError('protobuf: embedded JSON nests too deep');
	}

	assert.ok(start < end, 'an empty text is null');
	try {
		return parseJsonText(reader.buffer.toString('utf8', start, end));
	} catch (error) {
		throw new TypeError('protobuf: embedded bytes are no JSON', {cause: error});
	}
};

/**
Finds the bytes of a RawExtension{1 raw}, or an Unknown{2 raw}, that ends at `end`. The reader then stands at their first byte; gives where they end, which is
the reader's position where there are none.
*/
export const findRaw = (reader: ProtobufReader, end: number, number: 1 | 2): number => {
	assert.ok(reader.position <= end, 'the value lies in its message');
	let rawStart = end;
	let rawEnd = end;
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === tagOf(number, lengthDelimited)) {
			rawEnd = readBytesRange(reader, end);
			rawStart = reader.position;
			reader.position = rawEnd;
		} else {
			skipField(reader, tag, end);
			reader.unknownFields += number === 1 ? 1 : 0;
		}
	}

	assert.ok(rawStart <= rawEnd && rawEnd <= end);
	reader.position = rawStart;
	return rawEnd;
};

const readBase64 = (reader: ProtobufReader, end: number): string => {
	const start = reader.position;
	reader.position = end;
	return reader.buffer.toString('base64', start, end);
};

/** A value without a length before it. */
export const readScalar = (reader: ProtobufReader, type: ScalarType, end: number): JsonValue => {
	assert.ok(reader.position <= end, 'the value lies in its message');
	assert.ok(end <= reader.bytes.length, 'the message lies in the bytes');
	switch (type) {
		case 'int32': {
			return readInt32(reader, end);
		}

		case 'int64': {
			return readInt64(reader, end);
		}

		case 'bool': {
			return isVarintSet(reader, end);
		}

		case 'double': {
			return readDouble(reader, end);
		}
	}
};

/** A length-delimited leaf whose bytes go from the reader's position to `end`; `raw` and `unknown`, which can hold messages, are not among them. */
export const readDelimited = (reader: ProtobufReader, type: DelimitedType, end: number): JsonValue => {
	assert.ok(reader.position <= end && end <= reader.bytes.length, 'the value lies in the bytes');
	switch (type) {
		case 'string': {
			return readRange(reader, end);
		}

		case 'bytes': {
			return readBase64(reader, end);
		}

		case 'time': {
			return readTime(reader, end, 0);
		}

		case 'microtime': {
			return readTime(reader, end, 6);
		}

		case 'quantity': {
			return readQuantity(reader, end);
		}

		case 'intstr': {
			return readIntOrString(reader, end);
		}

		case 'duration': {
			return readDuration(reader, end);
		}

		case 'slice': {
			return readSlice(reader, end);
		}

		case 'rawjson': {
			return readEmbeddedJson(reader, findRaw(reader, end, 1));
		}

		case 'raw':
		case 'unknown': {
			return assert.fail('a value that can hold a message is read elsewhere');
		}
	}
};

/** Packed repeated scalars, which Go's decoder takes as well. */
export const readPacked = (reader: ProtobufReader, type: ScalarType, end: number, into: JsonValue[]): void => {
	const packedEnd = readBytesRange(reader, end);
	while (reader.position < packedEnd) {
		into.push(readScalar(reader, type, packedEnd));
	}
};
