import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {JsonValue} from '../../../source/model/json.js';
import {diffLines, type DiffLine} from '../../../source/tui/diff/line-diff.js';
import {yamlLines, type YamlLine} from '../../../source/tui/diff/yaml-lines.js';

const lines = (value: JsonValue): readonly YamlLine[] => value === undefined ? [] : yamlLines(value, {maximumLines: 20_000}).lines;

const compare = (before: JsonValue, after: JsonValue): readonly DiffLine[] => diffLines(lines(before), lines(after)).lines;

const shown = (all: readonly DiffLine[]): readonly string[] => all.map(({mark, text}) => `${mark}${text}`);

test('a changed field stands below what it was, in its place', () => {
	expect(shown(compare({spec: {paused: true, replicas: 9, selector: 'x'}}, {spec: {paused: true, replicas: 3, selector: 'x'}}))).toEqual([
		' spec:', '   paused: true', '-  replicas: 9', '+  replicas: 3', '   selector: x',
	]);
});

test('fields changed side by side are each beside what they were', () => {
	expect(shown(compare({a: 1, b: 2, c: 3}, {a: 9, b: 8, d: 4}))).toEqual(['-a: 1', '+a: 9', '-b: 2', '+b: 8', '-c: 3', '+d: 4']);
});

/** The marked words of a line. */
const marked = (line: DiffLine | undefined): string => (line?.words ?? []).map(([from, to]) => line!.text.slice(from, to)).join('');

test('the words that differ are marked', () => {
	const [removed, added] = compare({image: 'registry.local/app:1.2'}, {image: 'registry.local/app:1.3'});
	expect(marked(removed)).toContain('2');
	expect(marked(added)).toContain('3');
	expect(marked(added)).not.toContain('registry');
});

test('two folds that differ are one line, marked ~', () => {
	const fold = (identity: string): readonly YamlLine[] => [{text: 'managedFields: 2 entries', path: 'metadata.managedFields', identity}];
	const [first, second] = [fold('a'), fold('b')];
	const differing = diffLines(first, second).lines;
	const same = diffLines(first, first).lines;
	expect(shown(differing)).toEqual(['~managedFields: 2 entries']);
	expect(shown(same)).toEqual([' managedFields: 2 entries']);
});

test('a new object is all +, one that is gone all -', () => {
	expect(shown(compare(undefined, {a: 1}))).toEqual(['+a: 1']);
	expect(shown(compare({a: 1}, undefined))).toEqual(['-a: 1']);
});

test('without its + lines a diff is what was, without its - lines what is', () => {
	fc.assert(fc.property(fc.jsonValue({maxDepth: 4}), fc.jsonValue({maxDepth: 4}), (left, right) => {
		const [before, after] = [lines(left), lines(right)];
		const diff = diffLines(before, after).lines;
		expect(diff.filter(({mark}) => mark !== '+').map(({text}) => text)).toEqual(before.map(({text}) => text));
		expect(diff.filter(({mark}) => mark !== '-').map(({text}) => text)).toEqual(after.map(({text}) => text));
		for (const {text, words = []} of diff) {
			expect(words.every(([from, to]) => from < to && to <= text.length)).toBe(true);
		}
	}), {numRuns: 500});
});

test('two huge objects with nothing in common are compared roughly instead of forever', () => {
	const many = (word: string): JsonValue => Object.fromEntries(Array.from({length: 15_000}, (_, index) => [`${word}${index}`, `${word}${index}`]));
	const {lines: all, isRough} = diffLines(lines(many('a')), lines(many('b')));
	expect(isRough).toBe(true);
	expect(all).toHaveLength(30_000);
});
