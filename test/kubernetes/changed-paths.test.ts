/* eslint-disable unicorn/max-nested-calls -- values are made of values */
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {changedPaths} from '../../source/kubernetes/changed-paths.js';
import type {JsonObject} from '../../source/model/json.js';

const paths = (before: JsonObject | undefined, after: JsonObject | undefined, limit = 64): string[] => changedPaths(before, after, limit);

test.each<[string, JsonObject, JsonObject, string[]]>([
	['a value', {spec: {replicas: 2}}, {spec: {replicas: 3}}, ['spec.replicas']],
	['a label with a prefix', {metadata: {labels: {}}}, {metadata: {labels: {'a.b/c': 'x'}}}, ['metadata.labels["a.b/c"]']],
	['a plain label', {metadata: {labels: {app: 'a'}}}, {metadata: {labels: {app: 'b'}}}, ['metadata.labels.app']],
	['a key that is gone', {data: {'x-y': '1', z: '2'}}, {data: {z: '2'}}, ['data["x-y"]']],
	['a part that is new', {}, {status: {a: {b: 1}}}, ['status']],
	[
		'a named item',
		{spec: {containers: [{name: 'app', image: 'a'}]}},
		{spec: {containers: [{name: 'side'}, {name: 'app', image: 'b'}]}},
		['spec.containers[name=app].image', 'spec.containers[name=side]'],
	],
	['an order of named items', {spec: {containers: [{name: 'a'}, {name: 'b'}]}}, {spec: {containers: [{name: 'b'}, {name: 'a'}]}}, ['spec.containers']],
	['an item without a name', {spec: {ports: [{port: 1}, {port: 2}]}}, {spec: {ports: [{port: 1}, {port: 3}, {port: 4}]}}, ['spec.ports[1].port', 'spec.ports[2]']],
	['names that repeat', {l: [{name: 'a', v: 1}, {name: 'a', v: 2}]}, {l: [{name: 'a', v: 1}, {name: 'a', v: 3}]}, ['l[1].v']],
	['a finalizer', {metadata: {finalizers: ['a', 'b']}}, {metadata: {finalizers: ['a']}}, ['metadata.finalizers[1]']],
	['a name with odd characters', {l: [{name: 'a]"', v: 1}]}, {l: [{name: 'a]"', v: 2}]}, [String.raw`l[name="a]\""].v`]],
	['another type', {a: {b: 1}}, {a: [1]}, ['a']],
	['null for absent', {a: null, b: 1}, {b: 1}, []],
	['null in a list', {a: [null, 1]}, {a: [1, null]}, ['a[0]', 'a[1]']],
	['a resourceVersion', {metadata: {resourceVersion: '1'}}, {metadata: {resourceVersion: '2'}}, []],
	['a generation', {metadata: {generation: 1}}, {metadata: {generation: 2}}, ['metadata.generation']],
	['managed fields alone', {metadata: {managedFields: [{time: 'a'}]}}, {metadata: {managedFields: [{time: 'b'}]}}, ['metadata.managedFields']],
	['managed fields beside others', {metadata: {managedFields: [1]}, a: 1}, {metadata: {managedFields: [2]}, a: 2}, ['a']],
	['a big number', {a: 9_007_199_254_740_993n}, {a: 9_007_199_254_740_992n}, ['a']],
	['a nested metadata', {spec: {metadata: {resourceVersion: '1'}}}, {spec: {metadata: {resourceVersion: '2'}}}, ['spec.metadata.resourceVersion']],
])('%s', (_, before, after, expected) => {
	expect(paths(before, after).toSorted()).toEqual(expected.toSorted());
});

test('a key called __proto__ is a path like others', () => {
	expect(paths(JSON.parse('{"data":{"__proto__":"a"}}') as JsonObject, {data: {}})).toEqual(['data.__proto__']);
});

test('what is absent as a whole is all new', () => {
	expect(paths(undefined, {kind: 'A', spec: {}})).toEqual(['kind', 'spec']);
	expect(paths({kind: 'A', spec: {}}, undefined)).toEqual(['kind', 'spec']);
	expect(paths(undefined, undefined)).toEqual([]);
});

test('no more paths are given than asked for', () => {
	const many = (value: number): JsonObject => ({data: Object.fromEntries(Array.from({length: 1000}, (_, index) => [`k${index}`, value]))});
	expect(paths(many(1), many(2), 64).length).toBe(64);
});

test('equal objects have no changed paths, others have at least one', () => {
	fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (left, right) => {
		const strip = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => typeof inner === 'object' && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).filter(([, entry]) => entry !== null).toSorted(([one], [other]) => one < other ? -1 : 1))
			: inner);
		expect(paths(left as JsonObject, structuredClone(left) as JsonObject)).toEqual([]);
		expect(paths(left as JsonObject, right as JsonObject).length > 0).toBe(strip(left) !== strip(right));
	}));
});

test('long lists are compared item by item', () => {
	const items = (value: number): JsonObject => ({items: Array.from({length: 300_000}, (_, index) => ({index, value}))});
	expect(paths(items(1), items(2), 3)).toEqual(['items[0].value', 'items[1].value', 'items[2].value']);
});

test('deep objects are compared without a stack', () => {
	let before: JsonObject = {x: 1};
	let after: JsonObject = {x: 2};
	for (let depth = 0; depth < 20_000; depth++) {
		before = {a: before};
		after = {a: after};
	}

	expect(paths(before, after)).toEqual([`${'a.'.repeat(20_000)}x`]);
});
