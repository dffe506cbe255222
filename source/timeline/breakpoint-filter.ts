import {strict as assert} from 'node:assert';
import {compileExpression} from '../expression/compile-expression.js';
import {matchesFilter} from '../expression/evaluate-filter.js';
import type {Filter} from '../expression/filter.js';
import type {BreakpointPattern} from '../model/breakpoint.js';
import {usageError} from '../model/kubestep-error.js';
import type {Operation} from '../model/operation.js';
import {textEquals} from './operation-place.js';
import type {Condition} from './operation-scan.js';

/** Characters of one part of a pattern: past any name Kubernetes allows, and any condition a person types. */
export const maximumPatternText = 4096;

const eventTypes: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);
const requestVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'proxy']);
const placeColumns = ['group', 'resource', 'subresource', 'namespace', 'name'] as const;

/** Verbs are lower case, event types upper case, however a person types them; others are as they are. */
const verbFilter = (verb: string): Filter => {
	const [upper, lower] = [verb.toUpperCase(), verb.toLowerCase()];
	const known = eventTypes.has(upper) ? upper : lower;
	return textEquals('verb', eventTypes.has(upper) || requestVerbs.has(lower) ? known : verb);
};

const statusFilter = (status: string): Filter => {
	const digits = /^(?<class>[1-5])(?:(?<rest>\d\d)|xx)$/iv.exec(status)?.groups;
	if (digits === undefined) {
		throw usageError(`breakpoint status "${status}" is neither a code nor a class of codes: use 409 or 4xx`);
	}

	const first = Number(digits.class) * 100;
	assert.ok(first >= 100 && first <= 500, 'a class of status codes');
	assert.ok(digits.rest === undefined || digits.rest.length === 2, 'a code has three digits');
	if (digits.rest !== undefined) {
		return {
			type: 'number', column: 'status', test: '==', value: first + Number(digits.rest),
		};
	}

	return {
		type: 'all',
		filters: [
			{
				type: 'number', column: 'status', test: '>=', value: first,
			},
			{
				type: 'number', column: 'status', test: '<', value: first + 100,
			},
		],
	};
};

const checkTexts = (pattern: BreakpointPattern): void => {
	for (const [part, text] of Object.entries(pattern)) {
		if (text !== undefined && text.length > maximumPatternText) {
			throw usageError(`breakpoint ${part} is longer than ${maximumPatternText} characters`);
		}
	}
};

const columnFilters = (pattern: BreakpointPattern): readonly Filter[] => {
	const filters: Filter[] = [];
	for (const column of placeColumns) {
		const value = pattern[column];
		if (value !== undefined) {
			filters.push(textEquals(column, value));
		}
	}

	if (pattern.verb !== undefined) {
		filters.push(verbFilter(pattern.verb));
	}

	if (pattern.status !== undefined) {
		filters.push(statusFilter(pattern.status));
	}

	const given = Object.entries(pattern).filter(([part, text]) => part !== 'condition' && text !== undefined);
	assert.equal(filters.length, given.length, 'one filter for each given part');
	assert.ok(filters.every(({type}) => type !== 'any' && type !== 'not'), 'every part must hold');
	return filters;
};

/**
What a breakpoint asks, as a condition a search can answer. A part that is not given holds for everything; '' is the empty value (`group: ''` the core group,
`subresource: ''` the object itself).

@throws KubestepError usage: a status that is none, a condition that does not compile.
*/
export const compilePattern = (pattern: BreakpointPattern): Condition => {
	checkTexts(pattern);
	const filters = columnFilters(pattern);
	const columns: Filter = {type: 'all', filters};
	if (pattern.condition === undefined || pattern.condition.trim() === '') {
		return {
			filter: columns, exact: true, needs: new Set(), test: operation => matchesFilter(columns, operation),
		};
	}

	const expression = compileExpression(pattern.condition);
	assert.ok(!expression.exact || expression.needs.size === 0, 'what columns decide needs no bodies');
	assert.ok(filters.length > 0 || pattern.condition !== '', 'a condition that is empty is none');
	return {
		filter: {type: 'all', filters: [...filters, expression.filter]},
		exact: expression.exact,
		needs: expression.needs,
		test: (operation, bodies) => matchesFilter(columns, operation) && expression.test(operation, bodies),
	};
};

/** The object (or the collection, or the URL) and the verb of an operation. */
export const patternFor = (operation: Operation): BreakpointPattern => {
	const {verb, group, resource, subresource, namespace, name, kind} = operation;
	assert.notEqual(verb, '', 'an operation has a verb');
	if (resource === undefined || resource === '') {
		return {verb, condition: `path == ${JSON.stringify(operation.path ?? '')}`};
	}

	const pattern = {
		verb,
		group: group ?? '',
		resource,
		...((kind === 'request') && {subresource: subresource ?? ''}),
		...(!(namespace === undefined || namespace === '') && {namespace}),
		...(!(name === undefined || name === '') && {name}),
	};
	assert.ok(columnFilters(pattern).every(filter => matchesFilter(filter, operation)), 'the breakpoint of an operation holds there');
	return pattern;
};
