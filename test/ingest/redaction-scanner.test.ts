import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {createScanner, shortestPattern} from '../../source/ingest/redact-scanner.js';

const letters = fc.constantFrom('a', 'b', 'c');
const patterns = fc.uniqueArray(fc.string({unit: letters, minLength: shortestPattern, maxLength: 12}), {minLength: 1, maxLength: 20});

/** The leftmost, then longest, by trying everything. */
const findSlowly = (text: string, all: readonly string[], from: number) => {
	for (let start = from; start < text.length; start++) {
		const found = all.filter(pattern => text.startsWith(pattern, start)).toSorted((left, right) => right.length - left.length)[0];
		if (found !== undefined) {
			return {start, end: start + found.length, label: found};
		}
	}

	return undefined;
};

test('the scanner finds the leftmost and longest of many patterns, wherever it starts', () => {
	fc.assert(fc.property(patterns, fc.string({unit: letters, maxLength: 60}), fc.nat(60), (all, noise, from) => {
		const text = noise + all[0]! + noise.slice(0, 5) + all.at(-1)!;
		const scanner = createScanner<string>();
		for (const pattern of all) {
			scanner.add(Buffer.from(pattern), pattern);
		}

		expect(scanner.find(Buffer.from(text), from)).toEqual(findSlowly(text, all, from));
	}), {numRuns: 2000});
});

test('an empty scanner, and a text shorter than any pattern, have no hit', () => {
	const scanner = createScanner<number>();
	expect(scanner.find(Buffer.from('abcdefgh'))).toBeUndefined();
	scanner.add(Buffer.from('abcdefgh'), 1);
	expect(scanner.find(Buffer.from('abcdefg'))).toBeUndefined();
	expect(scanner.find(Buffer.from('abcdefgh'))).toEqual({start: 0, end: 8, label: 1});
	expect(scanner.find(Buffer.from('abcdefgh'), 1)).toBeUndefined();
});
