import {Buffer} from 'node:buffer';
import {isBlank, jsonBytes} from './json-scan.js';
import {isClosing, isOpening} from './splitter-state.js';

const findStringEnd = (bytes: Uint8Array, start: number): number => {
	let index = start;
	while (index < bytes.length && bytes[index] !== jsonBytes.quote) {
		index += bytes[index] === jsonBytes.backslash ? 2 : 1;
	}

	return index;
};

const trimEnd = (bytes: Uint8Array, start: number, end: number): number => {
	let last = end;
	while (last > start && isBlank(bytes[last - 1])) {
		last--;
	}

	return last;
};

const skipToValue = (bytes: Uint8Array, start: number): number => {
	let index = start;
	while (index < bytes.length && (isBlank(bytes[index]) || bytes[index] === 0x3A)) {
		index++;
	}

	return index;
};

/** The text of an object's members of these names, byte for byte as it stands in the text of the object (which is known to be JSON). */
export const memberTexts = (bytes: Uint8Array, names: readonly string[]): ReadonlyMap<string, Uint8Array> => {
	const found = new Map<string, Uint8Array>();
	let depth = 0;
	let key = '';
	let valueStart = -1;
	let isKeyNext = false;
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index]!;
		if (byte === jsonBytes.quote) {
			const end = findStringEnd(bytes, index + 1);
			if (isKeyNext) {
				key = Buffer.from(bytes.subarray(index + 1, end)).toString();
				isKeyNext = false;
				valueStart = skipToValue(bytes, end + 1);
			}

			index = end;
		} else if (isOpening(byte)) {
			depth++;
			isKeyNext = depth === 1;
		} else if (depth === 1 && (byte === jsonBytes.comma || isClosing(byte))) {
			if (valueStart !== -1 && names.includes(key)) {
				found.set(key, bytes.subarray(valueStart, trimEnd(bytes, valueStart, index)));
			}

			valueStart = -1;
			isKeyNext = byte === jsonBytes.comma;
			depth -= byte === jsonBytes.comma ? 0 : 1;
		} else if (isClosing(byte)) {
			depth--;
		}
	}

	return found;
};
