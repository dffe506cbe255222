import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import type {JsonValue} from '../model/json.js';
import {parseDuration, parseTime, zeroTimeSeconds} from './go-time.js';
import {stringifyLikeGo} from './json-text.js';
import type {DelimitedType, ScalarType} from './protobuf-table.js';
import {
	writeBytes,
	writeDouble,
	writeInt64,
	writeText,
	writeTextField,
	writeVarintField,
	type ProtobufWriter,
} from './protobuf-writer.js';

const refuse = (type: string, value: JsonValue): never => {
	throw new TypeError(`protobuf: a ${type} field cannot hold ${value === null ? 'null' : typeof value}`);
};

/** Null and absent are the zero value, as Go reads JSON. */
const isMissing = (value: JsonValue): value is null | undefined => value === undefined || value === null; // eslint-disable-line @typescript-eslint/no-restricted-types

const toText = (value: JsonValue): string => {
	if (isMissing(value)) {
		return '';
	}

	return typeof value === 'string' ? value : refuse('string', value);
};

const toInteger = (value: JsonValue, bits: 32 | 64): number | bigint => {
	if (isMissing(value)) {
		return 0;
	}

	if (typeof value === 'bigint') {
		return BigInt.asIntN(bits, value) === value ? value : refuse(`int${bits}`, value);
	}

	assert.ok(bits === 32 || bits === 64, 'integers have 32 or 64 bits');
	const isInRange = typeof value === 'number' && Number.isSafeInteger(value) && (bits === 64 || Math.abs(value + 0.5) < 2_147_483_648);
	return isInRange ? value : refuse(`int${bits}`, value);
};

const toDouble = (value: JsonValue): number => {
	if (isMissing(value)) {
		return 0;
	}

	return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : refuse('double', value);
};

const isSet = (value: JsonValue): boolean => {
	if (isMissing(value)) {
		return false;
	}

	return typeof value === 'boolean' ? value : refuse('bool', value);
};

/** A scalar without length. */
export const writeScalar = (writer: ProtobufWriter, type: ScalarType, value: JsonValue): void => {
	assert.ok(writer.position >= 0 && writer.position <= writer.bytes.length, 'writing stays in the buffer');
	switch (type) {
		case 'bool': {
			writeInt64(writer, isSet(value) ? 1 : 0);
			return;
		}

		case 'int32': {
			writeInt64(writer, toInteger(value, 32));
			return;
		}

		case 'int64': {
			writeInt64(writer, toInteger(value, 64));
			return;
		}

		case 'double': {
			writeDouble(writer, toDouble(value));
		}
	}
};

/** A zero time is an empty message. Time keeps whole seconds only. */
const writeTime = (writer: ProtobufWriter, value: JsonValue, isMicro: boolean): void => {
	if (isMissing(value)) {
		return;
	}

	const {seconds, nanos} = typeof value === 'string' ? parseTime(value) : refuse('time', value);
	if (seconds === zeroTimeSeconds && nanos === 0) {
		return;
	}

	assert.ok(nanos >= 0 && nanos < 1e9, 'a fraction is less than a second');
	assert.ok(Number.isSafeInteger(seconds), 'seconds are whole');
	writeVarintField(writer, 2, isMicro ? nanos - (nanos % 1000) : 0);
	writeVarintField(writer, 1, seconds);
};

const writeIntOrString = (writer: ProtobufWriter, value: JsonValue): void => {
	const isText = typeof value === 'string';
	writeTextField(writer, 3, isText ? value : '');
	writeVarintField(writer, 2, isText ? 0 : toInteger(value, 32));
	writeVarintField(writer, 1, isText ? 1 : 0);
};

const writeSlice = (writer: ProtobufWriter, value: JsonValue): void => {
	const items = isMissing(value) ? [] : value;
	if (!Array.isArray(items)) {
		refuse('list', items);
		return;
	}

	assert.ok(items.length === 0 || Array.isArray(value), 'only a list has items');
	for (let index = items.length - 1; index >= 0; index--) {
		writeTextField(writer, 1, toText(items[index]));
	}
};

/** Numbers are quantities too, in JSON that people write. */
const toQuantity = (value: JsonValue): string => {
	if (isMissing(value)) {
		return '0';
	}

	return typeof value === 'number' || typeof value === 'bigint' ? String(value) : toText(value);
};

const toBytes = (value: JsonValue): Uint8Array => Buffer.from(toText(value), 'base64');

/** The bytes of a length-delimited leaf, without their length. */
export const writeDelimited = (writer: ProtobufWriter, type: DelimitedType, value: JsonValue): void => {
	assert.ok(writer.position >= 0 && writer.position <= writer.bytes.length, 'writing stays in the buffer');
	switch (type) {
		case 'string': {
			writeText(writer, toText(value));
			return;
		}

		case 'bytes': {
			writeBytes(writer, toBytes(value));
			return;
		}

		case 'time':
		case 'microtime': {
			writeTime(writer, value, type === 'microtime');
			return;
		}

		case 'quantity': {
			writeTextField(writer, 1, toQuantity(value));
			return;
		}

		case 'intstr': {
			writeIntOrString(writer, value);
			return;
		}

		case 'duration': {
			writeVarintField(writer, 1, isMissing(value) ? 0 : parseDuration(toText(value)));
			return;
		}

		case 'slice': {
			writeSlice(writer, value);
			return;
		}

		case 'raw':
		case 'rawjson':
		case 'unknown': {
			if (!isMissing(value)) {
				writeTextField(writer, type === 'unknown' ? 2 : 1, stringifyLikeGo(value));
			}
		}
	}
};
