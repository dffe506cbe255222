import {strict as assert} from 'node:assert';
import type {Filter, TextColumn} from '../expression/filter.js';
import type {ObjectPlace} from '../model/object-key.js';
import type {Operation} from '../model/operation.js';

/** The object an operation is about; undefined for lists, watches, creates without a known name and non-resource URLs. */
export const placeOf = (operation: Operation): ObjectPlace | undefined => {
	const {group, resource, namespace, name} = operation;
	assert.ok(operation.sequence >= 1, 'steps count from 1');
	if (resource === undefined || resource === '' || name === undefined || name === '') {
		return undefined;
	}

	return {
		group: group ?? '', resource, namespace: namespace ?? '', name,
	};
};

export const textEquals = (column: TextColumn, value: string): Filter => ({
	type: 'text', column, test: 'equals', value,
});

/** Operations on the same object as this one; where it is about none, on the same collection or the same URL. */
export const sameObjectFilter = (operation: Operation): Filter => {
	const {resource} = operation;
	assert.ok(operation.sequence >= 1, 'steps count from 1');
	if (resource === undefined || resource === '') {
		return {type: 'all', filters: [textEquals('resource', ''), textEquals('path', operation.path ?? '')]};
	}

	const filters = [
		textEquals('group', operation.group ?? ''),
		textEquals('resource', resource),
		textEquals('namespace', operation.namespace ?? ''),
		textEquals('name', operation.name ?? ''),
	];
	assert.equal(filters.length, 4, 'a place has four parts');
	return {type: 'all', filters};
};
