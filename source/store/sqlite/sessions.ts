import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {isJsonObject} from '../../model/json.js';
import {KubestepError, usageError} from '../../model/kubestep-error.js';
import {
	type Capability,
	capabilityNames,
	type Gap,
	type Session,
	type SessionSource,
	sessionSources,
} from '../../model/session.js';
import type {Column} from './encodings.js';
import {sessionStride} from './schema.js';
import {damagedError} from './store-error.js';

/** What the other tables need of a session. */
export type SessionRow = {
	readonly id: string;
	readonly number: number;
	/** Ms since the Unix epoch of its time zero, as it was when it was made: dates in headers are stored relative to it. */
	readonly clock: number;
};

/** Ids listed in an error about one that does not exist. */
const listedIds = 10;

const columns = [
	'number',
	'id',
	'source',
	'started_at',
	'origin',
	'capabilities',
	'redacted',
	'parent',
	'open',
	'operations',
	'requests',
	'events',
	'CAST(duration AS TEXT) AS duration',
	'facts',
].join(', ');

type Row = Readonly<Record<string, Column>>;

const parseArray = (column: Column | undefined): readonly unknown[] => {
	const value: unknown = JSON.parse(String(column));
	if (!Array.isArray(value)) {
		throw new TypeError('not an array');
	}

	return value;
};

const parseFacts = (column: Column | undefined): Readonly<Record<string, string>> => {
	const value: unknown = JSON.parse(String(column));
	if (!isJsonObject(value)) {
		throw new TypeError('not an object');
	}

	return Object.fromEntries(Object.entries(value).map(([key, fact]) => [key, typeof fact === 'string' ? fact : JSON.stringify(fact)]));
};

const sourceOf = (column: Column | undefined): SessionSource => {
	const source = sessionSources.find(candidate => candidate === column);
	if (source === undefined) {
		throw new TypeError(`unknown source ${String(column)}`);
	}

	return source;
};

const names: ReadonlySet<unknown> = new Set(capabilityNames);
const isCapability = (value: unknown): value is Capability => names.has(value);

const toSession = (row: Row, gaps: readonly Gap[], locator: string): Session => {
	assert.ok(typeof row.id === 'string' && typeof row.number === 'number', 'a session has an id and a number');
	try {
		return {
			id: row.id,
			source: sourceOf(row.source),
			startedAt: Number(row.started_at),
			origin: String(row.origin),
			capabilities: parseArray(row.capabilities).filter(value => isCapability(value)),
			redacted: row.redacted === 1,
			parent: typeof row.parent === 'string' ? row.parent : undefined,
			gaps,
			open: row.open === 1,
			operations: Number(row.operations),
			requests: Number(row.requests),
			events: Number(row.events),
			durationNs: BigInt(String(row.duration)),
			facts: parseFacts(row.facts),
		};
	} catch (error) {
		if (error instanceof TypeError || error instanceof SyntaxError) {
			throw damagedError(locator, `session "${row.id}" cannot be read (${error.message})`, error);
		}

		throw error;
	}
};

/** Columns that hold what a session says, named as in `Session`. */
const encoded: Readonly<Record<keyof Omit<Session, 'id' | 'source' | 'gaps'>, readonly [column: string, encode: (session: Session) => Column]>> = {
	startedAt: ['started_at', session => session.startedAt],
	origin: ['origin', session => session.origin],
	capabilities: ['capabilities', session => JSON.stringify(session.capabilities)],
	redacted: ['redacted', session => Number(session.redacted)],
	parent: ['parent', session => session.parent ?? null],
	open: ['open', session => Number(session.open)],
	operations: ['operations', session => session.operations],
	requests: ['requests', session => session.requests],
	events: ['events', session => session.events],
	durationNs: ['duration', session => session.durationNs],
	facts: ['facts', session => JSON.stringify(session.facts)],
};
const fields = Object.keys(encoded) as ReadonlyArray<keyof typeof encoded>;

/** Writes the fields that are given. */
export const updateSession = (database: Database.Database, {number}: SessionRow, changes: Partial<Omit<Session, 'id' | 'source'>>): void => {
	assert.ok(database.inTransaction, 'fields and gaps change together');
	assert.ok(changes.gaps === undefined || changes.gaps.every(({from, to}) => from <= to), 'a gap goes forward');
	const changed = fields.filter(field => changes[field] !== undefined);
	if (changed.length > 0) {
		const assignments = changed.map(field => `${encoded[field][0]} = ?`).join(', ');
		const values = changed.map(field => encoded[field][1](changes as Session));
		const {changes: rows} = database.prepare(`UPDATE sessions SET ${assignments} WHERE number = ?`).run(...values, number);
		assert.equal(rows, 1, 'the session exists');
	}

	if (changes.gaps === undefined) {
		return;
	}

	database.prepare('DELETE FROM gaps WHERE session = ?').run(number);
	insertGaps(database, number, changes.gaps);
};

export const insertGaps = (database: Database.Database, number: number, gaps: readonly Gap[]): void => {
	const insert = database.prepare('INSERT INTO gaps (session, from_step, to_step, operations, bytes, reason) VALUES (?, ?, ?, ?, ?, ?)');
	for (const gap of gaps) {
		insert.run(number, gap.from, gap.to, gap.operations, gap.bytes, gap.reason);
	}
};

