/* eslint-disable no-bitwise -- tags are made of bits */
import {strict as assert} from 'node:assert';
import {
	readBytesRange,
	readTag,
	readText,
	skipField,
	type ProtobufReader,
} from './protobuf-reader.js';
import type {TypeMeta} from './protobuf-table.js';

/** `k8s\0`, before every protobuf body and every object in a protobuf watch. */
export const protobufMagic = [0x6B, 0x38, 0x73, 0x00] as const;

/** Whether bytes, from `start`, begin as a protobuf body does. */
export const hasProtobufMagic = (bytes: Uint8Array, start = 0): boolean =>
	bytes.length - start >= 4 && bytes[start] === 0x6B && bytes[start + 1] === 0x38 && bytes[start + 2] === 0x73 && bytes[start + 3] === 0x00;

/** What a body's runtime.Unknown holds: its type, and where the object's own bytes are. */
export type Envelope = {readonly type: TypeMeta; readonly rawStart: number; readonly rawEnd: number};

const lengthDelimited = 2;

const readTypeMeta = (reader: ProtobufReader, end: number): TypeMeta => {
	assert.ok(reader.position <= end, 'the type lies in the envelope');
	let apiVersion = '';
	let kind = '';
	while (reader.position < end) {
		const tag = readTag(reader, end);
		const number = tag >>> 3;
		if ((tag & 7) === lengthDelimited && (number === 1 || number === 2)) {
			const text = readText(reader, end);
			apiVersion = number === 1 ? text : apiVersion;
			kind = number === 2 ? text : kind;
		} else {
			skipField(reader, tag, end);
			reader.unknownFields++;
		}
	}

	assert.equal(reader.position, end, 'the type is read to its end');
	return {apiVersion, kind};
};

/**
Reads the envelope of the body that begins at the reader's position and ends at `end`; the reader stands at `end` then.

@throws TypeError without the magic; RangeError or TypeError on malformed bytes.
*/
export const readEnvelope = (reader: ProtobufReader, end: number): Envelope => {
	assert.ok(reader.position <= end && end <= reader.bytes.length, 'the envelope lies in the bytes');
	if (end - reader.position < 4 || !hasProtobufMagic(reader.bytes, reader.position)) {
		throw new TypeError(String.raw`not a Kubernetes protobuf body: it does not begin with k8s\0`);
	}

	reader.position += 4;
	let type: TypeMeta = {apiVersion: '', kind: ''};
	let rawStart = end;
	let rawEnd = end;
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === ((1 << 3) | lengthDelimited)) {
			const typeEnd = readBytesRange(reader, end);
			type = readTypeMeta(reader, typeEnd);
		} else if (tag === ((2 << 3) | lengthDelimited)) {
			rawEnd = readBytesRange(reader, end);
			rawStart = reader.position;
			reader.position = rawEnd;
		} else {
			// 3 contentEncoding and 4 contentType are empty for objects.
			skipField(reader, tag, end);
			reader.unknownFields += tag >>> 3 === 3 || tag >>> 3 === 4 ? 0 : 1;
		}
	}

	assert.equal(reader.position, end, 'the envelope is read to its end');
	assert.ok(rawStart <= rawEnd && rawEnd <= end, 'the object lies in its envelope');
	return {type, rawStart, rawEnd};
};
