import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createJsonSplitter} from '../../source/import/json-splitter.js';
import type {SplitPlan} from '../../source/import/split-plan.js';

const harPlan: SplitPlan = {outer: ['log', 'entries'], inner: ['response', 'content', '_chunks'], firstKeys: ['startedDateTime']};
const sequencePlan: SplitPlan = {outer: undefined, inner: ['items'], firstKeys: []};

type Piece = {
	readonly number: number; readonly line: number; readonly text: string; readonly isInner: boolean; readonly isBroken: boolean; readonly reason: string | undefined;
	readonly isCut: boolean;
};

const split = (plan: SplitPlan, text: string, sizes: readonly number[] = [Infinity]): {readonly pieces: readonly Piece[]; readonly isComplete: boolean} => {
	const splitter = createJsonSplitter(plan);
	const bytes = Buffer.from(text);
	const pieces: Piece[] = [];
	const take = (): void => {
		for (let piece = splitter.next(); piece !== undefined; piece = splitter.next()) {
			pieces.push({
				number: piece.number, line: piece.line, text: Buffer.from(piece.bytes).toString(), isInner: piece.isInner, isBroken: piece.isBroken,
				reason: piece.isBroken ? piece.reason : undefined, isCut: piece.isBroken && piece.isCut,
			});
		}
	};

	for (let start = 0, index = 0; start < bytes.length; index++) {
		const size = sizes[index % sizes.length]!;
		splitter.push(bytes.subarray(start, start + size));
		take();
		start += size;
	}

	splitter.finish();
	take();
	return {pieces, isComplete: splitter.isComplete};
};

const texts = (pieces: readonly Piece[], isInner: boolean): readonly string[] => pieces.filter(piece => piece.isInner === isInner && !piece.isBroken).map(piece => piece.text);

const chunkArbitrary = fc.record({time: fc.double({noNaN: true, noDefaultInfinity: true}), text: fc.string({unit: 'binary'})});
const chunksArbitrary = fc.array(chunkArbitrary, {maxLength: 4});
const keyArbitrary = fc.string({unit: 'binary', maxLength: 8}).filter(key => !['response', 'content', '_chunks', '__proto__'].includes(key));

/** Objects with their keys in another order, and other members around the path. */
const entryArbitrary = fc.record({
	chunks: fc.option(chunksArbitrary, {nil: undefined}), other: fc.jsonValue({maxDepth: 4}), order: fc.boolean(), key: keyArbitrary,
});
const sizesArbitrary = fc.array(fc.integer({min: 1, max: 70}), {minLength: 1, maxLength: 5});

/** As JSON has it: without what is undefined, and with 0 for -0. */
const throughJson = (value: unknown): unknown => {
	const json = JSON.stringify(value);
	return JSON.parse(json);
};

const parseAll = (pieces: readonly string[]): readonly unknown[] => pieces.map(piece => JSON.parse(piece) as unknown);

const build = ({chunks, other, order, key}: {readonly chunks: unknown; readonly other: unknown; readonly order: boolean; readonly key: string}): Record<string, unknown> => {
	const content = order ? {[key]: other, _chunks: chunks, mimeType: 'x'} : {_chunks: chunks, [key]: other};
	const response = order ? {status: 200, content, [key]: other} : {[key]: {_chunks: [1]}, content};
	return order ? {request: {response: {content: {_chunks: [2]}}}, response, [key]: other} : {response, request: other};
};

