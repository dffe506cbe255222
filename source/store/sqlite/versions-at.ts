import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectPlace} from '../../model/object-key.js';
import type {ObjectVersion} from '../../model/object-version.js';
import type {VersionQuery} from '../operation-store.js';
import type {Column} from './encodings.js';
import {sessionStride} from './schema.js';
import {type Scope, sortedScopes} from './scopes.js';
import type {SessionRow} from './sessions.js';
import {
	namePosition,
	type VersionDecoder,
	versionColumns,
	versionTables,
} from './version-row.js';

type AtQuery = VersionQuery & {readonly at: number};

/** The state at a step. */
export type VersionsAt = {
	/** The version of the object that is there at a step; undefined: none is. */
	one(session: SessionRow, place: ObjectPlace, step: number): ObjectVersion | undefined;
	/** All of them in order of group, resource, namespace and name, those up to `query.afterKey` left out. */
	all(session: SessionRow, query: AtQuery): readonly ObjectVersion[];
};

/** Rows of one object are looked through from the step backwards: a column of the first whose interval holds the step. */
const holding = (column: string, place: string): string => `(SELECT ${column} FROM versions w
	WHERE w.place = ${place} AND w.entered BETWEEN :first AND :id AND (w.steps IS NULL OR w.entered + w.steps > :id) ORDER BY w.entered DESC, w.number DESC LIMIT 1)`;

/** That row of `v`: by its whole key, or every row of the object would be looked at. */
const isHolding = (place: string): string => `v.place = ${place} AND v.entered = ${holding('w.entered', place)} AND v.number = ${holding('w.number', place)}`;

const bounds = ({number}: SessionRow, step: number): {readonly id: number; readonly first: number} => {
	const first = number * sessionStride;
	assert.ok(Number.isSafeInteger(step) && step >= 0 && step < sessionStride, 'a step of the session');
	return {id: first + step, first};
};

/**
Drops ends. A name that was given anew in the step in which its last holder ended has rows of both there: the living one counts.
*/
const createLiving = (database: Database.Database, decoder: VersionDecoder): ((row: readonly Column[], session: SessionRow, step: number) => ObjectVersion | undefined) => {
	const select = database.prepare(`SELECT ${versionColumns} FROM ${versionTables}
		WHERE v.place = ? AND v.entered = ? AND (v.steps IS NULL OR v.entered + v.steps > ?) ORDER BY v.number DESC`).raw();

	return (row, session, step) => {
		const version = decoder.decode(row);
		if (version.kind !== 'end') {
			return version;
		}

		const {first, id} = bounds(session, step);
		const inTheStep = select.all(row[0], first + version.step, id) as ReadonlyArray<readonly Column[]>;
		assert.ok(inTheStep.length > 0, 'the end itself is among them');
		return inTheStep.length === 1 ? undefined : inTheStep.map(one => decoder.decode(one)).find(({kind}) => kind !== 'end');
	};
};

export const createVersionsAt = (database: Database.Database, decoder: VersionDecoder, findPlace: (session: SessionRow, place: ObjectPlace) => number | undefined): VersionsAt => {
	const living = createLiving(database, decoder);
	const scopesOf = sortedScopes(database);
	const selectOne = database.prepare(`SELECT ${versionColumns} FROM ${versionTables} WHERE ${isHolding(':place')}`).raw();
	// The order of the joins is fixed: places first, each version by its key.
	const selectAll = database.prepare(`SELECT ${versionColumns} FROM places p CROSS JOIN versions v CROSS JOIN states s CROSS JOIN objects x
		WHERE p.scope = :scope AND p.name > :after AND ${isHolding('p.id')} AND s.id = v.state AND x.id = s.object ORDER BY p.name LIMIT :limit`).raw();

	/** Versions of one scope, after a name, until `out` holds as many as asked for. */
	const addScope = (session: SessionRow, scope: Scope, query: AtQuery, afterName: string, out: ObjectVersion[]): void => {
		assert.ok(out.length < query.limit, 'there is room for more');
		let after = afterName;
		let isFull = true;
		while (isFull && out.length < query.limit) {
			const limit = query.limit - out.length;
			const rows = selectAll.all({
				...bounds(session, query.at), scope: scope.id, after, limit,
			}) as ReadonlyArray<readonly Column[]>;
			const versions = rows.map(row => living(row, session, query.at)).filter(version => version !== undefined);
			out.push(...versions.filter(({key}) => query.uid === undefined || query.uid === key.uid));
			isFull = rows.length === limit;
			assert.ok(out.length <= query.limit, 'no more than was asked for');
			const last = rows.at(-1)?.[namePosition];
			assert.ok(last === undefined || (typeof last === 'string' && last > after), 'pages go forward');
			assert.ok(!isFull || last !== undefined, 'after a full page the next begins further on');
			after = last ?? after;
		}
	};

	return {
		one(session, place, step) {
			const number = findPlace(session, place);
			const row = number === undefined ? undefined : selectOne.get({place: number, ...bounds(session, step)}) as readonly Column[] | undefined;
			return row === undefined ? undefined : living(row, session, step);
		},
		all(session, query) {
			const out: ObjectVersion[] = [];
			assert.ok(query.limit >= 1, 'a limit from 1');
			for (const {scope, afterName} of scopesOf(session, query)) {
				addScope(session, scope, query, afterName, out);
				if (out.length >= query.limit) {
					break;
				}
			}

			assert.ok(out.length <= query.limit, 'no more than was asked for');
			return out;
		},
	};
};
