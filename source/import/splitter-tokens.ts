import {Buffer} from 'node:buffer';
import {strict as assert} from 'node:assert';
import {isBlank, jsonBytes} from './json-scan.js';
import type {Split} from './split-plan.js';
import {
	beginElement,
	beginInner,
	endElement,
	endInner,
	enterInner,
	isClosing,
	isOpening,
	leaveInner,
	type SplitterState,
} from './splitter-state.js';

/** The key that ended before `scan.position`. */
export const takeKey = (state: SplitterState, bytes: Uint8Array): void => {
	const {path, scan} = state;
	assert.ok(path.keyStart >= 0 && path.keyStart < scan.position, 'a key has quotes');
	const key = bytes.subarray(path.keyStart + 1, scan.position - 1);
	path.keyStart = -1;
	path.expectsKey = false;
	const wanted = path.keys[path.matched];
	path.isNext = wanted !== undefined && Buffer.compare(wanted, key) === 0;
	if (state.phase !== 'element' || state.firstKey !== undefined) {
		return;
	}

	// Asked of the first key of all only: later ones say nothing.
	const name = Buffer.from(key).toString();
	state.firstKey = Buffer.from(state.plan.firstKeys.includes(name) ? `${name}"` : '');
};

/** The path leads into an array that was just opened: where the elements are, or an element's inner ones. */
const enterGoal = (state: SplitterState, bytes: Uint8Array): void => {
	if (state.phase === 'element') {
		enterInner(state, bytes);
		return;
	}

	state.phase = 'between';
	state.hasElements = true;
	state.elementDepth = state.scan.depth;
};

const openContainer = (state: SplitterState, bytes: Uint8Array, isArray: boolean): void => {
	const {path, scan} = state;
	scan.depth++;
	scan.deepest = Math.max(scan.deepest, scan.depth);
	const isGoal = path.matched + 1 === path.keys.length;
	const isOnPath = path.isNext && isArray === isGoal;
	path.isNext = false;
	if (!isOnPath) {
		return;
	}

	path.matched++;
	path.depth = scan.depth;
	path.expectsKey = !isArray;
	if (isGoal) {
		enterGoal(state, bytes);
	}
};

const closeContainer = (state: SplitterState, bytes: Uint8Array): Split | undefined => {
	const {path, scan} = state;
	scan.depth = Math.max(0, scan.depth - 1);
	path.depth = scan.depth;
	path.matched--;
	path.expectsKey = false;
	path.isNext = false;
	if (state.phase === 'element' && scan.depth === state.elementDepth) {
		return endElement(state, bytes, scan.position);
	}

	state.isRootClosed ||= state.phase === 'outside' && scan.depth === 0;
	return undefined;
};

/** One token of a container on the path, outside elements or in one. */
const takePathToken = (state: SplitterState, bytes: Uint8Array, byte: number): Split | undefined => {
	const {path, scan} = state;
	scan.position++;
	if (byte === jsonBytes.quote) {
		path.keyStart = path.expectsKey ? scan.position - 1 : -1;
		scan.isInString = true;
	} else if (byte === jsonBytes.comma) {
		path.expectsKey = path.matched >= 0;
		path.isNext = false;
	} else if (isOpening(byte)) {
		openContainer(state, bytes, byte === jsonBytes.openingBracket);
	} else if (isClosing(byte)) {
		return closeContainer(state, bytes);
	}

	return undefined;
};

/** The array of elements ends. */
const leaveArray = (state: SplitterState): void => {
	const {scan, path} = state;
	scan.depth--;
	scan.position++;
	path.depth = scan.depth;
	path.expectsKey = false;
	path.isNext = false;
	if (state.isSequence) {
		state.elementDepth = 0;
		return;
	}

	path.keys = state.outerKeys;
	path.matched = path.keys.length - 1;
	state.phase = 'outside';
	state.isRootClosed ||= scan.depth === 0;
};

/** Goes to the end of the line; false: it is not here. */
const hasLineEnd = (state: SplitterState, bytes: Uint8Array, limit: number): boolean => {
	const end = bytes.indexOf(jsonBytes.newline, state.scan.position);
	const isFound = end !== -1 && end < limit;
	state.scan.position = isFound ? end : limit;
	return isFound;
};

/** A byte order mark is no value. */
const isMark = (byte: number): boolean => [0xEF, 0xBB, 0xBF].includes(byte);

const takeBetween = (state: SplitterState, bytes: Uint8Array, byte: number, limit: number): void => {
	const {scan} = state;
	const isTop = state.isSequence && state.elementDepth === 0;
	if (byte === jsonBytes.newline) {
		scan.line++;
		scan.position++;
		state.skipping = state.skipping === 'no' ? 'no' : 'lines';
	} else if (state.skipping === 'midLine' || (state.skipping === 'lines' && byte !== jsonBytes.openingBrace)) {
		state.skipping = hasLineEnd(state, bytes, limit) ? 'lines' : 'midLine';
	} else if (isBlank(byte) || byte === jsonBytes.comma || isMark(byte)) {
		scan.position++;
	} else if (isTop && byte === jsonBytes.openingBracket) {
		scan.depth++;
		scan.position++;
		state.elementDepth = scan.depth;
	} else if (!isTop && byte === jsonBytes.closingBracket) {
		leaveArray(state);
	} else if (!isTop && byte === jsonBytes.closingBrace) {
		// One too many: of the element before.
		scan.position++;
	} else {
		state.skipping = 'no';
		beginElement(state, byte);
	}
};

const takeInnerBetween = (state: SplitterState, byte: number): void => {
	const {scan} = state;
	if (isBlank(byte) || byte === jsonBytes.comma) {
		scan.line += byte === jsonBytes.newline ? 1 : 0;
		scan.position++;
	} else if (byte === jsonBytes.closingBracket) {
		leaveInner(state);
	} else if (byte === jsonBytes.closingBrace) {
		scan.position++;
	} else {
		beginInner(state, byte);
	}
};

/** A value that is no container: it ends with what separates it from the next, in a sequence at the end of its line. */
const takeScalar = (state: SplitterState, bytes: Uint8Array, byte: number, limit: number): Split | undefined => {
	const {scan} = state;
	const isInner = state.phase === 'innerElement';
	if (!isInner && state.isSequence && state.elementDepth === 0) {
		return hasLineEnd(state, bytes, limit) ? endElement(state, bytes, scan.position) : undefined;
	}

	if (byte === jsonBytes.comma || isClosing(byte)) {
		return isInner ? endInner(state, bytes, scan.position) : endElement(state, bytes, scan.position);
	}

	scan.position++;
	scan.isInString = byte === jsonBytes.quote;
	scan.depth += isOpening(byte) ? 1 : 0;
	return undefined;
};

/** Takes one token on the level that matters; gives the piece that ends with it. */
export const takeToken = (state: SplitterState, bytes: Uint8Array, limit: number): Split | undefined => {
	const {scan, element, phase} = state;
	const byte = bytes[scan.position]!;
	switch (phase) {
		case 'between': {
			takeBetween(state, bytes, byte, limit);
			return undefined;
		}

		case 'innerBetween': {
			takeInnerBetween(state, byte);
			return undefined;
		}

		case 'innerElement': {
			return takeScalar(state, bytes, byte, limit);
		}

		case 'element': {
			return element.isScalar ? takeScalar(state, bytes, byte, limit) : takePathToken(state, bytes, byte);
		}

		case 'outside': {
			return takePathToken(state, bytes, byte);
		}
	}
};