describe('elements of a HAR', () => {
	test('are found whole, and chunks apart from them, whatever the key order, the white space and the chunking', () => {
		const property = fc.property(
			fc.array(entryArbitrary, {maxLength: 6}), fc.constantFrom(undefined, '\t', 2), sizesArbitrary, fc.boolean(), (entries, indent, sizes, isLast) => {
				const built = entries.map(entry => build(entry));
				const log = isLast ? {pages: [{entries: [1]}], entries: built} : {entries: built, comment: 'entries'};
				const {pieces, isComplete} = split(harPlan, JSON.stringify({entries: [3], log, other: {log: {entries: [4]}}}, undefined, indent), sizes);
				const emptied = entries.map(entry => build({...entry, chunks: entry.chunks === undefined ? undefined : []}));
				expect(isComplete).toBe(true);
				expect(parseAll(texts(pieces, true))).toEqual(throughJson(entries.flatMap(entry => entry.chunks ?? [])));
				expect(parseAll(texts(pieces, false))).toEqual(throughJson(emptied));
			},
		);
		fc.assert(property, {numRuns: 200});
	});

	test('are numbered from one, and those that are no objects given as they are', () => {
		const {pieces} = split(harPlan, '{"log":{"entries":[{"a":1}, null, 5,"x,]}", [1,{}] ,{"b":2}]}}');
		expect(pieces.map(({number, text}) => [number, text.trim()])).toEqual([[1, '{"a":1}'], [2, 'null'], [3, '5'], [4, '"x,]}"'], [5, '[1,{}]'], [6, '{"b":2}']]);
	});

	test('with a brace too many do not end the others', () => {
		const {pieces, isComplete} = split(harPlan, '{"log":{"entries":[{"a":1}},{"b":2},{"response":{"content":{"_chunks":[{"c":1}},{"c":2}]}}}]}}');
		expect(isComplete).toBe(true);
		expect(texts(pieces, false)).toEqual(['{"a":1}', '{"b":2}', '{"response":{"content":{"_chunks":[]}}}']);
		expect(texts(pieces, true)).toEqual(['{"c":1}', '{"c":2}']);
	});

	test.for([
		['cut in a string', (entry: string) => entry.slice(0, 60)],
		['cut after a key', (entry: string) => entry.slice(0, entry.indexOf('"url"') + 5)],
		['cut between members', (entry: string) => entry.slice(0, entry.indexOf(',"response"'))],
		['cut after its first brace', (entry: string) => entry.slice(0, 1)],
	] as const)('that are %s cost themselves alone', ([, damage]) => {
		const entry = (n: number) => JSON.stringify({startedDateTime: `2026-11-23T08:51:5${n}Z`, request: {method: 'GET', url: `/api/v1/pods/${n}`}, response: {status: 200}});
		for (const separator of [',', ',\n', ',\n    ']) {
			const text = `{"log":{"entries":[${[entry(1), damage(entry(2)), entry(3), entry(4)].join(separator)}]}}`;
			const whole = split(harPlan, text);
			expect(texts(whole.pieces, false)).toEqual([entry(1), entry(3), entry(4)]);
			expect(whole.pieces.filter(piece => piece.isBroken)).toMatchObject([{number: 2, isCut: false}]);
			expect(whole.isComplete).toBe(true);
			expect(split(harPlan, text, [1])).toEqual(whole);
			expect(split(harPlan, text, [7, 64])).toEqual(whole);
		}
	});

	test('longer than the bound are skipped, and the next one found', () => {
		const plan = {...harPlan, maximumBytes: 200};
		const long = JSON.stringify({x: 'y'.repeat(1000)});
		const text = `{"log":{"entries":[{"a":1},${long},{"response":{"content":{"_chunks":[${long},{"c":1}]}}}]}}`;
		for (const sizes of [[1], [50], [1000]]) {
			const {pieces, isComplete} = split(plan, text, sizes);
			expect(isComplete).toBe(true);
			expect(texts(pieces, false)).toEqual(['{"a":1}', '{"response":{"content":{"_chunks":[]}}}']);
			expect(texts(pieces, true)).toEqual(['{"c":1}']);
			expect(pieces.filter(piece => piece.isBroken).map(({number, isInner, reason}) => [number, isInner, reason]))
				.toEqual([[2, false, 'it is longer than 200 bytes'], [3, true, 'it is longer than 200 bytes']]);
		}
	});

	test('that nest too deep are skipped without recursion', () => {
		const deep = '['.repeat(100_000) + ']'.repeat(100_000);
		const {pieces, isComplete} = split(harPlan, `{"log":{"entries":[{"deep":${deep}},{"a":1}]}}`, [4096]);
		expect(isComplete).toBe(true);
		expect(pieces).toMatchObject([{isBroken: true, reason: 'it nests deeper than 512'}, {text: '{"a":1}'}]);
	});

	test('cut off by the end are given as far as they go', () => {
		const text = '{"log":{"entries":[{"a":1},{"response":{"content":{"_chunks":[{"c":1},{"c":';
		for (const sizes of [[1], [1000]]) {
			const {pieces, isComplete} = split(harPlan, text, sizes);
			expect(isComplete).toBe(false);
			expect(pieces).toMatchObject([
				{text: '{"a":1}'},
				{text: '{"c":1}', isInner: true},
				{
					number: 2, isBroken: true, isCut: true, text: '{"response":{"content":{"_chunks":[',
				},
			]);
		}
	});
});

