import {strict as assert} from 'node:assert';
import type {Filter, NumberColumn, TextColumn} from '../../expression/filter.js';
import {type Column, encodeUuid} from './encodings.js';
import {sessionStride} from './schema.js';

/** A condition on a row `o` of `operations`, in SQL; never NULL. */
export type SqlCondition = {
	readonly sql: string;
	readonly parameters: readonly Column[];
	/** It names few places, so that rows can be found by them. */
	readonly isIndexed?: boolean;
};

/** What leaves are compiled for. */
export type LeafContext = {
	readonly session: number;
	/** The numbers that a query of a dictionary gives; undefined: too many to list. */
	numbers(query: SqlCondition): readonly number[] | undefined;
};

type TextTest = Extract<Filter, {type: 'text' | 'textIn'}>;
type NumberTest = Extract<Filter, {type: 'number'}>;

export const never: SqlCondition = {sql: '0', parameters: []};
export const always: SqlCondition = {sql: '1', parameters: []};

const condition = (sql: string, ...parameters: readonly Column[]): SqlCondition => ({sql, parameters});

/** A UUID kept as bytes, as text; other texts as they are. */
const uuidText = (column: string): string => {
	const part = (from: number, length: number): string => `substr(hex(${column}), ${from}, ${length})`;
	const parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(' || \'-\' || ');
	return `(CASE typeof(${column}) WHEN 'blob' THEN lower(${parts}) ELSE coalesce(${column}, '') END)`;
};

/** The test on an expression that is a text, never NULL. */
const testText = (expression: string, filter: TextTest): SqlCondition => {
	assert.ok(!expression.includes('?'), 'an expression has no parameters of its own');
	if (filter.type === 'textIn') {
		return condition(`${expression} IN (SELECT value FROM json_each(?))`, JSON.stringify(filter.values));
	}

	const {test, value} = filter;
	if (test === 'equals') {
		return condition(`${expression} = ?`, value);
	}

	const {length} = [...value];
	if (length === 0) {
		return always;
	}

	assert.ok(length > 0, 'a text to look for');
	switch (test) {
		case 'contains': {
			return condition(`instr(${expression}, ?) > 0`, value);
		}

		case 'startsWith': {
			return condition(`substr(${expression}, 1, ${length}) = ?`, value);
		}

		case 'endsWith': {
			return condition(`substr(${expression}, -${length}) = ?`, value);
		}
	}
};

/** Whether a missing text passes: it compares as ''. */
const isMissingAccepted = (filter: TextTest): boolean =>
	filter.type === 'textIn' ? filter.values.includes('') : filter.value === '';

/** Places that a query may name to go by them. */
const maximumPlaces = 64;

/** `column` names a row of a dictionary; `rows` selects the numbers of those that pass. Few are listed, once: a scan in slices would look them up for each. */
const inDictionary = (column: string, rows: SqlCondition, isMissingFine: boolean, context: LeafContext): SqlCondition => {
	const numbers = context.numbers(rows);
	assert.ok(rows.sql.startsWith('SELECT'), 'a query of a dictionary');
	if (numbers?.length === 0) {
		return isMissingFine ? condition(`${column} IS NULL`) : never;
	}

	const list = numbers === undefined ? rows : condition('SELECT value FROM json_each(?)', JSON.stringify(numbers));
	const isIndexed = column === 'o.place' && !isMissingFine && numbers !== undefined && numbers.length <= maximumPlaces;
	return {
		...condition(isMissingFine ? `(${column} IS NULL OR ${column} IN (${list.sql}))` : `(${column} IS NOT NULL AND ${column} IN (${list.sql}))`, ...list.parameters),
		isIndexed,
	};
};

const selecting = (select: string, session: number, where: SqlCondition): SqlCondition => condition(`${select} AND ${where.sql}`, session, ...where.parameters);

/** Texts of `operations` that are numbers of `texts`. */
const textReferences: Partial<Record<TextColumn, string>> = {query: 'o.query', message: 'o.message', connection: 'o.connection'};

/** Texts of `details`. */
const detailTexts: Partial<Record<TextColumn, string>> = {
	path: 'coalesce(detail ->> \'$.path\', \'\')',
	collectionResourceVersion: 'coalesce(detail ->> \'$.collectionResourceVersion\', \'\')',
	reconcile: 'coalesce(detail ->> \'$.reconcile\', \'\')',
};

