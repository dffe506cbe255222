import {expect, test} from 'vitest';
import {matchesFilter} from '../../source/expression/evaluate-filter.js';
import {matchEverything, type Filter} from '../../source/expression/filter.js';
import {operationWith} from './arbitrary-operation.js';

const place: Filter = {
	type: 'place', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web',
};
const deployments = {group: 'apps', resource: 'deployments'};

test('a place is the object at any incarnation, its subresources, and the collections it belongs to', () => {
	expect(matchesFilter(place, operationWith({...deployments, namespace: 'default', name: 'web'}))).toBe(true);
	expect(matchesFilter(place, operationWith({
		...deployments, namespace: 'default', name: 'web', subresource: 'status',
	}))).toBe(true);
	expect(matchesFilter(place, operationWith({...deployments, verb: 'list', namespace: 'default'}))).toBe(true);
	expect(matchesFilter(place, operationWith({...deployments, verb: 'watch', namespace: ''}))).toBe(true);
});

test('a place is no other object, namespace, or resource, and no request without a name that is not for a collection', () => {
	for (const other of [
		{...deployments, namespace: 'default', name: 'web-2'},
		{...deployments, namespace: 'other', name: 'web'},
		{...deployments, namespace: 'other', verb: 'list'},
		{...deployments, namespace: 'default', verb: 'create'},
		{
			group: 'extensions', resource: 'deployments', namespace: 'default', name: 'web',
		},
		{path: '/readyz'},
	]) {
		expect(matchesFilter(place, operationWith(other)), JSON.stringify(other)).toBe(false);
	}
});

test('an empty conjunction is true, an empty disjunction false', () => {
	expect(matchesFilter(matchEverything, operationWith({}))).toBe(true);
	expect(matchesFilter({type: 'any', filters: []}, operationWith({}))).toBe(false);
	expect(matchesFilter({type: 'not', filter: {type: 'all', filters: []}}, operationWith({}))).toBe(false);
	expect(matchesFilter({type: 'all', filters: [{type: 'any', filters: []}, matchEverything]}, operationWith({}))).toBe(false);
	expect(matchesFilter({type: 'any', filters: [{type: 'any', filters: []}, matchEverything]}, operationWith({}))).toBe(true);
});

test('a filter of any depth is answered without recursion', () => {
	let filter: Filter = {type: 'error'};
	for (let depth = 0; depth < 100_001; depth++) {
		filter = {type: 'not', filter};
	}

	expect(matchesFilter(filter, operationWith({status: 500}))).toBe(false);
	expect(matchesFilter(filter, operationWith({status: 200}))).toBe(true);
});
