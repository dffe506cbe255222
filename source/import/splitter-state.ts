import {Buffer} from 'node:buffer';
import {strict as assert} from 'node:assert';
import {type ByteQueue, createByteQueue} from '../kubernetes/byte-queue.js';
import {maximumDepth} from '../kubernetes/decode-body.js';
import {jsonBytes, type TextScan} from './json-scan.js';
import {maximumSliceBytes, type Split, type SplitPlan} from './split-plan.js';

/** Where in the text. `between`: in an array of elements, or in the sequence; `inner…`: the same of the inner array. */
export type Phase = 'outside' | 'between' | 'element' | 'innerBetween' | 'innerElement';

/** The path that is looked for, and how far it was found. */
export type PathSearch = {
	keys: readonly Uint8Array[];
	/** Depth of the deepest container on the path. */
	depth: number;
	/** Keys that led to it. */
	matched: number;
	expectsKey: boolean;
	/** The next value is where the path goes on. */
	isNext: boolean;
	/** Index of the key's opening quote; -1: not in a key. */
	keyStart: number;
};

/** What is kept of an element. */
export type Piece = {
	/** Index where the kept bytes begin; -1: none are. */
	start: number;
	/** Offset in the text. */
	offset: number;
	line: number;
	/** It is no container. */
	isScalar: boolean;
	/** It may hold lines. */
	isPretty: boolean;
	isIndented: boolean;
	fault: string | undefined;
};

export type SplitterState = {
	readonly plan: SplitPlan;
	readonly maximumBytes: number;
	readonly queue: ByteQueue;
	readonly outerKeys: readonly Uint8Array[];
	readonly innerKeys: readonly Uint8Array[];
	readonly isSequence: boolean;
	readonly scan: TextScan;
	readonly path: PathSearch;
	readonly element: Piece;
	readonly inner: Piece;
	/** What is kept of the element before its inner array. */
	parts: Uint8Array[];
	partsSize: number;
	phase: Phase;
	isFinal: boolean;
	isRootClosed: boolean;
	wasCut: boolean;
	hasElements: boolean;
	/** Offset in the text of the queue's front. */
	base: number;
	/** Depth of the array the elements stand in; 0: the text itself. */
	elementDepth: number;
	innerDepth: number;
	number: number;
	/** The key every element begins with, and its quote; empty: none is known. */
	firstKey: Uint8Array | undefined;
	/** After a broken pretty-printed value: lines are skipped until one begins with a brace. */
	skipping: 'no' | 'lines' | 'midLine';
};

const createPiece = (): Piece => ({
	start: -1, offset: 0, line: 1, isScalar: false, isPretty: false, isIndented: false, fault: undefined,
});

export const createSplitterState = (plan: SplitPlan): SplitterState => {
	const isSequence = plan.outer === undefined;
	const outerKeys = (plan.outer ?? []).map(key => Buffer.from(key));
	assert.ok(plan.inner.length > 0, 'elements have an inner array');
	return {
		plan,
		maximumBytes: plan.maximumBytes ?? maximumSliceBytes,
		queue: createByteQueue(),
		outerKeys,
		innerKeys: plan.inner.map(key => Buffer.from(key)),
		isSequence,
		scan: {
			position: 0, depth: 0, deepest: 0, isInString: false, line: 1,
		},
		path: {
			keys: outerKeys, depth: 0, matched: -1, expectsKey: false, isNext: !isSequence, keyStart: -1,
		},
		element: createPiece(),
		inner: createPiece(),
		parts: [],
		partsSize: 0,
		phase: isSequence ? 'between' : 'outside',
		isFinal: false,
		isRootClosed: false,
		wasCut: false,
		hasElements: isSequence,
		base: 0,
		elementDepth: 0,
		innerDepth: 0,
		number: 0,
		firstKey: undefined,
		skipping: 'no',
	};
};

/** Depth on which tokens matter; what is deeper is only counted. */
export const levelOf = (state: SplitterState): number => {
	switch (state.phase) {
		case 'outside':
		case 'element': {
			return state.path.depth;
		}

		case 'between': {
			return state.elementDepth;
		}

		case 'innerBetween':
		case 'innerElement': {
			return state.innerDepth;
		}
	}
};

export const isOpening = (byte: number): boolean => byte === jsonBytes.openingBrace || byte === jsonBytes.openingBracket;
export const isClosing = (byte: number): boolean => (byte | jsonBytes.caseBit) === jsonBytes.closingBrace; // eslint-disable-line no-bitwise -- either of both

const beginPiece = (state: SplitterState, piece: Piece): void => {
	const {scan} = state;
	piece.start = scan.position;
	piece.offset = state.base + scan.position;
	piece.line = scan.line;
	piece.isPretty = false;
	piece.isIndented = false;
	piece.fault = undefined;
	scan.deepest = scan.depth;
};

