import {strict as assert} from 'node:assert';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type {ObjectKey, ObjectPlace} from '../../model/object-key.js';
import type {ObjectVersion} from '../../model/object-version.js';
import type {VersionQuery} from '../operation-store.js';
import type {Dictionaries} from './dictionaries.js';
import {type Column, encodeUuid, encodeVersion} from './encodings.js';
import {maximumLimit} from './operation-queries.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';
import {createVersionDecoder, versionColumns, versionTables} from './version-row.js';
import {createVersionsAt} from './versions-at.js';

/** Steps looked at in one turn of the event loop, where a condition may leave out most of their rows. */
const sliceSteps = 20_000;

export type VersionQueries = {
	query(session: SessionRow, query: VersionQuery): Promise<readonly ObjectVersion[]>;
	at(session: SessionRow, place: ObjectPlace, step: number): ObjectVersion | undefined;
	of(session: SessionRow, key: ObjectKey, resourceVersion: string): readonly ObjectVersion[];
	enteredAt(session: SessionRow, step: number, limit: number): readonly ObjectVersion[];
	forget(): void;
};

type Condition = {readonly sql: string; readonly parameters: readonly Column[]};

export const createVersionQueries = (database: Database.Database, dictionaries: Dictionaries, locator: string): VersionQueries => {
	const decoder = createVersionDecoder(database, dictionaries, locator);
	const selectPlace = database.prepare(`SELECT p.id FROM scopes s JOIN places p ON p.scope = s.id
		WHERE s.session = ? AND s.grp IS ? AND s.resource IS ? AND s.namespace = ? AND p.name = ?`).pluck();
	const selectObjects = database.prepare('SELECT id, place FROM objects WHERE uid = ? AND session = ? AND place IS NOT NULL').raw();
	const selectOf = database.prepare(`SELECT ${versionColumns} FROM ${versionTables}
		WHERE v.place = ? AND v.resource_version = ? AND x.uid = ? ORDER BY v.entered, v.number`).raw();
	const selectEntered = database.prepare(`SELECT ${versionColumns} FROM ${versionTables} WHERE v.entered = ? ORDER BY v.number LIMIT ?`).raw();
	const selectPlaceOf = database.prepare('SELECT place FROM versions WHERE entered = ? AND number = ?').pluck();
	const decodeAll = (rows: unknown[]): ObjectVersion[] => (rows as ReadonlyArray<readonly Column[]>).map(row => decoder.decode(row));

	const findPlace = (session: SessionRow, {group, resource, namespace, name}: ObjectPlace): number | undefined => {
		const found: unknown = selectPlace.get(session.number, group, resource, namespace, name);
		return typeof found === 'number' ? found : undefined;
	};

	const versionsAt = createVersionsAt(database, decoder, findPlace);

	/** What the rows of a query have in common; undefined: there are none. */
	const conditionOf = (session: SessionRow, {place, uid, group, resource, namespace}: VersionQuery): Condition | undefined => {
		if (place !== undefined) {
			const number = findPlace(session, place);
			return number === undefined ? undefined : {
				sql: `v.place = ?${uid === undefined ? '' : ' AND x.uid = ?'}`, parameters: [number, ...(uid === undefined ? [] : [encodeUuid(uid)])],
			};
		}

		const conditions: string[] = [];
		const parameters: Column[] = [];
		if (uid !== undefined) {
			const objects = selectObjects.all(encodeUuid(uid), session.number) as ReadonlyArray<readonly Column[]>;
			if (objects.length === 0) {
				return undefined;
			}

			conditions.push('v.place IN (SELECT value FROM json_each(?)) AND s.object IN (SELECT value FROM json_each(?))');
			parameters.push(JSON.stringify(objects.map(([, holder]) => holder)), JSON.stringify(objects.map(([id]) => id)));
		}

		const parts = ([['c.grp', group], ['c.resource', resource], ['c.namespace', namespace]] as const).filter(([, value]) => value !== undefined);
		if (parts.length > 0) {
			conditions.push(`EXISTS (SELECT 1 FROM places p JOIN scopes c ON c.id = p.scope WHERE p.id = v.place AND ${parts.map(([column]) => `${column} = ?`).join(' AND ')})`);
			parameters.push(...parts.map(([, value]) => value!));
		}

		assert(conditions.length <= 2, 'by uid, and by scope');
		return {sql: conditions.length === 0 ? '1' : conditions.join(' AND '), parameters};
	};

	const lastEntered = database.prepare('SELECT max(entered) FROM versions WHERE entered BETWEEN ? AND ?').pluck();

	/** Ranges of ids to look at one after the other, in the order asked for. */
	const rangesOf = (session: SessionRow, {from = 0, to = sessionStride - 1, direction, place, uid, group, resource, namespace}: VersionQuery): ReadonlyArray<readonly [number, number]> => {
		const base = session.number * sessionStride;
		const first = base + Math.max(0, from);
		const greatest: unknown = lastEntered.get(first, base + Math.min(to, sessionStride - 1));
		if (typeof greatest !== 'number') {
			return [];
		}

		if (place !== undefined || uid !== undefined || (group ?? resource ?? namespace) === undefined) {
			return [[first, greatest]];
		}

		const ranges: Array<readonly [number, number]> = [];
		for (let start = first; start <= greatest; start += sliceSteps) {
			ranges.push([start, Math.min(greatest, start + sliceSteps - 1)]);
		}

		return direction === 'backward' ? ranges.toReversed() : ranges;
	};

	const inOrder = async (session: SessionRow, query: VersionQuery): Promise<readonly ObjectVersion[]> => {
		const condition = conditionOf(session, query);
		if (condition === undefined) {
			return [];
		}

		const isBackward = query.direction === 'backward';
		const order = isBackward ? 'DESC' : 'ASC';
		const isByPlace = query.place !== undefined || query.uid !== undefined;
		const after = query.after === undefined ? '' : `AND (v.entered, v.number) ${isBackward ? '<' : '>'} (?, ?)`;
		const afterParameters = query.after === undefined ? [] : [(session.number * sessionStride) + query.after.step, query.after.number];
		const statement = database.prepare(`SELECT ${versionColumns} FROM versions v ${isByPlace ? '' : 'INDEXED BY versions_by_step'}
			JOIN states s ON s.id = v.state JOIN objects x ON x.id = s.object
			WHERE v.entered BETWEEN ? AND ? ${after} AND ${condition.sql} ORDER BY v.entered ${order}, v.number ${order} LIMIT ?`).raw();
		const found: ObjectVersion[] = [];
		for (const [index, [first, last]] of rangesOf(session, query).entries()) {
			if (index > 0) {
				await nextTurn(); // eslint-disable-line no-await-in-loop -- a scan in slices leaves the event loop free
			}

			found.push(...decodeAll(statement.all(first, last, ...afterParameters, ...condition.parameters, query.limit - found.length)));
			if (found.length >= query.limit) {
				break;
			}
		}

		return found;
	};

	/** The key after which a page begins whose predecessor ended with a version. */
	const keyAfter = (session: SessionRow, {afterKey, after}: VersionQuery): ObjectKey | undefined => {
		if (afterKey !== undefined || after === undefined) {
			return afterKey;
		}

		const place: unknown = selectPlaceOf.get((session.number * sessionStride) + after.step, after.number);
		assert(typeof place === 'number', 'a page begins after a version');
		const {group = '', resource = '', namespace, name} = dictionaries.place(place);
		return {
			group, resource, namespace, name, uid: '',
		};
	};

	const stateAt = (session: SessionRow, query: VersionQuery, at: number): readonly ObjectVersion[] => {
		if (query.place === undefined) {
			return versionsAt.all(session, {...query, at, afterKey: keyAfter(session, query)});
		}

		const version = versionsAt.one(session, query.place, at);
		return version === undefined || (query.uid !== undefined && query.uid !== version.key.uid) ? [] : [version];
	};

	return {
		async query(session, query) {
			assert(Number.isSafeInteger(query.limit) && query.limit >= 1 && query.limit <= maximumLimit, `a limit from 1 to ${maximumLimit}`);
			return query.at === undefined ? inOrder(session, query) : stateAt(session, query, query.at);
		},
		at: (session, place, step) => versionsAt.one(session, place, step),
		of(session, key, resourceVersion) {
			const place = findPlace(session, key);
			return place === undefined ? [] : decodeAll(selectOf.all(place, encodeVersion(resourceVersion), encodeUuid(key.uid)));
		},
		enteredAt(session, step, limit) {
			assert(limit >= 1, 'a limit from 1');
			return decodeAll(selectEntered.all((session.number * sessionStride) + step, limit));
		},
		forget() {
			decoder.forget();
		},
	};
};
