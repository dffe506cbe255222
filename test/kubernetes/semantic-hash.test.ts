/* eslint-disable @typescript-eslint/no-unsafe-member-access, unicorn/max-nested-calls -- objects of any shape are changed in place */
import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {semanticHashes} from '../../source/kubernetes/semantic-hash.js';
import type {JsonObject, JsonValue} from '../../source/model/json.js';
import {everyExchange, readAudits} from './recorded-traffic.js';

const base = (): JsonObject => ({
	apiVersion: 'v1', kind: 'ConfigMap',
	metadata: {
		name: 'x', uid: 'u-1', resourceVersion: '5', generation: 1, selfLink: '/x', creationTimestamp: '2026-11-23T08:51:50Z', labels: {a: 'b'},
		ownerReferences: [{uid: 'o-1', name: 'owner'}],
		managedFields: [{manager: 'm', time: '2026-11-23T08:51:50Z', fieldsV1: {'f:metadata': {'f:ownerReferences': {'k:{"uid":"o-1"}': {}}}}}],
	},
	status: {observedGeneration: 1, conditions: [{type: 'Ready', lastTransitionTime: '2026-11-23T08:51:50Z', status: 'True'}]},
});

type Change = (object: any) => void;
const after = (change: Change): JsonObject => {
	const object = structuredClone(base());
	change(object);
	return object;
};

const first = semanticHashes(base());

test('hashes are 16 hex digits', () => {
	expect(first.hx).toMatch(/^[\da-f]{16}$/v);
	expect(first.hm).toMatch(/^[\da-f]{16}$/v);
});

const invisible: ReadonlyArray<[string, Change]> = [
	['resourceVersion', object => {
		object.metadata.resourceVersion = '6';
	}],
	['generation', object => {
		delete object.metadata.generation;
	}],
	['selfLink', object => {
		delete object.metadata.selfLink;
	}],
	['a time of managedFields', object => {
		object.metadata.managedFields[0].time = '2027-01-01T00:00:00Z';
	}],
	['a field that is null', object => {
		object.spec = null;
	}],
];

test.each(invisible)('neither hash sees %s', (_, change) => {
	expect(semanticHashes(after(change))).toEqual(first);
});

const noise: ReadonlyArray<[string, Change]> = [
	['the uid', object => {
		object.metadata.uid = 'u-2';
	}],
	['an owner\'s uid', object => {
		object.metadata.ownerReferences[0].uid = 'o-2';
		object.metadata.managedFields[0].fieldsV1['f:metadata']['f:ownerReferences'] = {'k:{"uid":"o-2"}': {}};
	}],
	['observedGeneration', object => {
		object.status.observedGeneration = 2;
	}],
	['a transition time', object => {
		object.status.conditions[0].lastTransitionTime = '2027-11-23T08:51:50Z';
	}],
	['a time in any text', object => {
		object.metadata.creationTimestamp = '2027-11-23T08:51:50.123456+02:00';
	}],
];

test.each(noise)('only Hx sees %s', (_, change) => {
	const hashes = semanticHashes(after(change));
	expect(hashes.hm).toBe(first.hm);
	expect(hashes.hx).not.toBe(first.hx);
});

const changes: ReadonlyArray<[string, Change]> = [
	['a label', object => {
		object.metadata.labels.a = 'c';
	}],
	['a resourceVersion elsewhere', object => {
		object.metadata.labels.resourceVersion = '5';
	}],
	['a number as text', object => {
		object.status.count = 1;
	}],
	['an empty list', object => {
		object.list = [];
	}],
	['an empty object', object => {
		object.list = {};
	}],
	['an empty text', object => {
		object.list = '';
	}],
	['a zero', object => {
		object.list = 0;
	}],
	['false', object => {
		object.list = false;
	}],
	['a place in a list', object => {
		object.list = [null];
	}],
];

test.each(changes)('both hashes see %s', (_, change) => {
	const hashes = semanticHashes(after(change));
	expect(hashes.hm).not.toBe(first.hm);
	expect(hashes.hx).not.toBe(first.hx);
});

test('all these states are told apart', () => {
	const all = [base(), ...[...noise, ...changes].map(([, change]) => after(change))].map(object => semanticHashes(object).hx);
	expect(new Set(all).size).toBe(all.length);
});

const shuffleKeys = (value: JsonValue): JsonValue => {
	if (Array.isArray(value)) {
		return value.map(item => shuffleKeys(item));
	}

	return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).toReversed().map(([key, inner]) => [key, shuffleKeys(inner)])) : value;
};

test('the order of keys does not matter, that of a list does', () => {
	fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), generated => {
		const object = generated as JsonObject;
		expect(semanticHashes(shuffleKeys(object) as JsonObject)).toEqual(semanticHashes(object));
	}));
	fc.assert(fc.property(fc.array(fc.integer(), {minLength: 2}), items => {
		const reversed = items.toReversed();
		const isSame = JSON.stringify(items) === JSON.stringify(reversed);
		expect(semanticHashes({items: reversed}).hx === semanticHashes({items}).hx).toBe(isSame);
	}));
});

test('objects that print differently hash differently', () => {
	const byHash = new Map<string, string>();
	fc.assert(fc.property(fc.dictionary(fc.string({maxLength: 3}), fc.jsonValue({maxDepth: 2}), {maxKeys: 3}), generated => {
		const spec = JSON.parse(JSON.stringify(generated, (_, value: unknown) => value === null ? undefined : (Object.is(value, -0) ? 0 : value))) as JsonObject;
		const sorted = JSON.stringify(spec, (_, value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).toSorted(([left], [
				right,
			]) => left < right ? -1 : 1))
			: value);
		const {hx} = semanticHashes({spec});
		expect(byHash.get(hx) ?? sorted).toBe(sorted);
		byHash.set(hx, sorted);
	}), {numRuns: 3000});
	expect(byHash.size).toBeGreaterThan(500);
});

test('an object has the same hashes through protobuf and through JSON', () => {
	let compared = 0;
	const audit = readAudits();
	for (const {exchange: {auditId = '', responseBody, responseType}} of everyExchange()) {
		const logged = audit.get(auditId)?.responseObject;
		const decoded = responseBody === undefined ? undefined : decodeBody(responseBody, responseType);
		if (logged === undefined || decoded?.format !== 'protobuf') {
			continue;
		}

		const viaJson = decodeBody(Buffer.from(JSON.stringify(logged)), 'application/json');
		expect(semanticHashes(decoded.value as JsonObject)).toEqual(semanticHashes(viaJson?.value as JsonObject));
		compared++;
	}

	expect(compared).toBeGreaterThan(100);
});
