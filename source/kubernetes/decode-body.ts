import {strict as assert} from 'node:assert';
import {Buffer, isAscii} from 'node:buffer';
import type {JsonValue} from '../model/json.js';
import {isTooDeep, parseJsonText} from './json-text.js';
import {type BodyFormat, bodyFormat} from './media-type.js';
import {decodeProtobuf} from './protobuf-codec.js';
import {hasProtobufMagic} from './protobuf-envelope.js';
import {maximumYamlBytes, parseYamlText} from './yaml-text.js';

export {maximumDepth, stringifyJson} from './json-text.js';

/**
A body as the JSON the apiserver would print: by its content type, else by its first bytes (`k8s\0` is protobuf). Big integers stay exact.
Undefined: not decodable (text, cut off, too deep, CBOR). `unknownFields` counts protobuf fields the table lacks.
Bounds: `maximumDepth` levels, `maximumBodyBytes` bytes.
*/
export type DecodedBody = {readonly value: JsonValue; readonly format: 'json' | 'yaml' | 'protobuf'; readonly unknownFields: number};

/** A longer body is not decoded. A list of 20,000 objects of 4 KB has 80 MB. */
export const maximumBodyBytes = 256 * 1024 * 1024;

const asBuffer = (bytes: Uint8Array): Buffer => // eslint-disable-line @typescript-eslint/no-restricted-types -- for its text
	Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Text of a body, without the byte order mark some clients send. */
const bodyText = (bytes: Uint8Array): string => {
	const buffer = asBuffer(bytes);
	if (isAscii(buffer)) {
		return buffer.toString('latin1');
	}

	const text = buffer.toString('utf8');
	return text.codePointAt(0) === 0xFE_FF ? text.slice(1) : text;
};

const byteOrderMark = [0xEF, 0xBB, 0xBF] as const;
const blanks: ReadonlySet<number> = new Set([0x09, 0x0A, 0x0D, 0x20]);

/** First byte that is no white space, or undefined. */
const firstByte = (bytes: Uint8Array): number | undefined => {
	assert.ok(bytes.length > 0, 'an empty body has no format');
	assert.ok(bytes.length <= maximumBodyBytes, 'a body is bounded');
	const start = byteOrderMark.every((byte, index) => bytes[index] === byte) ? byteOrderMark.length : 0;
	for (let index = start; index < bytes.length; index++) {
		const byte = bytes[index];
		if (byte !== undefined && !blanks.has(byte)) {
			return byte;
		}
	}

	return undefined;
};

/** `{` or `[`. */
const isJsonLike = (bytes: Uint8Array): boolean => {
	const byte = firstByte(bytes);
	return byte === 0x7B || byte === 0x5B;
};

const decodeJson = (bytes: Uint8Array): DecodedBody | undefined => {
	assert.ok(bytes.length > 0 && bytes.length <= maximumBodyBytes, 'a body is bounded');
	assert.ok(!hasProtobufMagic(bytes), 'protobuf is decoded as such');
	if (isTooDeep(bytes)) {
		return undefined;
	}

	try {
		return {value: parseJsonText(bodyText(bytes)), format: 'json', unknownFields: 0};
	} catch (error) {
		if (!(error instanceof SyntaxError)) {
			throw error;
		}

		return undefined;
	}
};

const decodeYaml = (bytes: Uint8Array): DecodedBody | undefined => {
	const json = isJsonLike(bytes) ? decodeJson(bytes) : undefined;
	if (json !== undefined || bytes.length > maximumYamlBytes) {
		return json;
	}

	const yaml = parseYamlText(bodyText(bytes));
	return yaml === undefined ? undefined : {value: yaml.value, format: 'yaml', unknownFields: 0};
};

const decodeEnvelope = (bytes: Uint8Array): DecodedBody | undefined => {
	assert.ok(hasProtobufMagic(bytes), 'only protobuf is decoded as such');
	try {
		const {value, unknownFields} = decodeProtobuf(bytes);
		assert.ok(unknownFields <= bytes.length, 'a field has at least one byte');
		return {value, format: 'protobuf', unknownFields};
	} catch (error) {
		if (!(error instanceof TypeError || error instanceof RangeError)) {
			throw error;
		}

		return undefined;
	}
};

const decodeAs = (format: BodyFormat, bytes: Uint8Array): DecodedBody | undefined => {
	assert.ok(bytes.length > 0, 'an empty body has no format');
	assert.ok(!hasProtobufMagic(bytes), 'protobuf is decoded as such');
	switch (format) {
		case 'json': {
			return decodeJson(bytes);
		}

		case 'yaml': {
			return decodeYaml(bytes);
		}

		case 'text':
		case 'unknown': {
			// OpenAPI v3 is JSON under text/plain.
			return isJsonLike(bytes) ? decodeJson(bytes) : undefined;
		}

		case 'protobuf':
		case 'cbor': {
			return undefined;
		}
	}
};

export const decodeBody = (bytes: Uint8Array, contentType?: string): DecodedBody | undefined => {
	if (bytes.length === 0 || bytes.length > maximumBodyBytes) {
		return undefined;
	}

	// No text begins with the magic, whatever the content type says.
	return hasProtobufMagic(bytes) ? decodeEnvelope(bytes) : decodeAs(bodyFormat(contentType), bytes);
};
