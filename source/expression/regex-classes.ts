import {strict as assert} from 'node:assert';
import type {CodeRange} from './regex-program.js';

export const maximumCodePoint = 0x10_FF_FF;

const code = (character: string): number => character.codePointAt(0)!;

const digits: readonly CodeRange[] = [[code('0'), code('9')]];
const letters: readonly CodeRange[] = [[code('A'), code('Z')], [code('a'), code('z')]];
const spaces: readonly CodeRange[] = [[0x09, 0x0A], [0x0C, 0x0D], [0x20, 0x20]];

/** RE2's classes are of ASCII. */
export const classEscapes: ReadonlyMap<string, readonly CodeRange[]> = new Map([
	['d', digits], ['w', [...digits, ...letters, [code('_'), code('_')]]], ['s', spaces],
]);

export const posixClasses: ReadonlyMap<string, readonly CodeRange[]> = new Map([
	['alnum', [...digits, ...letters]],
	['alpha', letters],
	['blank', [[0x09, 0x09], [0x20, 0x20]]],
	['digit', digits],
	['lower', [[code('a'), code('z')]]],
	['punct', [[0x21, 0x2F], [0x3A, 0x40], [0x5B, 0x60], [0x7B, 0x7E]]],
	['space', [[0x09, 0x0D], [0x20, 0x20]]],
	['upper', [[code('A'), code('Z')]]],
	['word', [...digits, ...letters, [code('_'), code('_')]]],
	['xdigit', [...digits, [code('A'), code('F')], [code('a'), code('f')]]],
] as const);

/** Everything outside of some ranges. */
export const complementOf = (ranges: readonly CodeRange[]): readonly CodeRange[] => {
	const sorted = ranges.toSorted((left, right) => left[0] - right[0]);
	const outside: CodeRange[] = [];
	let next = 0;
	for (const [from, to] of sorted) {
		assert.ok(from <= to, 'a range counts upwards');
		if (from > next) {
			outside.push([next, from - 1]);
		}

		next = Math.max(next, to + 1);
	}

	return next > maximumCodePoint ? outside : [...outside, [next, maximumCodePoint]];
};

const caseShift = 0x20;

/** Ranges and the other case of every ASCII letter in them. */
export const foldCase = (ranges: readonly CodeRange[]): readonly CodeRange[] => ranges.flatMap(([from, to]): readonly CodeRange[] => {
	const others: CodeRange[] = [[from, to]];
	for (const [lowest, highest] of letters) {
		const start = Math.max(from, lowest);
		const end = Math.min(to, highest);
		const shift = lowest === code('A') ? caseShift : -caseShift;
		others.push(...(start <= end ? [[start + shift, end + shift] as const] : []));
	}

	return others;
});