const placeTexts: Partial<Record<TextColumn, string>> = {namespace: 's.namespace', name: 'p.name'};

/** States whose object, or controller, has a uid that passes. */
const uidCondition = (filter: TextTest, reference: string, context: LeafContext): SqlCondition => {
	const {session} = context;
	const isExact = filter.type === 'text' && filter.test === 'equals';
	const test = isExact
		? condition('substr(uid, 1, 4) = substr(?, 1, 4) AND uid = ?', encodeUuid(filter.value), encodeUuid(filter.value))
		: testText(uuidText('uid'), filter);
	const objects = selecting('SELECT id FROM objects WHERE session = ?', session, test);
	const states = selecting('SELECT s.id FROM states s WHERE s.session = ?', session, inDictionary(reference, objects, isMissingAccepted(filter), context));
	assert.equal(states.parameters[0], session, 'states of one session');
	return inDictionary('o.state', states, isMissingAccepted(filter), context);
};

/** A condition on a text that no shape holds. */
export const textCondition = (filter: TextTest, context: LeafContext): SqlCondition => {
	const {session} = context;
	const {column} = filter;
	if (column === 'resourceVersionBefore') {
		return testText('coalesce(CAST(o.version_before AS TEXT), \'\')', filter);
	}

	const detailText = detailTexts[column];
	if (detailText !== undefined) {
		return inDictionary('o.detail', selecting('SELECT id FROM details WHERE session = ?', session, testText(detailText, filter)), isMissingAccepted(filter), context);
	}

	const reference = textReferences[column];
	if (reference !== undefined) {
		return inDictionary(reference, selecting('SELECT id FROM texts WHERE session = ?', session, testText('text', filter)), isMissingAccepted(filter), context);
	}

	if (column === 'auditId') {
		return filter.type === 'text' && filter.test === 'equals' && filter.value !== ''
			? condition('(o.audit_id IS NOT NULL AND o.audit_id = ?)', encodeUuid(filter.value))
			: testText(uuidText('o.audit_id'), filter);
	}

	const placeText = placeTexts[column];
	if (placeText !== undefined) {
		const places = 'SELECT p.id FROM scopes s JOIN places p ON p.scope = s.id WHERE s.session = ?';
		return inDictionary('o.place', selecting(places, session, testText(placeText, filter)), isMissingAccepted(filter), context);
	}

	if (column === 'resourceVersion') {
		const states = selecting('SELECT s.id FROM states s WHERE s.session = ?', session, testText('coalesce(CAST(s.resource_version AS TEXT), \'\')', filter));
		return inDictionary('o.state', states, isMissingAccepted(filter), context);
	}

	assert.ok(column === 'uid' || column === 'controllerUid', 'every text column is known');
	return uidCondition(filter, column === 'uid' ? 's.object' : 's.controller', context);
};

const numberExpressions: Partial<Record<NumberColumn, string>> = {
	stream: 'coalesce(o.stream, -1)',
	cause: `coalesce(o.id % ${sessionStride} - o.cause, -1)`,
	arrivedAt: 'o.arrived',
	endedAt: 'coalesce(o.arrived + o.duration, -1)',
	duration: 'coalesce(o.duration, -1)',
	requestSize: 'coalesce(o.request_size, -1)',
	responseSize: 'coalesce(o.response_size, -1)',
};

const comparisons: ReadonlySet<string> = new Set(['==', '<', '<=', '>', '>=']);

/** A condition on a number that no shape holds. */
export const numberCondition = ({column, test, value}: NumberTest, context: LeafContext): SqlCondition => {
	const {session} = context;
	assert.ok(comparisons.has(test), 'a comparison we know');
	if (Number.isNaN(value)) {
		return never;
	}

	if (column === 'sequence') {
		return condition(`o.id ${test} ?`, (session * sessionStride) + value);
	}

	if (column === 'generation') {
		const rows = selecting('SELECT id FROM states WHERE session = ?', session, condition(`coalesce(generation, -1) ${test} ?`, value));
		const compare: Readonly<Record<NumberTest['test'], boolean>> = {
			'==': value === -1, '<': value > -1, '<=': value >= -1, '>': value < -1, '>=': value <= -1,
		};
		return inDictionary('o.state', rows, compare[test], context);
	}

	const expression = numberExpressions[column];
	assert.ok(expression !== undefined, 'every number column is known');
	assert.ok(!expression.includes('?'), 'an expression has no parameters of its own');
	return condition(`${expression} ${test} ?`, value);
};
