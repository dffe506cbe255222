import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {isEqualJson, jsonPatch, type PatchOperation} from '../../../source/commands/printers/json-patch.js';
import type {JsonObject, JsonValue} from '../../../source/model/json.js';

const keysOf = (path: string): string[] => path.split('/').slice(1).map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** RFC 6902 for the three operations we write, to hold our patches to. */
const applyOne = (document: JsonValue, {op, path, value}: PatchOperation): JsonValue => {
	const keys = keysOf(path);
	const last = keys.pop();
	if (last === undefined) {
		return op === 'remove' ? undefined : value;
	}

	let parent = document as JsonObject;
	for (const key of keys) {
		parent = parent[key] as JsonObject;
	}

	if (Array.isArray(parent)) {
		const index = Number(last);
		expect(index).toBeLessThanOrEqual(op === 'add' ? parent.length : parent.length - 1);
		parent.splice(index, op === 'add' ? 0 : 1, ...op === 'remove' ? [] : [value]);
	} else {
		expect(Object.hasOwn(parent, last)).toBe(op !== 'add');
		if (op === 'remove') {
			Reflect.deleteProperty(parent, last);
		} else {
			Object.defineProperty(parent, last, {
				value, enumerable: true, writable: true, configurable: true,
			});
		}
	}

	return document;
};

const apply = (document: JsonValue, patch: readonly PatchOperation[]): JsonValue => {
	let result = structuredClone(document);
	for (const operation of structuredClone(patch)) {
		result = applyOne(result, operation);
	}

	return result;
};

describe('JSON Patch', () => {
	test('names what changed, and nothing else', () => {
		const before = {spec: {replicas: 9, selector: {app: 'x'}}, metadata: {generation: 2}};
		const after = {spec: {replicas: 3, selector: {app: 'x'}}, metadata: {generation: 3}};
		expect(jsonPatch(before, after)).toEqual([
			{op: 'replace', path: '/metadata/generation', value: 3},
			{op: 'replace', path: '/spec/replicas', value: 3},
		]);
	});

	test('escapes keys, and adds, removes, and keeps the order of arrays', () => {
		expect(jsonPatch({a: {'x/y~z': 1}, l: [1, 2, 3, 4]}, {a: {'x/y~z': 2}, l: [1, 4, 5], n: null})).toEqual([
			{op: 'add', path: '/n', value: null},
			{op: 'replace', path: '/a/x~1y~0z', value: 2},
			{op: 'remove', path: '/l/3'},
			{op: 'replace', path: '/l/1', value: 4},
			{op: 'replace', path: '/l/2', value: 5},
		]);
	});

	test('one item taken out of the middle is one removal', () => {
		expect(jsonPatch({l: ['a', 'b', 'c']}, {l: ['a', 'c']})).toEqual([{op: 'remove', path: '/l/1'}]);
	});

	test('a new object is added whole, a deleted one removed', () => {
		expect(jsonPatch(undefined, {a: 1})).toEqual([{op: 'add', path: '', value: {a: 1}}]);
		expect(jsonPatch({a: 1}, undefined)).toEqual([{op: 'remove', path: ''}]);
		expect(jsonPatch(undefined, undefined)).toEqual([]);
	});

	test('integers beyond 2^53 differ by their last digit', () => {
		expect(jsonPatch({n: 9_007_199_254_740_993n}, {n: 9_007_199_254_740_992n})).toHaveLength(1);
	});

	test('applied to before it gives after, for any two documents', () => {
		const document = fc.jsonValue({maxDepth: 4}) as fc.Arbitrary<JsonValue>;
		fc.assert(fc.property(document, document, (before, after) => {
			const patch = jsonPatch(before, after);
			expect(isEqualJson(apply(before, patch), after)).toBe(true);
			expect(patch.length === 0).toBe(isEqualJson(before, after));
		}), {numRuns: 500});
	});

	test('applied to before it gives after, for documents that differ in places', () => {
		const list = fc.array(fc.integer({min: 0, max: 3}), {maxLength: 8});
		const document = fc.record({a: list, b: fc.dictionary(fc.constantFrom('x', 'y/z', '__proto__'), list)});
		fc.assert(fc.property(document, document, (before, after) => {
			const patched = apply(before, jsonPatch(before, after));
			expect(isEqualJson(patched, after)).toBe(true);
		}), {numRuns: 500});
	});
});
