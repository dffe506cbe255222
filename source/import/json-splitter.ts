import {Buffer} from 'node:buffer';
import {strict as assert} from 'node:assert';
import {findBrace, jsonBytes, scanNested} from './json-scan.js';
import type {Split, SplitPlan} from './split-plan.js';
import {
	breakPiece,
	createSplitterState,
	endElement,
	endInner,
	levelOf,
	type Piece,
	type SplitterState,
} from './splitter-state.js';
import {takeKey, takeToken} from './splitter-tokens.js';

/** A longer key is none we look for. */
const maximumKeyBytes = 256;
/** Bytes not looked at until more come, so that looking ahead for a key needs no state. */
const lookahead = 64;
/** What a pretty-printed value's first line has at most: its brace. */
const maximumPrettyStart = 2;

/** Cuts elements out of JSON text of any length, whatever its chunks; grammar is left to who parses them. */
export type JsonSplitter = {
	push(chunk: Uint8Array): void;
	/** No more text comes. */
	finish(): void;
	/** The next piece, or undefined: none without more text. */
	next(): Split | undefined;
	/** After the end: the text is whole. */
	readonly isComplete: boolean;
	/** The array of elements was there, or the text is a sequence. */
	readonly hasElements: boolean;
};

const breakElement = (state: SplitterState, bytes: Uint8Array, end: number, reason: string): Split => {
	const split = breakPiece(state, state.element, bytes, {end, reason});
	state.phase = 'between';
	state.scan.depth = state.elementDepth;
	state.scan.isInString = false;
	state.path.keyStart = -1;
	return split;
};

/** An element is not whole when its line is. */
const breakLine = (state: SplitterState, piece: Piece, bytes: Uint8Array): Split => {
	const {scan} = state;
	const reason = 'the line ends in the middle of it';
	if (piece === state.inner) {
		const split = breakPiece(state, piece, bytes, {end: scan.position - 1, reason});
		state.phase = 'innerBetween';
		scan.depth = state.innerDepth;
		scan.isInString = false;
		return split;
	}

	state.skipping = piece.isPretty ? 'lines' : 'no';
	return breakElement(state, bytes, scan.position - 1, reason);
};

const isShortLine = (piece: Piece, bytes: Uint8Array, end: number): boolean =>
	piece.start === -1 || Buffer.from(bytes.subarray(piece.start, Math.min(end, piece.start + 64))).toString('latin1').trim().length <= maximumPrettyStart;

/** A line of a sequence ended inside an element: pretty-printed ones go on, others are broken. */
const endLine = (state: SplitterState, bytes: Uint8Array): Split | undefined => {
	const {scan, element, inner} = state;
	const piece = state.phase === 'innerElement' ? inner : element;
	if (scan.isInString) {
		return piece === inner && inner.isPretty ? undefined : breakLine(state, piece, bytes);
	}

	if (!piece.isPretty) {
		if (!isShortLine(piece, bytes, scan.position)) {
			return breakLine(state, piece, bytes);
		}

		piece.isPretty = true;
		piece.isIndented = bytes[scan.position] === 0x20 || bytes[scan.position] === 0x09;
		return undefined;
	}

	// Of indented text, a brace at the start of a line begins the next value.
	const isNext = piece === element && piece.isIndented && state.elementDepth === 0 && bytes[scan.position] === jsonBytes.openingBrace;
	return isNext ? breakLine(state, piece, bytes) : undefined;
};

/** The next element begins before the quote at `scan.position`: this one was cut off. */
const breakBeforeSibling = (state: SplitterState, bytes: Uint8Array): Split => {
	const brace = findBrace(bytes, state.scan.position);
	assert.ok(brace >= 0, 'a sibling has a brace');
	state.scan.position = brace;
	return breakElement(state, bytes, brace, 'it is cut off, the next one begins in it');
};

const siblingKeyOf = (state: SplitterState): Uint8Array | undefined => {
	const isInElement = state.phase === 'element' || state.phase === 'innerElement';
	return isInElement && state.firstKey !== undefined && state.firstKey.length > 0 ? state.firstKey : undefined;
};