/** An element begins with this byte, which is taken where it opens an object. */
export const beginElement = (state: SplitterState, byte: number): void => {
	const {scan, path, element} = state;
	assert.equal(scan.depth, state.elementDepth, 'elements stand in their array');
	beginPiece(state, element);
	element.isScalar = byte !== jsonBytes.openingBrace;
	state.number++;
	state.phase = 'element';
	state.parts = [];
	state.partsSize = 0;
	path.keys = state.innerKeys;
	path.isNext = false;
	path.keyStart = -1;
	path.matched = element.isScalar ? -1 : 0;
	path.expectsKey = !element.isScalar;
	if (!element.isScalar) {
		scan.depth++;
		scan.position++;
	}

	path.depth = scan.depth;
};

/** An inner element begins with this byte, which is taken. */
export const beginInner = (state: SplitterState, byte: number): void => {
	const {scan, inner} = state;
	assert.equal(scan.depth, state.innerDepth, 'inner elements stand in their array');
	beginPiece(state, inner);
	state.phase = 'innerElement';
	inner.isScalar = !isOpening(byte);
	scan.depth += inner.isScalar ? 0 : 1;
	scan.position++;
	scan.isInString = byte === jsonBytes.quote;
};

/** The inner array began: what is kept of the element so far is set aside. */
export const enterInner = (state: SplitterState, bytes: Uint8Array): void => {
	const {element, scan} = state;
	if (element.start !== -1) {
		const part = Uint8Array.from(bytes.subarray(element.start, scan.position));
		state.parts.push(part);
		state.partsSize += part.length;
	}

	element.start = -1;
	state.phase = 'innerBetween';
	state.innerDepth = scan.depth;
};

/** The inner array ends at `scan.position`, which is taken: the element goes on. */
export const leaveInner = (state: SplitterState): void => {
	const {scan, path, element} = state;
	element.start = element.fault === undefined ? scan.position : -1;
	// Lines between inner elements say nothing of how the rest is printed.
	element.isPretty = true;
	scan.depth--;
	scan.position++;
	path.depth = scan.depth;
	path.matched = path.keys.length - 1;
	path.expectsKey = false;
	state.phase = 'element';
	assert.ok(path.depth > state.elementDepth, 'the inner array stands in its element');
};

const keptBytes = (state: SplitterState, bytes: Uint8Array, end: number): Uint8Array => {
	const {start} = state.element;
	const tail = start === -1 ? new Uint8Array(0) : bytes.subarray(start, end);
	return state.parts.length === 0 ? tail : Buffer.concat([...state.parts, tail]);
};

const depthFault = (state: SplitterState, outer: number): string | undefined =>
	state.scan.deepest - outer > maximumDepth ? `it nests deeper than ${maximumDepth}` : undefined;

/** Before which byte, and why, an element ends too early. */
type Break = {readonly end: number; readonly reason: string};

/** What there is of an element, or of an inner one, that ends before `end` and is not whole. */
export const breakPiece = (state: SplitterState, piece: Piece, bytes: Uint8Array, {end, reason}: Break): Split => {
	const isInner = piece === state.inner;
	const split: Split = {
		number: state.number,
		line: piece.line,
		isInner,
		bytes: isInner ? new Uint8Array(0) : keptBytes(state, bytes, end),
		isBroken: true,
		reason,
		size: state.base + end - piece.offset,
		isCut: state.wasCut,
	};
	piece.start = -1;
	if (!isInner) {
		state.parts = [];
		state.inner.start = -1;
	}

	return split;
};

/** The element ends before `end`. */
export const endElement = (state: SplitterState, bytes: Uint8Array, end: number): Split => {
	state.phase = 'between';
	const {element} = state;
	const fault = element.fault ?? depthFault(state, state.elementDepth);
	if (fault !== undefined) {
		return breakPiece(state, element, bytes, {end, reason: fault});
	}

	const split: Split = {
		number: state.number, line: element.line, isInner: false, bytes: keptBytes(state, bytes, end), isBroken: false,
	};
	element.start = -1;
	state.parts = [];
	return split;
};

/** The inner element ends before `end`. */
export const endInner = (state: SplitterState, bytes: Uint8Array, end: number): Split => {
	state.phase = 'innerBetween';
	const {inner} = state;
	const fault = inner.fault ?? depthFault(state, state.innerDepth);
	// What is wrong with an inner element is not its element's fault.
	state.scan.deepest = state.scan.depth;
	if (fault !== undefined) {
		return breakPiece(state, inner, bytes, {end, reason: fault});
	}

	assert.ok(inner.start >= 0 && inner.start < end, 'an inner element has bytes');
	const split: Split = {
		number: state.number, line: inner.line, isInner: true, bytes: bytes.subarray(inner.start, end), isBroken: false,
	};
	inner.start = -1;
	return split;
};
