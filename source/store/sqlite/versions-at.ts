import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectKey, ObjectPlace} from '../../model/object-key.js';
import type {ObjectVersion} from '../../model/object-version.js';
import type {VersionQuery} from '../operation-store.js';
import type {Column} from './encodings.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';
import {type VersionDecoder, versionColumns, versionTables} from './version-row.js';

/** The state at a step. */
export type VersionsAt = {
	/** The version of the object that is there at a step; undefined: none is. */
	one(session: SessionRow, place: ObjectPlace, step: number): ObjectVersion | undefined;
	/** All of them in order of group, resource, namespace and name, `query.afterKey` left behind. */
	all(session: SessionRow, query: VersionQuery & {readonly at: number}): readonly ObjectVersion[];
};

type Scope = {readonly id: number; readonly group: string; readonly resource: string; readonly namespace: string};

const scopeParts = ['group', 'resource', 'namespace'] as const;

const compareScopes = (left: Pick<Scope, typeof scopeParts[number]>, right: Pick<Scope, typeof scopeParts[number]>): number => {
	for (const part of scopeParts) {
		if (left[part] !== right[part]) {
			return left[part] < right[part] ? -1 : 1;
		}
	}

	return 0;
};

/** Rows of one object are looked through from the step backwards: the first whose interval holds the step. */
const holding = (place: string): string => `SELECT w.entered, w.number FROM versions w
	WHERE w.place = ${place} AND w.entered <= :id AND (w.until IS NULL OR w.until > :step) AND w.entered >= :first ORDER BY w.entered DESC, w.number DESC LIMIT 1`;

export const createVersionsAt = (database: Database.Database, decoder: VersionDecoder, findPlace: (session: SessionRow, place: ObjectPlace) => number | undefined): VersionsAt => {
	const selectOne = database.prepare(`SELECT ${versionColumns} FROM ${versionTables} WHERE v.place = :place AND (v.entered, v.number) = (${holding(':place')})`).raw();
	const selectBesides = database.prepare(`SELECT ${versionColumns} FROM ${versionTables}
		WHERE v.place = ? AND v.entered = ? AND (v.until IS NULL OR v.until > ?) ORDER BY v.number DESC`).raw();
	const selectScopes = database.prepare('SELECT id, grp, resource, namespace FROM scopes WHERE session = ?').raw();
	// The unary plus keeps SQLite from beginning with anything but the places.
	const selectAll = database.prepare(`SELECT ${versionColumns}, p.name FROM places p CROSS JOIN versions v CROSS JOIN states s CROSS JOIN objects x
		WHERE p.scope = :scope AND p.name > :after AND v.place = p.id AND (v.entered, v.number) = (${holding('p.id')}) AND s.id = v.state AND x.id = s.object
		ORDER BY p.name LIMIT :limit`).raw();

	/** A name that was given anew in the step its last holder ended has rows of both there: the living one counts. */
	const living = (row: readonly Column[], session: SessionRow, step: number): ObjectVersion | undefined => {
		const version = decoder.decode(row);
		if (version.kind !== 'end') {
			return version;
		}

		const besides = selectBesides.all(row[0], (session.number * sessionStride) + version.step, step) as ReadonlyArray<readonly Column[]>;
		assert(besides.length > 0, 'the end itself is among them');
		return besides.length === 1 ? undefined : besides.map(one => decoder.decode(one)).find(({kind}) => kind !== 'end');
	};

	const bounds = (session: SessionRow, step: number): {id: number; step: number; first: number} => {
		const first = session.number * sessionStride;
		assert(step >= 0 && step < sessionStride, 'a step of the session');
		return {id: first + step, step, first};
	};

	const matches = ({group, resource, namespace}: VersionQuery, scope: Scope): boolean =>
		(group === undefined || group === scope.group) && (resource === undefined || resource === scope.resource) && (namespace === undefined || namespace === scope.namespace);

	const scopesOf = (session: SessionRow, query: VersionQuery): readonly Scope[] =>
		(selectScopes.all(session.number) as ReadonlyArray<readonly Column[]>)
			.map(([id, group, resource, namespace]) => ({
				id: Number(id), group: typeof group === 'string' ? group : '', resource: typeof resource === 'string' ? resource : '', namespace: typeof namespace === 'string' ? namespace : '',
			}))
			.filter(scope => matches(query, scope) && (query.afterKey === undefined || compareScopes(scope, query.afterKey) >= 0))
			.toSorted(compareScopes);

	/** Versions of one scope, after a name, until `out` holds `limit`. */
	const addScope = (session: SessionRow, scope: Scope, query: VersionQuery & {readonly at: number}, afterName: string, out: ObjectVersion[]): void => {
		let after = afterName;
		let isFull = true;
		while (isFull && out.length < query.limit) {
			const limit = query.limit - out.length;
			const rows = selectAll.all({
				...bounds(session, query.at), scope: scope.id, after, limit,
			}) as ReadonlyArray<readonly Column[]>;
			for (const row of rows) {
				const version = living(row, session, query.at);
				if (version !== undefined && (query.uid === undefined || query.uid === version.key.uid)) {
					out.push(version);
				}
			}

			isFull = rows.length === limit;
			const last = rows.at(-1)?.at(-1);
			assert(last === undefined || (typeof last === 'string' && last > after), 'pages go forward');
			after = typeof last === 'string' ? last : after;
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
			const afterKey: ObjectKey | undefined = query.afterKey;
			for (const scope of scopesOf(session, query)) {
				const isSameScope = afterKey !== undefined && compareScopes(scope, afterKey) === 0;
				addScope(session, scope, query, isSameScope ? afterKey.name : '', out);
				if (out.length >= query.limit) {
					break;
				}
			}

			assert(out.length <= query.limit);
			return out;
		},
	};
};
