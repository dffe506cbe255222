import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {createByteQueue} from './byte-queue.js';
import {type BodyFormat, bodyFormat} from './media-type.js';
import {createJsonFrameScanner} from './watch-frames-json.js';
import {buildProtobufFrame, createProtobufFrameScanner} from './watch-frames-protobuf.js';
import {maximumFrameBytes, type FrameScanner} from './watch-frame-scanner.js';

export {maximumFrameBytes} from './watch-frame-scanner.js';

/** One frame of a watch stream. See ingest/input.ts, DeliveredEvent, for `object` and `wholeFrame`. */
export type WatchFrame = {readonly type: string; readonly object: Uint8Array; readonly wholeFrame: boolean};

/**
Splits a watch response into frames, whatever the chunking. JSON lines (`application/json`) or length-delimited protobuf (`…;stream=watch`); gzip is
undone before. `push` gives the frames whose last byte is in this chunk; `rest` is how many bytes wait for more. A frame over `maximumFrameBytes`, or
bytes that are no frame, end the stream: `broken` says why and nothing more comes.
*/
export type WatchFrameSplitter = {
	push(chunk: Uint8Array): readonly WatchFrame[];
	readonly rest: number;
	readonly broken: string | undefined;
};

/** `{`: an event as JSON. A protobuf frame begins with its length, which is far less than 0x7b000000. */
const isJsonStart = (byte: number): boolean => [0x7B, 0x0A, 0x20].includes(byte);

const createScanner = (format: BodyFormat, firstByte: number): FrameScanner | undefined => {
	switch (format) {
		case 'json': {
			return createJsonFrameScanner();
		}

		case 'protobuf': {
			return createProtobufFrameScanner();
		}

		case 'text':
		case 'unknown': {
			return isJsonStart(firstByte) ? createJsonFrameScanner() : createProtobufFrameScanner();
		}

		case 'yaml':
		case 'cbor': {
			return undefined;
		}
	}
};

/** Every frame at the front of `bytes`; how many bytes they and the blanks between them take; why the stream ends, if it does. */
const scanAll = (scanner: FrameScanner, bytes: Uint8Array): {readonly frames: readonly WatchFrame[]; readonly used: number; readonly broken: string | undefined} => {
	const frames: WatchFrame[] = [];
	let used = 0;
	while (used < bytes.length) {
		const {frame, skip = 0, broken} = scanner.scan(bytes.subarray(used));
		if (broken !== undefined) {
			return {frames, used, broken};
		}

		if (frame !== undefined) {
			frames.push({type: frame.type, object: frame.object, wholeFrame: frame.wholeFrame});
		}

		const taken = frame?.length ?? skip;
		assert.ok(used + taken <= bytes.length, 'a frame lies in the bytes');
		if (taken === 0) {
			break;
		}

		used += taken;
	}

	assert.ok(used <= bytes.length, 'no more is used than there is');
	return {frames, used, broken: undefined};
};

export const createWatchFrameSplitter = (contentType: string | undefined): WatchFrameSplitter => {
	const format = bodyFormat(contentType);
	assert.ok(maximumFrameBytes < 2 ** 32, 'a frame\'s length has four bytes');
	const waiting = createByteQueue();
	let scanner: FrameScanner | undefined;
	let broken: string | undefined;

	const keep = (chunk: Uint8Array): void => {
		assert.ok(waiting.length === 0 || chunk.length === 0, 'a chunk is kept once');
		if (waiting.length + chunk.length > maximumFrameBytes + 4) {
			broken = `a frame of more than ${maximumFrameBytes} bytes`;
		} else if (chunk.length > 0) {
			waiting.append(chunk);
		}
	};

	return {
		push(chunk) {
			if (broken !== undefined || chunk.length === 0) {
				return [];
			}

			scanner ??= createScanner(format, chunk[0] ?? 0);
			assert.ok(waiting.length <= maximumFrameBytes + 4, 'what waits is bounded');
			if (scanner === undefined) {
				broken = `a watch in a format that cannot be split: ${contentType ?? ''}`;
				return [];
			}

			// Whole frames are taken from the chunk itself; only what is left over is copied.
			const isFresh = waiting.length === 0;
			if (!isFresh) {
				waiting.append(chunk);
			}

			const result = scanAll(scanner, isFresh ? chunk : waiting.bytes());
			broken = result.broken;
			assert.ok(!isFresh || waiting.length === 0, 'nothing waited');
			assert.ok(result.frames.length <= result.used, 'a frame has bytes');
			if (isFresh) {
				keep(chunk.subarray(result.used));
			} else {
				waiting.drop(result.used);
				keep(chunk.subarray(0, 0));
			}

			return result.frames;
		},
		get rest() {
			return waiting.length;
		},
		get broken() {
			return broken;
		},
	};
};

const newline = 0x0A;

/** The frame kube-apiserver sends for an event: what `createWatchFrameSplitter` gave the object of, byte for byte. */
export const buildWatchFrame = (contentType: string | undefined, type: string, object: Uint8Array): Uint8Array => {
	assert.ok(type !== '', 'an event has a type');
	if (bodyFormat(contentType) === 'protobuf') {
		return buildProtobufFrame(type, object);
	}

	const text = object.at(-1) === newline ? object.subarray(0, -1) : object;
	return Buffer.concat([Buffer.from(`{"type":${JSON.stringify(type)},"object":`), text, Buffer.from('}\n')]);
};
