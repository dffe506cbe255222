import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {Filter} from '../../expression/filter.js';
import type {SqlCondition} from './filter-leaf.js';

const placeColumns = ['group', 'resource', 'namespace', 'name'] as const;
type PlaceColumn = typeof placeColumns[number];
type PlaceTest = Extract<Filter, {type: 'text'}> & {readonly column: PlaceColumn};
export type PlaceLeaf = Extract<Filter, {type: 'place'}>;

/** Places named by number in a query that goes by place. */
const maximumPlaces = 64;

const columns: Readonly<Record<PlaceColumn, string>> = {
	group: 'coalesce(s.grp, \'\')', resource: 'coalesce(s.resource, \'\')', namespace: 's.namespace', name: 'p.name',
};

const columnNames: ReadonlySet<string> = new Set(placeColumns);

/** Whether a filter asks for an exact part of a place. */
export const isPlaceTest = (filter: Filter): filter is PlaceTest => filter.type === 'text' && filter.test === 'equals' && columnNames.has(filter.column);

export type PlaceFilters = {
	/** The places that pass all these tests, where they name one or few: operations on them are found by index. Undefined: they do not. */
	required(tests: readonly PlaceTest[], session: number): SqlCondition | undefined;
	/** An object, or the collections it belongs to; `collective` are the operations that are about a whole collection. */
	about(leaf: PlaceLeaf, session: number, collective: SqlCondition): SqlCondition;
};

export const createPlaceFilters = (database: Database.Database): PlaceFilters => {
	assert.ok(database.open, 'an open file');
	const selectOne = database.prepare(`SELECT p.id FROM scopes s JOIN places p ON p.scope = s.id
		WHERE s.session = ? AND s.grp IS ? AND s.resource IS ? AND s.namespace = ? AND p.name = ?`).pluck();

	return {
		required(tests, session) {
			const isGiven = (column: PlaceColumn): boolean => tests.some(one => one.column === column && one.value !== '');
			// An operation without any place passes where all parts may be empty.
			if (tests.every(({column}) => column !== 'name') || (!isGiven('name') && !isGiven('resource'))) {
				return undefined;
			}

			const where = tests.map(({column}) => `${columns[column]} = ?`).join(' AND ');
			assert.ok(where !== '', 'a part at least');
			const found = database.prepare(`SELECT p.id FROM scopes s JOIN places p ON p.scope = s.id WHERE s.session = ? AND ${where} LIMIT ?`)
				.pluck().all(session, ...tests.map(({value}) => value), maximumPlaces + 1).map(Number);
			assert.ok(found.length <= maximumPlaces + 1, 'no more places are read than tell that there are too many');
			return found.length > maximumPlaces
				? undefined
				: {sql: '(o.place IS NOT NULL AND o.place IN (SELECT value FROM json_each(?)))', parameters: [JSON.stringify(found)]};
		},
		about({group, resource, namespace, name}, session, collective) {
			const find = (inNamespace: string, called: string): readonly number[] => selectOne.all(session, group, resource, inNamespace, called).map(Number);
			const own = name === '' ? [] : find(namespace, name);
			const collections = [...find(namespace, ''), ...(namespace === '' ? [] : find('', ''))];
			assert.ok(own.length <= maximumPlaces, 'a place has one number');
			assert.ok(collective.sql !== '', 'a condition tells operations on collections');
			return {
				sql: `(o.place IS NOT NULL AND o.place IN (SELECT value FROM json_each(?)) AND (o.place IN (SELECT value FROM json_each(?)) OR ${collective.sql}))`,
				parameters: [JSON.stringify([...own, ...collections]), JSON.stringify(own), ...collective.parameters],
			};
		},
	};
};
