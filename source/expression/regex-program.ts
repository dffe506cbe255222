import {strict as assert} from 'node:assert';

/** Instructions a pattern may compile to: what bounds the work per character. */
export const maximumInstructions = 1000;

/** Code points from..to, inclusive. */
export type CodeRange = readonly [from: number, to: number];

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'wordBoundary' | 'notWordBoundary';

/** Jumps are relative to the instruction they stand in, so that a piece of program can be copied and joined. */
export type Instruction =
	| {readonly op: 'set'; readonly ranges: readonly CodeRange[]; readonly negated: boolean}
	| {readonly op: 'split'; readonly first: number; readonly second: number}
	| {readonly op: 'jump'; readonly by: number}
	| {readonly op: 'assert'; readonly assertion: Assertion};

/** A piece of program that falls off its end when it has matched. */
export type Piece = readonly Instruction[];

const limit = (piece: Piece): Piece => {
	if (piece.length > maximumInstructions) {
		throw new RangeError(`it is too large: at most ${maximumInstructions} instructions after its repetitions are written out`);
	}

	return piece;
};

export const sequence = (left: Piece, right: Piece): Piece => limit([...left, ...right]);

export const either = (left: Piece, right: Piece): Piece => limit([
	{op: 'split', first: 1, second: left.length + 2}, ...left, {op: 'jump', by: right.length + 1}, ...right,
]);

const optional = (piece: Piece): Piece => limit([{op: 'split', first: 1, second: piece.length + 1}, ...piece]);

const anyTimes = (piece: Piece): Piece => limit([
	{op: 'split', first: 1, second: piece.length + 2}, ...piece, {op: 'jump', by: -(piece.length + 1)},
]);

/** `least` to `most` times; `most` may be Infinity. */
export const repeat = (piece: Piece, least: number, most: number): Piece => {
	assert.ok(least >= 0 && most >= least, 'a repetition counts upwards');
	let program: Piece = [];
	for (let count = 0; count < least; count++) {
		program = sequence(program, piece);
	}

	if (most === Infinity) {
		return sequence(program, anyTimes(piece));
	}

	for (let count = least; count < most; count++) {
		program = sequence(program, optional(piece));
	}

	return program;
};

export const setOf = (ranges: readonly CodeRange[], isNegated = false): Piece => [{op: 'set', ranges, negated: isNegated}];

export const assertionOf = (assertion: Assertion): Piece => [{op: 'assert', assertion}];
