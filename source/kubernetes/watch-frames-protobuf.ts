/* eslint-disable no-bitwise -- tags are made of bits */
import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {hasProtobufMagic} from './protobuf-envelope.js';
import {findRaw} from './protobuf-leaf-decode.js';
import {
	createReader,
	readBytesRange,
	readTag,
	readText,
	skipField,
} from './protobuf-reader.js';
import {
	createWriter,
	finishWriter,
	writeBytes,
	writePrefix,
	writeTextField,
	written,
} from './protobuf-writer.js';
import {
	maximumFrameBytes,
	maximumTypeLength,
	type FrameScanner,
	type ScannedFrame,
} from './watch-frame-scanner.js';

const lengthBytes = 4;
const typeTag = (1 << 3) | 2;
const objectTag = (2 << 3) | 2;

/** A frame of kube-apiserver: 4 bytes of length, WatchEvent{1 type, 2 RawExtension{1 raw}}. */
export const buildProtobufFrame = (type: string, object: Uint8Array): Uint8Array => {
	const writer = createWriter();
	writeBytes(writer, object);
	writePrefix(writer, 1, 0);
	writePrefix(writer, 2, 0);
	writeTextField(writer, 1, type);
	assert.ok(written(writer) > object.length, 'a frame is longer than its object');
	assert.ok(written(writer) <= maximumFrameBytes, 'a frame is bounded');
	const length = new Uint8Array(lengthBytes);
	new DataView(length.buffer).setUint32(0, written(writer));
	writeBytes(writer, length);
	return finishWriter(writer);
};

type EventParts = {readonly type: string; readonly object: Uint8Array};

/**
Reads WatchEvent{1 type, 2 {1 raw}}.

@throws RangeError or TypeError on malformed bytes.
*/
const readEvent = (event: Uint8Array): EventParts => {
	const reader = createReader(event);
	assert.ok(event.length <= maximumFrameBytes, 'an event is bounded');
	let type = '';
	let object = event.subarray(0, 0);
	while (reader.position < event.length) {
		const tag = readTag(reader, event.length);
		if (tag === typeTag) {
			type = readText(reader, event.length);
		} else if (tag === objectTag) {
			const end = readBytesRange(reader, event.length);
			const rawEnd = findRaw(reader, end, 1);
			assert.ok(rawEnd <= end, 'an object lies in its field');
			object = event.subarray(reader.position, rawEnd);
			reader.position = end;
		} else {
			skipField(reader, tag, event.length);
		}
	}

	assert.equal(reader.position, event.length, 'an event is read to its end');
	return {type, object};
};

const varintSize = (value: number): number => Math.max(1, Math.ceil((32 - Math.clz32(value)) / 7));
const fieldSize = (length: number): number => 1 + varintSize(length) + length;

/** Whether the event's bytes are these two parts as Go writes them, and no more: then the parts rebuild them. */
const isExact = (event: Uint8Array, {type, object}: EventParts): boolean => {
	const typeBytes = Buffer.from(type);
	const objectField = fieldSize(fieldSize(object.length));
	return event.length === fieldSize(typeBytes.length) + objectField
		&& event[0] === typeTag
		&& Buffer.compare(typeBytes, event.subarray(2, 2 + typeBytes.length)) === 0
		&& event[event.length - objectField] === objectTag
		&& object.byteOffset + object.length === event.byteOffset + event.length;
};

const takeFrame = (frame: Uint8Array): ScannedFrame | undefined => {
	assert.ok(frame.length >= lengthBytes, 'a frame begins with its length');
	const event = frame.subarray(lengthBytes);
	try {
		const parts = readEvent(event);
		if (parts.type === '' || parts.type.length > maximumTypeLength) {
			return undefined;
		}

		assert.ok(parts.object.length <= event.length, 'an object lies in its event');
		const isStandard = hasProtobufMagic(parts.object) && isExact(event, parts);
		return {
			length: frame.length, type: parts.type, object: new Uint8Array(isStandard ? parts.object : frame), wholeFrame: !isStandard,
		};
	} catch (error) {
		if (!(error instanceof RangeError || error instanceof TypeError)) {
			throw error;
		}

		return undefined;
	}
};

export const createProtobufFrameScanner = (): FrameScanner => ({
	scan(bytes) {
		if (bytes.length < lengthBytes) {
			return {};
		}

		const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getUint32(0);
		if (length > maximumFrameBytes) {
			return {broken: `a frame of ${length} bytes, more than ${maximumFrameBytes}`};
		}

		assert.ok(Number.isSafeInteger(length), 'four bytes are a number');
		if (bytes.length < lengthBytes + length) {
			return {};
		}

		assert.ok(length <= maximumFrameBytes, 'a frame is bounded');
		const frame = takeFrame(bytes.subarray(0, lengthBytes + length));
		return frame === undefined ? {broken: 'a frame that is no watch event'} : {frame};
	},
});
