/* eslint-disable no-bitwise -- varints are made of bits */
import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';

/**
Bytes written from their end to their start: what a message holds is there before its length, so that nothing is measured twice.
`position` is where the written bytes begin.
*/
export type ProtobufWriter = {bytes: Buffer; position: number}; // eslint-disable-line @typescript-eslint/no-restricted-types -- only a Buffer writes text into its middle

const initialSize = 4096;
/** A longer body is not written. */
export const maximumEncodedBytes = 256 * 1024 * 1024;

export const createWriter = (): ProtobufWriter => ({bytes: Buffer.allocUnsafe(initialSize), position: initialSize});

const reserve = (writer: ProtobufWriter, size: number): void => {
	assert.ok(size >= 0 && writer.position >= 0, 'room is made for bytes');
	if (writer.position >= size) {
		return;
	}

	const written = writer.bytes.length - writer.position;
	const length = Math.max(writer.bytes.length * 2, written + size);
	if (length > maximumEncodedBytes * 2) {
		throw new RangeError(`protobuf: a body of more than ${maximumEncodedBytes} bytes`);
	}

	const bytes = Buffer.allocUnsafe(length);
	writer.bytes.copy(bytes, length - written, writer.position);
	writer.bytes = bytes;
	writer.position = length - written;
	assert.ok(writer.position >= size);
};

/** How many bytes are written. Only differences count. */
export const written = (writer: ProtobufWriter): number => writer.bytes.length - writer.position;

/** The written bytes, in a buffer of their own. */
export const finishWriter = (writer: ProtobufWriter): Uint8Array => {
	const bytes = new Uint8Array(written(writer));
	bytes.set(writer.bytes.subarray(writer.position));
	return bytes;
};

const varintSize = (value: number): number => {
	let size = 1;
	for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
		size++;
	}

	return size;
};

/** An unsigned varint below 2^53. */
export const writeUnsigned = (writer: ProtobufWriter, value: number): void => {
	assert.ok(Number.isSafeInteger(value) && value >= 0);
	const size = varintSize(value);
	reserve(writer, size);
	writer.position -= size;
	let index = writer.position;
	let rest = value;
	while (rest >= 0x80) {
		writer.bytes[index++] = (rest % 0x80) + 0x80;
		rest = Math.floor(rest / 0x80);
	}

	assert.equal(index, writer.position + size - 1, 'a varint has the size it was given');
	assert.ok(rest >= 0 && rest < 0x80, 'the last byte is marked as such');
	writer.bytes[index] = rest;
};

/** An int64 as varint: negative numbers take ten bytes, also those of an int32. */
export const writeInt64 = (writer: ProtobufWriter, value: number | bigint): void => {
	if (typeof value === 'number' && value >= 0) {
		writeUnsigned(writer, value);
		return;
	}

	const septets: number[] = [];
	let rest = BigInt.asUintN(64, BigInt(value));
	do {
		septets.push(Number(rest & 0x7Fn));
		rest >>= 7n;
	} while (rest > 0n);

	assert.ok(septets.length <= 10);
	reserve(writer, septets.length);
	writer.position -= septets.length;
	assert.ok(septets.length > 0, 'zero takes a byte, too');
	for (const [index, septet] of septets.entries()) {
		writer.bytes[writer.position + index] = septet + (index === septets.length - 1 ? 0 : 0x80);
	}
};

export const writeTag = (writer: ProtobufWriter, number: number, wireType: 0 | 1 | 2): void => {
	writeUnsigned(writer, (number * 8) + wireType);
};

export const writeDouble = (writer: ProtobufWriter, value: number): void => {
	reserve(writer, 8);
	writer.position -= 8;
	writer.bytes.writeDoubleLE(value, writer.position);
};

/** Bytes without their length. */
export const writeBytes = (writer: ProtobufWriter, bytes: Uint8Array): void => {
	reserve(writer, bytes.length);
	writer.position -= bytes.length;
	writer.bytes.set(bytes, writer.position);
};

/** Text as UTF-8 without its length; a lone surrogate becomes U+FFFD, as Go reads it from JSON. */
export const writeText = (writer: ProtobufWriter, text: string): void => {
	const size = Buffer.byteLength(text);
	reserve(writer, size);
	writer.position -= size;
	writer.bytes.write(text, writer.position, size, 'utf8');
};

/** Length and tag of a length-delimited field, before its bytes, which begin where the writer stood when `mark` bytes were written. */
export const writePrefix = (writer: ProtobufWriter, number: number, mark: number): void => {
	writeUnsigned(writer, written(writer) - mark);
	writeTag(writer, number, 2);
};

export const writeTextField = (writer: ProtobufWriter, number: number, text: string): void => {
	const mark = written(writer);
	writeText(writer, text);
	writePrefix(writer, number, mark);
};

/** A varint field. */
export const writeVarintField = (writer: ProtobufWriter, number: number, value: number | bigint): void => {
	writeInt64(writer, value);
	writeTag(writer, number, 0);
};