/** Inside a string, or below the level that matters. */
const scanOn = (state: SplitterState, bytes: Uint8Array, limit: number): Split | undefined => {
	const {scan, path, phase, inner} = state;
	const isInElement = phase === 'element' || phase === 'innerElement';
	const stop = scanNested(scan, bytes, {
		limit, level: levelOf(state), stopsAtLines: state.isSequence && isInElement, siblingKey: siblingKeyOf(state),
	});
	switch (stop) {
		case 'limit': {
			return undefined;
		}

		case 'line': {
			return endLine(state, bytes);
		}

		case 'sibling': {
			return breakBeforeSibling(state, bytes);
		}

		case 'level': {
			if (path.keyStart >= 0) {
				takeKey(state, bytes);
			}

			return phase === 'innerElement' && !inner.isScalar ? endInner(state, bytes, scan.position) : undefined;
		}
	}
};

/** A newline between the tokens of an element. */
const takeNewline = (state: SplitterState, bytes: Uint8Array): Split | undefined => {
	state.scan.line++;
	state.scan.position++;
	return state.isSequence && state.phase === 'element' ? endLine(state, bytes) : undefined;
};

const isLineBreak = (state: SplitterState, bytes: Uint8Array): boolean =>
	bytes[state.scan.position] === jsonBytes.newline
	&& (state.phase === 'outside' || (state.phase === 'element' && !state.element.isScalar));

const step = (state: SplitterState, bytes: Uint8Array, limit: number): Split | undefined => {
	const {scan} = state;
	if (scan.isInString || scan.depth > levelOf(state)) {
		return scanOn(state, bytes, limit);
	}

	return isLineBreak(state, bytes) ? takeNewline(state, bytes) : takeToken(state, bytes, limit);
};

/** Gives up what is longer than an element may be. */
const checkSizes = (state: SplitterState): void => {
	const {scan, element, inner, path} = state;
	const fault = `it is longer than ${state.maximumBytes} bytes`;
	if (element.start !== -1 && state.partsSize + scan.position - element.start > state.maximumBytes) {
		element.fault = fault;
		element.start = -1;
		state.parts = [];
	}

	if (inner.start !== -1 && scan.position - inner.start > state.maximumBytes) {
		inner.fault = fault;
		inner.start = -1;
	}

	if (path.keyStart === -1 || !(scan.position - path.keyStart > maximumKeyBytes)) {
		return;
	}

	path.keyStart = -1;
	path.expectsKey = false;
};

/** Forgets what was looked at and is not kept. */
const compact = (state: SplitterState): void => {
	const {scan, element, inner, path, queue} = state;
	const kept = [element.start, inner.start, path.keyStart].filter(index => index !== -1);
	const used = Math.min(scan.position, queue.length, ...kept);
	queue.drop(used);
	state.base += used;
	scan.position -= used;
	element.start -= element.start === -1 ? 0 : used;
	inner.start -= inner.start === -1 ? 0 : used;
	path.keyStart -= path.keyStart === -1 ? 0 : used;
};

/** The text ended: what was begun is not whole. */
const endText = (state: SplitterState, bytes: Uint8Array): Split | undefined => {
	if (state.phase === 'outside' || state.phase === 'between') {
		return undefined;
	}

	if (state.phase === 'element' && state.element.isScalar && state.isSequence && state.elementDepth === 0) {
		return endElement(state, bytes, bytes.length);
	}

	state.wasCut = true;
	return breakElement(state, bytes, bytes.length, 'the file ends in the middle of it');
};

export const createJsonSplitter = (plan: SplitPlan): JsonSplitter => {
	const state = createSplitterState(plan);
	const {queue, scan} = state;

	return {
		push(chunk) {
			assert.ok(!state.isFinal, 'no text comes after the end');
			if (chunk.length > 0) {
				queue.append(chunk);
			}
		},
		finish() {
			state.isFinal = true;
		},
		next() {
			const bytes = queue.bytes();
			const limit = state.isFinal ? bytes.length : bytes.length - lookahead;
			while (scan.position < limit) {
				const split = step(state, bytes, limit);
				if (split !== undefined) {
					return split;
				}
			}

			const last = state.isFinal ? endText(state, bytes) : undefined;
			if (last !== undefined) {
				scan.position = bytes.length;
				return last;
			}

			checkSizes(state);
			compact(state);
			return undefined;
		},
		get hasElements() {
			return state.hasElements;
		},
		get isComplete() {
			return state.isFinal && !state.wasCut && (state.isSequence ? state.elementDepth === 0 : state.isRootClosed);
		},
	};
};