export type Sessions = {
	create(session: Session): void;
	list(): readonly Session[];
	get(id: string): Session;
	/** @throws KubestepError usage where it does not exist. */
	find(id: string): SessionRow;
	remove(id: string): void;
};

/** Everything of a session, in an order that leaves what later statements ask for. */
const removals: readonly string[] = [
	'DELETE FROM versions WHERE entered BETWEEN :first AND :last',
	'DELETE FROM operations WHERE id BETWEEN :first AND :last',
	'DELETE FROM bodies WHERE id BETWEEN :first AND :last',
	'DELETE FROM places WHERE scope IN (SELECT id FROM scopes WHERE session = :number)',
	...['scopes', 'objects', 'states', 'shapes', 'header_forms', 'forms', 'details', 'texts', 'gaps', 'breakpoints', 'marks'].map(table => `DELETE FROM ${table} WHERE session = :number`),
	'DELETE FROM sessions WHERE number = :number',
];

const removeRows = (database: Database.Database, {number}: SessionRow): void => {
	assert.ok(database.inTransaction, 'a session goes as a whole');
	const first = number * sessionStride;
	for (const sql of removals) {
		const parameters = {number, first, last: first + sessionStride - 1};
		const used = Object.entries(parameters).filter(([name]) => sql.includes(`:${name}`));
		assert.ok(used.length > 0, 'only what is of this session is removed');
		database.prepare(sql).run(Object.fromEntries(used));
	}

	const left: unknown = database.prepare('SELECT 1 FROM sessions WHERE number = ?').pluck().get(number);
	assert.equal(left, undefined, 'the session has gone');
};

export const createSessions = (database: Database.Database, locator: string): Sessions => {
	const findRow = database.prepare('SELECT number, clock FROM sessions WHERE id = ?');
	const selectGaps = database.prepare('SELECT from_step, to_step, operations, bytes, reason FROM gaps WHERE session = ? ORDER BY from_step, to_step').raw();

	const find = (id: string): SessionRow => {
		const row = findRow.get(id) as Row | undefined;
		if (row !== undefined) {
			assert.ok(typeof row.number === 'number' && typeof row.clock === 'number', 'a session has a number and a clock');
			return {id, number: row.number, clock: row.clock};
		}

		const ids = database.prepare('SELECT id FROM sessions ORDER BY number LIMIT ?').pluck().all(listedIds + 1).map(String);
		const more = ids.length > listedIds ? ', …' : '';
		throw usageError(ids.length === 0
			? `session "${id}" does not exist: ${locator} holds no session yet`
			: `session "${id}" does not exist: ${locator} holds ${ids.slice(0, listedIds).join(', ')}${more}`);
	};

	const gapsOf = (number: number): readonly Gap[] => (selectGaps.all(number) as ReadonlyArray<readonly Column[]>).map(([from, to, operations, bytes, reason]) => ({
		from: Number(from), to: Number(to), operations: Number(operations), bytes: Number(bytes), reason: String(reason),
	}));
	const decode = (row: Row): Session => toSession(row, gapsOf(Number(row.number)), locator);

	const create = database.transaction((session: Session) => {
		if (findRow.get(session.id) !== undefined) {
			throw usageError(`session "${session.id}" exists already in ${locator}: name another with --session`);
		}

		const next = Number(database.prepare('SELECT coalesce(max(number), -1) + 1 FROM sessions').pluck().get());
		assert.ok(next * sessionStride < Number.MAX_SAFE_INTEGER - sessionStride, 'session numbers are left');
		assert.ok(Number.isSafeInteger(next) && next >= 0, 'session numbers count from 0');
		const columnNames = ['number', 'id', 'source', 'clock', ...fields.map(field => encoded[field][0])];
		const values = [next, session.id, session.source, Math.floor(session.startedAt), ...fields.map(field => encoded[field][1](session))];
		assert.equal(values.length, columnNames.length, 'a value for every column');
		const {changes} = database.prepare(`INSERT INTO sessions (${columnNames.join(', ')}) VALUES (${columnNames.map(() => '?').join(', ')})`).run(...values);
		assert.equal(changes, 1, 'one row for a session');
		insertGaps(database, next, session.gaps);
	});

	const remove = database.transaction((session: SessionRow) => {
		removeRows(database, session);
	});

	return {
		create(session) {
			create.immediate(session);
		},
		list: () => (database.prepare(`SELECT ${columns} FROM sessions ORDER BY number`).all() as readonly Row[]).map(row => decode(row)),
		get(id) {
			const {number} = find(id);
			const row = database.prepare(`SELECT ${columns} FROM sessions WHERE number = ?`).get(number) as Row | undefined;
			if (row === undefined) {
				throw new KubestepError(`session "${id}" has just been deleted`, 2);
			}

			return decode(row);
		},
		find,
		remove(id) {
			assert.ok(!database.inTransaction, 'a removal is a transaction of its own');
			// What is deleted may be secret: its bytes are overwritten, and the space given back.
			database.pragma('secure_delete = ON');
			assert.equal(database.pragma('secure_delete', {simple: true}), 1, 'deleted bytes are overwritten');
			remove.immediate(find(id));
			database.pragma('secure_delete = OFF');
			database.pragma('incremental_vacuum');
		},
	};
};
