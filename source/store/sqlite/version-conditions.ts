import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectPlace} from '../../model/object-key.js';
import type {VersionQuery} from '../operation-store.js';
import {type Column, encodeUuid} from './encodings.js';
import type {SessionRow} from './sessions.js';

/** What the rows of a query have in common, in SQL on `v`, `s` and `x` of `versionTables`. */
export type VersionCondition = {
	readonly sql: string;
	readonly parameters: readonly Column[];
	/** Rows are found by their place; otherwise in order of their steps. */
	readonly isByPlace: boolean;
	/** It may leave out most of the rows that are looked at. */
	readonly isSelective: boolean;
};

export type VersionConditions = {
	findPlace(session: SessionRow, place: ObjectPlace): number | undefined;
	/** Undefined: there are no such rows. */
	of(session: SessionRow, query: VersionQuery): VersionCondition | undefined;
};

const scopeColumns = [['group', 'c.grp'], ['resource', 'c.resource'], ['namespace', 'c.namespace']] as const;

/** Rows whose place lies in a group, a resource, a namespace. */
const inScope = (query: VersionQuery): {readonly sql: string; readonly parameters: readonly string[]} => {
	const given = scopeColumns.filter(([part]) => query[part] !== undefined);
	assert.ok(given.length <= scopeColumns.length, 'three parts');
	return {
		sql: given.length === 0
			? '1'
			: `EXISTS (SELECT 1 FROM scopes c WHERE c.id = p.scope AND ${given.map(([, column]) => `${column} = ?`).join(' AND ')})`,
		parameters: given.map(([part]) => query[part] ?? ''),
	};
};

export const createVersionConditions = (database: Database.Database): VersionConditions => {
	const selectPlace = database.prepare(`SELECT p.id FROM scopes s JOIN places p ON p.scope = s.id
		WHERE s.session = ? AND s.grp IS ? AND s.resource IS ? AND s.namespace = ? AND p.name = ?`).pluck();
	const selectObjects = database.prepare(`SELECT id, place FROM objects
		WHERE substr(uid, 1, 4) = substr(:uid, 1, 4) AND uid = :uid AND session = :session AND place IS NOT NULL`).raw();

	const findPlace = (session: SessionRow, {group, resource, namespace, name}: ObjectPlace): number | undefined => {
		const found: unknown = selectPlace.get(session.number, group, resource, namespace, name);
		return typeof found === 'number' ? found : undefined;
	};

	return {
		findPlace,
		of(session, query) {
			const {place, uid} = query;
			assert.equal(query.at, undefined, 'a state is not looked for by its steps');
			assert.equal(query.afterKey, undefined, 'pages by step follow each other by `after`');
			const scope = inScope(query);
			assert.equal(scope.sql === '1', scope.parameters.length === 0, 'a condition on the scope goes with its values');
			if (place !== undefined) {
				const number = findPlace(session, place);
				return number === undefined
					? undefined
					: {
						sql: `v.place = ? AND ${uid === undefined ? '1' : 'x.uid = ?'} AND ${scope.sql}`,
						parameters: [number, ...(uid === undefined ? [] : [encodeUuid(uid)]), ...scope.parameters],
						isByPlace: true,
						isSelective: false,
					};
			}

			if (uid === undefined) {
				return {...scope, isByPlace: false, isSelective: scope.sql !== '1'};
			}

			const objects = selectObjects.all({uid: encodeUuid(uid), session: session.number}) as ReadonlyArray<readonly Column[]>;
			assert.ok(objects.every(row => row.length === 2), 'an object and its place');
			// Nearly always one place, whose rows are in order.
			const places = [...new Set(objects.map(([, holder]) => holder))];
			assert.ok(!places.includes(null), 'what was found has a place');
			return objects.length === 0
				? undefined
				: {
					sql: `v.place ${places.length === 1 ? '= ?' : 'IN (SELECT value FROM json_each(?))'} AND s.object IN (SELECT value FROM json_each(?)) AND ${scope.sql}`,
					parameters: [places.length === 1 ? places[0] ?? null : JSON.stringify(places), JSON.stringify(objects.map(([id]) => id)), ...scope.parameters],
					isByPlace: true,
					isSelective: false,
				};
		},
	};
};
