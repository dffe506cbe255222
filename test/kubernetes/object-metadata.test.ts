import {expect, test} from 'vitest';
import type {JsonObject} from '../../source/model/json.js';
import {readListMetadata, readMetadata, readStatus} from '../../source/kubernetes/object-metadata.js';

test('metadata is read from an object of any shape', () => {
	expect(readMetadata({
		apiVersion: 'v1', kind: 'Pod',
		metadata: {
			name: 'a', namespace: 'b', uid: 'u', resourceVersion: '5', generation: 2, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x', 'y'],
			ownerReferences: [{uid: 'no'}, {uid: 'yes', controller: true}],
		},
	})).toEqual({
		apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'b', generateName: undefined, uid: 'u', resourceVersion: '5', generation: 2, creationTimestamp: undefined,
		deletionTimestamp: '2026-01-01T00:00:00Z', controllerUid: 'yes', finalizers: 2,
	});
	expect(readMetadata({
		metadata: {
			name: 5, finalizers: 'x', ownerReferences: [null, 1], generation: '2',
		},
	})).toMatchObject({
		name: undefined, finalizers: 0, controllerUid: undefined, generation: undefined,
	});
	for (const value of [undefined, null, 'x', [], {}, {metadata: null}, JSON.parse('{"__proto__":{"metadata":{}}}') as JsonObject]) {
		expect(readMetadata(value)).toBeUndefined();
	}
});

test('lists and statuses are told from objects', () => {
	expect(readListMetadata({
		kind: 'PodList', apiVersion: 'v1', metadata: {resourceVersion: '9', continue: 'c', remainingItemCount: 3}, items: [1],
	})).toEqual({
		kind: 'PodList', apiVersion: 'v1', resourceVersion: '9', continue: 'c', remainingItemCount: 3, items: [1],
	});
	expect(readListMetadata({kind: 'PodList', items: null})?.items).toEqual([]);
	expect(readListMetadata({kind: 'Thing', items: []})).toBeUndefined();
	expect(readListMetadata({kind: 'PodList'})).toBeUndefined();
	expect(readStatus({
		kind: 'Status', status: 'Failure', reason: 'Conflict', message: 'm', code: 409, details: {name: 'x'},
	})).toEqual({
		status: 'Failure', reason: 'Conflict', message: 'm', code: 409, details: {name: 'x'},
	});
	expect(readStatus({kind: 'Pod', status: {}})).toBeUndefined();
});
