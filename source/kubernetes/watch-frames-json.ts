/* eslint-disable no-bitwise -- one bit tells braces from brackets */
import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {isJsonObject, stringAt} from '../model/json.js';
import {isTooDeep, maximumDepth, parseJsonText} from './json-text.js';
import {
	maximumTypeLength,
	type FrameScanner,
	type ScannedFrame,
	type ScanResult,
} from './watch-frame-scanner.js';

const quote = 0x22;
const backslash = 0x5C;
const newline = 0x0A;
const caseBit = 0x20;
const opening = 0x7B;

const blanks: ReadonlySet<number> = new Set([newline, 0x0D, 0x20, 0x09]);
const isBlank = (byte: number): boolean => blanks.has(byte);

/** What is remembered of the value at the front while it is incomplete. */
type Progress = {
	/** Bytes looked at. */
	position: number;
	depth: number;
	isInString: boolean;
	isEscaped: boolean;
	/** Where the first nested value begins, and where it ends. */
	innerStart: number;
	innerEnd: number;
	/** Where the whole value ends; -1: not yet. */
	end: number;
};

const freshProgress = (): Progress => ({
	position: 0, depth: 0, isInString: false, isEscaped: false, innerStart: -1, innerEnd: -1, end: -1,
});

/** Inside a string: looks for its end. */
const scanString = (bytes: Uint8Array, progress: Progress): void => {
	assert.ok(progress.isInString && !progress.isEscaped, 'a string is open');
	let index = progress.position;
	while (index < bytes.length && bytes[index] !== quote) {
		index += bytes[index] === backslash ? 2 : 1;
	}

	// A backslash at the very end escapes the first byte of what comes next.
	progress.isEscaped = index > bytes.length;
	progress.isInString = index >= bytes.length;
	assert.ok(index >= progress.position, 'scanning goes one way');
	progress.position = Math.min(index + (progress.isInString ? 0 : 1), bytes.length);
};

const leaveLevel = (progress: Progress, index: number): void => {
	assert.ok(index < progress.position, 'the byte has been looked at');
	progress.depth--;
	if (progress.depth === 1 && progress.innerEnd === -1) {
		progress.innerEnd = index + 1;
	} else if (progress.depth === 0) {
		progress.end = index + 1;
	}
};

/** Looks at bytes until the value at the front ends or they do. Depth is counted, grammar left to the decoder. */
const advance = (bytes: Uint8Array, progress: Progress): void => {
	assert.ok(progress.position <= bytes.length, 'the front of the bytes is the same as before');
	while (progress.position < bytes.length && progress.end === -1) {
		if (progress.isEscaped) {
			progress.isEscaped = false;
			progress.position++;
			continue;
		}

		if (progress.isInString) {
			scanString(bytes, progress);
			continue;
		}

		const index = progress.position;
		const byte = bytes[index] ?? 0;
		progress.position++;
		if (byte === quote) {
			progress.isInString = true;
		} else if ((byte | caseBit) === opening) {
			progress.depth++;
			progress.innerStart = progress.depth === 2 && progress.innerStart === -1 ? index : progress.innerStart;
		} else if ((byte | caseBit) === opening + 2) {
			leaveLevel(progress, index);
		}
	}
};

const toText = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

const framePattern = /^\{"type":"(?<type>[A-Za-z][\w\-]*)","object":$/v;
const longestHead = '{"type":"","object":'.length + maximumTypeLength;

/** The event type where the value is framed as kube-apiserver does (`{"type":"X","object":…}`, and no more), or undefined. */
const standardType = (frame: Uint8Array, {innerStart, innerEnd, end}: Progress): string | undefined => {
	if (innerStart === -1 || innerStart > longestHead || innerEnd !== end - 1 || frame.length !== end + 1 || frame[end] !== newline) {
		return undefined;
	}

	const match = framePattern.exec(toText(frame.subarray(0, innerStart)));
	return match?.groups === undefined ? undefined : match.groups.type;
};

/** The object's text and one newline, which is a response's body. */
const objectBody = (frame: Uint8Array, {innerStart, innerEnd}: Progress): Uint8Array => {
	const object = new Uint8Array(innerEnd - innerStart + 1);
	object.set(frame.subarray(innerStart, innerEnd));
	object[object.length - 1] = newline;
	return object;
};

const parsedType = (frame: Uint8Array): string | undefined => {
	assert.ok(frame.length > 0, 'a frame has bytes');
	if (isTooDeep(frame)) {
		return undefined;
	}

	assert.ok(frame[0] === opening, 'a frame is an object');
	try {
		const value = parseJsonText(toText(frame));
		return isJsonObject(value) && Object.hasOwn(value, 'object') ? stringAt(value, 'type') : undefined;
	} catch (error) {
		if (!(error instanceof SyntaxError)) {
			throw error;
		}

		return undefined;
	}
};

const takeFrame = (bytes: Uint8Array, length: number, progress: Progress): ScanResult => {
	assert.ok(progress.end > 0 && length >= progress.end && length <= bytes.length);
	const frame = bytes.subarray(0, length);
	const type = standardType(frame, progress);
	if (type !== undefined) {
		return {
			frame: {
				length, type, object: objectBody(frame, progress), wholeFrame: false,
			},
		};
	}

	assert.equal(type, undefined, 'a standard frame is not parsed');
	const parsed = parsedType(frame);
	const whole: ScannedFrame | undefined = parsed === undefined || parsed.length > maximumTypeLength
		? undefined
		: {
			length, type: parsed, object: new Uint8Array(frame), wholeFrame: true,
		};
	return whole === undefined ? {broken: 'a JSON value that is no watch event'} : {frame: whole};
};

const countBlanks = (bytes: Uint8Array): number => {
	const first = bytes.findIndex(byte => !isBlank(byte));
	return first === -1 ? bytes.length : first;
};

/** Events as JSON values, each ended by a newline or by the next value; blank lines between them are skipped. */
export const createJsonFrameScanner = (): FrameScanner => {
	let progress = freshProgress();

	const finish = (bytes: Uint8Array): ScanResult => {
		assert.ok(progress.end > 0 && progress.end <= bytes.length, 'the value has ended');
		assert.equal(progress.depth, 0, 'every level is closed');
		// What ends the frame is its newline; one that lacks it ends where the next begins.
		const next = bytes.subarray(progress.end).findIndex(byte => byte === newline || !isBlank(byte));
		if (next === -1) {
			return {};
		}

		const at = progress.end + next;
		const result = takeFrame(bytes, bytes[at] === newline ? at + 1 : at, progress);
		progress = freshProgress();
		return result;
	};

	return {
		scan(bytes) {
			if (progress.position === 0) {
				const skip = countBlanks(bytes);
				assert.ok(skip <= bytes.length, 'blanks lie in the bytes');
				if (skip > 0) {
					return {skip};
				}

				if (bytes.length > 0 && bytes[0] !== opening) {
					return {broken: 'bytes that are no JSON object'};
				}
			}

			assert.ok(bytes.length > 0, 'there is something to look at');
			advance(bytes, progress);
			assert.ok(progress.end !== -1 || progress.position === bytes.length, 'every byte is looked at once');
			if (progress.depth > maximumDepth) {
				return {broken: `an event that nests deeper than ${maximumDepth}`};
			}

			return progress.end === -1 ? {} : finish(bytes);
		},
	};
};
