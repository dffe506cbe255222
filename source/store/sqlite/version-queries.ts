import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectKey, ObjectPlace} from '../../model/object-key.js';
import type {ObjectVersion} from '../../model/object-version.js';
import type {VersionQuery} from '../operation-store.js';
import type {Dictionaries} from './dictionaries.js';
import type {Column} from './encodings.js';
import {type IdRange, maximumLimit} from './operation-queries.js';
import {scanInTurns} from './scan.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';
import {createStatements} from './statements.js';
import {createVersionConditions, type VersionCondition} from './version-conditions.js';
import {createVersionFinder} from './version-finder.js';
import {
	createVersionDecoder,
	versionColumns,
	versionJoins,
	versionTables,
} from './version-row.js';
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

/** Rows of a query that goes by steps, in the order asked for. */
const selectInOrder = ({direction, after}: VersionQuery, {sql, isByPlace}: VersionCondition): string => {
	const isBackward = direction === 'backward';
	const order = isBackward ? 'DESC' : 'ASC';
	const beyond = after === undefined ? '' : `AND (v.entered, v.number) ${isBackward ? '<' : '>'} (?, ?)`;
	return `SELECT ${versionColumns} FROM versions v ${isByPlace ? '' : 'INDEXED BY versions_by_step'}
		${versionJoins}
		WHERE v.entered BETWEEN ? AND ? ${beyond} AND ${sql} ORDER BY v.entered ${order}, v.number ${order} LIMIT ?`;
};

/** Ranges to look at one after the other, in the order asked for. */
const rangesOf = ({first, last}: IdRange, {direction}: VersionQuery, {isSelective}: VersionCondition): readonly IdRange[] => {
	if (!isSelective) {
		return [{first, last}];
	}

	assert.ok(last - first < sessionStride, 'a range lies in one session, and is cut into a bounded number');
	const ranges: IdRange[] = [];
	for (let start = first; start <= last; start += sliceSteps) {
		ranges.push({first: start, last: Math.min(last, start + sliceSteps - 1)});
	}

	assert.equal(ranges.at(-1)?.last, last, 'ranges reach to the end');
	return direction === 'backward' ? ranges.toReversed() : ranges;
};

type InOrder = (session: SessionRow, query: VersionQuery, condition: VersionCondition) => Promise<readonly ObjectVersion[]>;

const createInOrder = (database: Database.Database, decodeAll: (rows: unknown[]) => readonly ObjectVersion[]): InOrder => {
	const prepare = createStatements(database, 'arrays');
	const least = database.prepare('SELECT min(entered) FROM versions WHERE entered BETWEEN ? AND ?').pluck();
	const greatest = database.prepare('SELECT max(entered) FROM versions WHERE entered BETWEEN ? AND ?').pluck();

	return async (session, query, condition) => {
		const base = session.number * sessionStride;
		const {from = 0, to = sessionStride - 1} = query;
		const bounds = [base + Math.max(0, from), base + Math.min(to, sessionStride - 1)];
		const first: unknown = least.get(...bounds);
		const last: unknown = greatest.get(...bounds);
		if (typeof first !== 'number' || typeof last !== 'number') {
			return [];
		}

		assert.ok(first <= last, 'a range goes forward');
		const statement = prepare(selectInOrder(query, condition));
		assert.ok(query.after === undefined || (Number.isSafeInteger(query.after.step) && Number.isSafeInteger(query.after.number)), 'a page begins after a row');
		const beyond = query.after === undefined ? [] : [base + query.after.step, query.after.number];
		const found: ObjectVersion[] = [];
		await scanInTurns(rangesOf({first, last}, query, condition), range => {
			assert.ok(found.length < query.limit, 'a LIMIT that is not positive would be none');
			found.push(...decodeAll(statement.all(range.first, range.last, ...beyond, ...condition.parameters, query.limit - found.length)));
			return found.length < query.limit ? 'more' : 'enough';
		});
		assert.ok(found.length <= query.limit, 'no more than was asked for');
		return found;
	};
};

export const createVersionQueries = (database: Database.Database, dictionaries: Dictionaries, locator: string): VersionQueries => {
	const decoder = createVersionDecoder(database, dictionaries, locator);
	const decodeAll = (rows: unknown[]): readonly ObjectVersion[] => (rows as ReadonlyArray<readonly Column[]>).map(row => decoder.decode(row));
	const conditions = createVersionConditions(database);
	const versionsAt = createVersionsAt(database, decoder, conditions.findPlace);
	const findVersions = createVersionFinder(database, decoder);
	const inOrder = createInOrder(database, decodeAll);
	const selectEntered = database.prepare(`SELECT ${versionColumns} FROM ${versionTables} WHERE v.entered = ? ORDER BY v.number LIMIT ?`).raw();

	const stateAt = (session: SessionRow, query: VersionQuery, at: number): readonly ObjectVersion[] => {
		assert.equal(query.after, undefined, 'pages of a state follow each other by afterKey');
		if (query.place === undefined) {
			return versionsAt.all(session, {...query, at});
		}

		const version = versionsAt.one(session, query.place, at);
		return version === undefined || (query.uid !== undefined && query.uid !== version.key.uid) ? [] : [version];
	};

	return {
		async query(session, query) {
			assert.ok(Number.isSafeInteger(query.limit) && query.limit >= 1 && query.limit <= maximumLimit, `a limit from 1 to ${maximumLimit}`);
			if (query.at !== undefined) {
				return stateAt(session, query, query.at);
			}

			const condition = conditions.of(session, query);
			return condition === undefined ? [] : inOrder(session, query, condition);
		},
		at: (session, place, step) => versionsAt.one(session, place, step),
		of(session, key, resourceVersion) {
			const place = conditions.findPlace(session, key);
			return place === undefined ? [] : findVersions(session, place, key.uid, resourceVersion);
		},
		enteredAt(session, step, limit) {
			assert.ok(limit >= 1, 'a limit from 1');
			assert.ok(Number.isSafeInteger(step) && step >= 0 && step < sessionStride, 'a step of the session');
			return decodeAll(selectEntered.all((session.number * sessionStride) + step, limit));
		},
		forget() {
			decoder.forget();
		},
	};
};
