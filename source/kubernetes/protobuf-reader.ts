/* eslint-disable no-bitwise -- varints are made of bits */
import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';

/** Bytes of a protobuf message and how far they are read. */
export type ProtobufReader = {
	readonly bytes: Uint8Array;
	/** The same bytes. */
	readonly buffer: Buffer; // eslint-disable-line @typescript-eslint/no-restricted-types -- only a Buffer reads text from its middle
	position: number;
	/** Halves of the last 64-bit varint: a varint can exceed what a number holds. */
	low: number;
	high: number;
	/** Fields the table lacks, so far. */
	unknownFields: number;
};

export const createReader = (bytes: Uint8Array): ProtobufReader => ({
	bytes,
	buffer: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
	position: 0,
	low: 0,
	high: 0,
	unknownFields: 0,
});

const cutOff = (): never => {
	throw new RangeError('protobuf: a field reaches beyond its message');
};

/** Bytes of the longest varint. */
const maximumVarintBytes = 10;
/** Nesting of the (obsolete) groups among unknown fields. */
const maximumGroupDepth = 64;

/** An unsigned varint; exact up to 2^53, beyond that merely large: for tags and lengths, which the caller bounds. */
export const readUnsigned = (reader: ProtobufReader, end: number): number => {
	assert.ok(end <= reader.bytes.length, 'a message lies in its bytes');
	const {bytes} = reader;
	assert.ok(reader.position >= 0 && reader.position <= end, 'reading stays in the message');
	let value = 0;
	let scale = 1;
	for (let count = 0; count < maximumVarintBytes; count++) {
		if (reader.position >= end) {
			return cutOff();
		}

		const byte = bytes[reader.position++]!;
		if (byte < 0x80) {
			return value + (byte * scale);
		}

		value += (byte & 0x7F) * scale;
		scale *= 0x80;
	}

	throw new RangeError('protobuf: a varint of more than ten bytes');
};

/** Reads a varint as two's complement into the reader's `low` and `high`. */
export const readVarint64 = (reader: ProtobufReader, end: number): void => {
	assert.ok(end <= reader.bytes.length, 'a message lies in its bytes');
	const {bytes} = reader;
	assert.ok(reader.position >= 0 && reader.position <= end, 'reading stays in the message');
	let low = 0;
	let high = 0;
	for (let shift = 0; shift < maximumVarintBytes * 7; shift += 7) {
		if (reader.position >= end) {
			cutOff();
		}

		const byte = bytes[reader.position++]!;
		const bits = byte & 0x7F;
		if (shift < 28) {
			low |= bits << shift;
		} else if (shift === 28) {
			low |= bits << 28;
			high |= bits >>> 4;
		} else {
			high |= bits << (shift - 32);
		}

		if (byte < 0x80) {
			reader.low = low;
			reader.high = high;
			return;
		}
	}

	throw new RangeError('protobuf: a varint of more than ten bytes');
};

const twoTo32 = 0x1_00_00_00_00;

/** An int64; beyond 2^53 as BigInt. */
export const readInt64 = (reader: ProtobufReader, end: number): number | bigint => {
	readVarint64(reader, end);
	const value = (reader.high * twoTo32) + (reader.low >>> 0);
	return Number.isSafeInteger(value) ? value : (BigInt(reader.high) << 32n) | BigInt(reader.low >>> 0);
};

export const readInt32 = (reader: ProtobufReader, end: number): number => {
	readVarint64(reader, end);
	return reader.low;
};

/** A varint as a boolean. */
export const isVarintSet = (reader: ProtobufReader, end: number): boolean => {
	readVarint64(reader, end);
	return (reader.low | reader.high) !== 0;
};

export const readDouble = (reader: ProtobufReader, end: number): number => {
	if (end - reader.position < 8) {
		return cutOff();
	}

	const value = reader.buffer.readDoubleLE(reader.position);
	reader.position += 8;
	return value;
};

/** Field number and wire type: `number << 3 | wireType`. */
export const readTag = (reader: ProtobufReader, end: number): number => {
	const tag = readUnsigned(reader, end);
	if (tag > 0xFF_FF_FF_FF || tag < 8) {
		throw new TypeError('protobuf: a field number that cannot be');
	}

	return tag;
};

/** Reads the length of a length-delimited field; the reader then stands at its first byte. Gives where it ends, at most `end`. */
export const readBytesRange = (reader: ProtobufReader, end: number): number => {
	const length = readUnsigned(reader, end);
	const fieldEnd = reader.position + length;
	return fieldEnd > end ? cutOff() : fieldEnd;
};

/** Text from the reader's position to `end`; bytes that are no UTF-8 become U+FFFD. */
export const readRange = (reader: ProtobufReader, end: number): string => {
	const start = reader.position;
	reader.position = end;
	return start === end ? '' : reader.buffer.toString('utf8', start, end);
};

/** A length-delimited field as text. */
export const readText = (reader: ProtobufReader, end: number): string => readRange(reader, readBytesRange(reader, end));

const skipSingle = (reader: ProtobufReader, wireType: number, end: number): void => {
	assert.ok(reader.position <= end, 'reading stays in the message');
	assert.ok(wireType >= 0 && wireType < 8, 'a wire type has three bits');
	switch (wireType) {
		case 0: {
			readVarint64(reader, end);
			return;
		}

		case 1:
		case 5: {
			const size = wireType === 1 ? 8 : 4;
			if (end - reader.position < size) {
				cutOff();
			}

			reader.position += size;
			return;
		}

		case 2: {
			reader.position = readBytesRange(reader, end);
			return;
		}

		default: {
			throw new TypeError('protobuf: a wire type that cannot be');
		}
	}
};

/** Skips the value of a field whose tag is read, groups included. */
export const skipField = (reader: ProtobufReader, tag: number, end: number): void => {
	assert.ok(reader.position <= end);
	let depth = 0;
	let wireType = tag & 7;
	do {
		if (wireType === 3) {
			depth++;
			if (depth > maximumGroupDepth) {
				throw new RangeError('protobuf: groups nest too deep');
			}
		} else if (wireType === 4 && depth > 0) {
			depth--;
		} else {
			skipSingle(reader, wireType, end);
		}

		wireType = depth > 0 ? readTag(reader, end) & 7 : wireType;
	} while (depth > 0);

	assert.ok(reader.position <= end, 'skipping stays in the message');
};