describe('values of a sequence', () => {
	const values = [{kind: 'Event', a: {b: ['}', '\n', '"']}}, {kind: 'Event', n: 2}, {kind: 'EventList', items: [{i: 1}, {i: 2}]}];

	test('are found as lines, run together, pretty-printed, or in an array', () => {
		const lines = values.map(value => JSON.stringify(value));
		const pretty = values.map(value => JSON.stringify(value, undefined, 2));
		const written = [
			lines.join('\n'),
			`${lines.join('\n')}\n`,
			lines.join('\r\n'),
			lines.join(''),
			pretty.join('\n'),
			pretty.join(''),
			`[${lines.join(',')}]`,
			`\u{FEFF}[\n${pretty.join(',\n')}\n]`,
		];
		for (const text of written) {
			for (const sizes of [[1], [13, 2], [1000]]) {
				const {pieces, isComplete} = split(sequencePlan, text, sizes);
				expect(isComplete, text).toBe(true);
				expect(pieces.filter(piece => piece.isBroken)).toEqual([]);
				expect(texts(pieces, false).map(piece => JSON.parse(piece) as unknown)).toEqual([values[0], values[1], {kind: 'EventList', items: []}]);
				expect(texts(pieces, true).map(piece => JSON.parse(piece) as unknown)).toEqual([{i: 1}, {i: 2}]);
			}
		}
	});

	test.for([
		['cut in a string', '{"kind":"Ev'],
		['cut outside a string', '{"kind":"Event","a":{"b":1'],
		['cut at both ends', '"stage":"x","user":{"name":"a"},"more":[1,2'],
		['no JSON at all', 'panic: runtime error'],
		['with a brace too many', '}{"kind":"Event"}'],
	] as const)('lines that are %s cost themselves alone and are named', ([, broken]) => {
		const good = (n: number) => JSON.stringify({kind: 'Event', n, nested: {deep: ['{', '"']}});
		const text = [good(1), good(2), broken, good(4), '', good(6)].join('\n');
		for (const sizes of [[1], [5, 90], [1000]]) {
			const {pieces} = split(sequencePlan, text, sizes);
			const read = pieces.filter(piece => !piece.isBroken && piece.line !== 3);
			expect(read.map(({line, text: piece}) => [line, piece])).toEqual([[1, good(1)], [2, good(2)], [4, good(4)], [6, good(6)]]);
			const lost = pieces.filter(piece => piece.line === 3);
			expect(lost).toHaveLength(1);
			expect(lost[0]!.isBroken || lost[0]!.text === broken).toBe(true);
		}
	});

	test('a broken line at the very beginning costs itself alone', () => {
		const {pieces} = split(sequencePlan, '{"kind":"Event","cut\n{"kind":"Event","n":2}\n');
		expect(pieces).toMatchObject([{line: 1, isBroken: true}, {line: 2, text: '{"kind":"Event","n":2}'}]);
	});

	test('of pretty-printed values a broken one costs itself alone', () => {
		const pretty = (n: number) => JSON.stringify({kind: 'Event', n, a: [{b: 1}]}, undefined, 2);
		for (const broken of ['{\n  "kind": "Event",\n  "n": [', '{\n  "kind": "Ev\n  "n": 5\n}']) {
			const text = [pretty(1), broken, pretty(3)].join('\n');
			for (const sizes of [[1], [1000]]) {
				const {pieces} = split(sequencePlan, text, sizes);
				expect(pieces.map(({text: piece, isBroken}) => isBroken ? 'broken' : piece)).toEqual([pretty(1), 'broken', pretty(3)]);
			}
		}
	});

	test('the last line needs no newline, and is known to be cut', () => {
		expect(split(sequencePlan, '{"a":1}\n{"a":2')).toMatchObject({isComplete: false, pieces: [{text: '{"a":1}'}, {isBroken: true, isCut: true, line: 2}]});
	});
});
