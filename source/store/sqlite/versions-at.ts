import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectPlace} from '../../model/object-key.js';
import type {ObjectVersion} from '../../model/object-version.js';
import type {VersionQuery} from '../operation-store.js';
import type {Column} from './encodings.js';
import {sessionStride} from './schema.js';
import {type ScopePart, sortedScopes} from './scopes.js';
import type {SessionRow} from './sessions.js';
import {namePosition, type VersionDecoder, versionColumns} from './version-row.js';

type AtQuery = VersionQuery & {readonly at: number};

/** The state at a step. */
export type VersionsAt = {
	/** The version of the object that is there at a step; undefined: none is. */
	one(session: SessionRow, place: ObjectPlace, step: number): ObjectVersion | undefined;
	/** All of them in order of group, resource, namespace and name, those up to `query.afterKey` left out. */
	all(session: SessionRow, query: AtQuery): readonly ObjectVersion[];
};

/**
Rows of one object are looked through from the step backwards for the first whose interval holds the step: its key, as one number. A name that was given anew in the step in which its last
holder ended has rows of both there: the living one comes first.
*/
const holding = (place: string): string => `(SELECT (w.entered - CAST(:first AS INTEGER)) * ${sessionStride} + w.number FROM versions w
	WHERE w.place = ${place} AND w.entered BETWEEN :first AND :id AND (w.steps IS NULL OR w.entered + w.steps > :id)
	ORDER BY w.entered DESC, w.living DESC, w.number DESC LIMIT 1)`;

/** That row as `v`, unless it is an end: by its whole key, or every row of the object would be looked at. */
const byHolding = `v.place = k.place AND v.entered = CAST(:first AS INTEGER) + k.holding / ${sessionStride} AND v.living = 1 AND v.number = k.holding % ${sessionStride}`;

/** Places with the keys of what holds them. The limit, which is none, has SQLite find each key once. */
const keyedPlaces = (where: string): string => `(SELECT p.id AS place, p.name AS name, p.scope AS scope, ${holding('p.id')} AS holding FROM places p WHERE ${where} LIMIT -1)`;

/** The state of the places that a condition names. The order of the joins is fixed: places first, each version by its key. */
const selectHolding = (where: string, rest: string): string => `SELECT ${versionColumns.replaceAll('p.', 'k.')} FROM ${keyedPlaces(where)} k
	CROSS JOIN versions v CROSS JOIN states s CROSS JOIN objects x WHERE ${byHolding} AND s.id = v.state AND x.id = s.object ${rest}`;

const bounds = ({number}: SessionRow, step: number): {readonly id: number; readonly first: number} => {
	const first = number * sessionStride;
	assert.ok(Number.isSafeInteger(step) && step >= 0 && step < sessionStride, 'a step of the session');
	return {id: first + step, first};
};

export const createVersionsAt = (database: Database.Database, decoder: VersionDecoder, findPlace: (session: SessionRow, place: ObjectPlace) => number | undefined): VersionsAt => {
	const scopesOf = sortedScopes(database);
	const selectOne = database.prepare(selectHolding('p.id = :place', '')).raw();
	const selectAll = database.prepare(selectHolding('p.scope = :scope AND p.name > :after ORDER BY p.name', 'LIMIT :limit')).raw();

	/** Versions of one scope, after a name, until `out` holds as many as asked for. */
	const addScope = (session: SessionRow, {scope, afterName}: ScopePart, query: AtQuery, out: ObjectVersion[]): void => {
		assert.ok(out.length < query.limit, 'there is room for more');
		let after = afterName;
		let isFull = true;
		while (isFull && out.length < query.limit) {
			const limit = query.limit - out.length;
			const rows = selectAll.all({
				...bounds(session, query.at), scope: scope.id, after, limit,
			}) as ReadonlyArray<readonly Column[]>;
			const versions = rows.map(row => decoder.decode(row));
			out.push(...versions.filter(({key}) => query.uid === undefined || query.uid === key.uid));
			isFull = rows.length === limit;
			assert.ok(out.length <= query.limit, 'no more than was asked for');
			const last = rows.at(-1)?.[namePosition];
			assert.ok(last === undefined || (typeof last === 'string' && last !== after), 'pages go on');
			assert.ok(!isFull || last !== undefined, 'after a full page the next begins further on');
			after = last ?? after;
		}
	};

	return {
		one(session, place, step) {
			const number = findPlace(session, place);
			const row = number === undefined ? undefined : selectOne.get({place: number, ...bounds(session, step)}) as readonly Column[] | undefined;
			return row === undefined ? undefined : decoder.decode(row);
		},
		all(session, query) {
			const out: ObjectVersion[] = [];
			assert.ok(query.limit >= 1, 'a limit from 1');
			for (const part of scopesOf(session, query)) {
				addScope(session, part, query, out);
				if (out.length >= query.limit) {
					break;
				}
			}

			assert.ok(out.length <= query.limit, 'no more than was asked for');
			return out;
		},
	};
};
