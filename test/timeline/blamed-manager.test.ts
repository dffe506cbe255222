import {expect, test} from 'vitest';
import type {JsonObject, JsonValue} from '../../source/model/json.js';
import {blamedManager} from '../../source/timeline/blamed-manager.js';

const entry = (manager: string, time: string | undefined, fields: string, subresource?: string): JsonObject => ({
	manager, operation: 'Update', apiVersion: 'v1', ...(time !== undefined && {time}), fieldsV1: {[fields]: {}}, ...(subresource !== undefined && {subresource}),
});

const object = (...managedFields: readonly JsonValue[]): JsonObject => ({metadata: {managedFields: [...managedFields]}});

test('of an object seen first, the newest manager is blamed', () => {
	const seen = object(entry('a', '2026-01-01T00:00:02Z', 'x'), entry('b', '2026-01-01T00:00:01Z', 'y'));
	expect(blamedManager(undefined, seen)).toBe('a');
	expect(blamedManager(undefined, {})).toBeUndefined();
});

test('who booked fields anew is blamed, not who lost them in the same second', () => {
	const before = object(entry('controller', '2026-01-01T00:00:01Z', 'replicas'));
	const after = object(entry('kubectl', undefined, 'replicas', 'scale'), entry('controller', '2026-01-01T00:00:01Z', 'image'));
	expect(blamedManager(before, after)).toBe('kubectl');
});

test('who booked at a new time is blamed, whoever is the newest', () => {
	const before = object(entry('a', '2026-01-01T00:00:01Z', 'x'), entry('b', '2026-01-01T00:00:09Z', 'y'));
	const after = object(entry('a', '2026-01-01T00:00:05Z', 'x'), entry('b', '2026-01-01T00:00:09Z', 'y'));
	expect(blamedManager(before, after)).toBe('a');
});

test('within one second, who booked other fields is blamed', () => {
	const [before, after] = ['x', 'y'].map(fields => object(entry('a', '2026-01-01T00:00:01Z', fields)));
	expect(blamedManager(before, after!)).toBe('a');
});

test('a change that nobody booked, as a deletion requested, blames nobody', () => {
	const fields = entry('a', '2026-01-01T00:00:01Z', 'x');
	expect(blamedManager(object(fields), {metadata: {deletionTimestamp: '2026-01-01T00:00:02Z', managedFields: [fields]}})).toBeUndefined();
});

test('what is no list of managers blames nobody', () => {
	expect(blamedManager({}, {metadata: {managedFields: ['x', 5, {manager: ''}, {manager: 7}]}})).toBeUndefined();
});
