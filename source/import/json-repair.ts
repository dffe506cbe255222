import {Buffer} from 'node:buffer';
import {isBlank, jsonBytes} from './json-scan.js';
import {isClosing, isOpening} from './splitter-state.js';

/** Deeper text is not closed: no element is. */
const maximumRepairDepth = 512;

type Cut = {readonly end: number; readonly closers: string};

const findStringEnd = (bytes: Uint8Array, start: number): number => {
	let index = start;
	while (index < bytes.length && bytes[index] !== jsonBytes.quote) {
		index += bytes[index] === jsonBytes.backslash ? 2 : 1;
	}

	return index;
};

/**
JSON text that was cut off, closed behind its last whole member or element; undefined: it has none, or is too deep. What was cut in the middle is gone, so
that nothing half-read is taken for whole.
*/
export const closeJson = (bytes: Uint8Array): string | undefined => {
	const closers: string[] = [];
	let last: Cut | undefined;
	const remember = (end: number): void => {
		last = {end, closers: closers.toReversed().join('')};
	};

	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index]!;
		if (byte === jsonBytes.quote) {
			index = findStringEnd(bytes, index + 1);
		} else if (isOpening(byte)) {
			closers.push(byte === jsonBytes.openingBrace ? '}' : ']');
			remember(index + 1);
		} else if (isClosing(byte)) {
			closers.pop();
			remember(index + 1);
		} else if (byte === jsonBytes.comma) {
			remember(index);
		}

		if (closers.length > maximumRepairDepth) {
			return undefined;
		}
	}

	return last === undefined || isBlank(bytes[0]) ? undefined : Buffer.from(bytes.subarray(0, last.end)).toString('utf8') + last.closers;
};
