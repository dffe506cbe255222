import {strict as assert} from 'node:assert';
import Database from 'better-sqlite3';
import {exitCodes, KubestepError} from '../model/kubestep-error.js';

/** Memory for pages of staged records, KiB; what is beyond goes to disk. */
const cacheKibibytes = 24 * 1024;
const pageSize = 16_384;

/** What a staged record is: a request's arrival, an event (its object alone, or the whole frame), a request's end, something lost. */
export const recordKinds = {
	arrive: 0, event: 1, frameEvent: 2, end: 3, gap: 4,
} as const;
export type RecordKind = typeof recordKinds[keyof typeof recordKinds];

/** One thing that happened. Records of one time keep the order in which they were added. */
export type StagedRecord = {
	/** Ns since the clock's base. */
	readonly time: number;
	readonly kind: RecordKind;
	/** Which request it belongs to. */
	readonly stream: number;
	/** An event's type; else JSON. */
	readonly meta: string;
	readonly body: Uint8Array | undefined;
};

/** Bytes of a watch, as they were read at once: ms after its entry's start. */
export type StagedChunk = {readonly time: number; readonly bytes: Uint8Array};

/**
Where records wait on disk until all are known, to be read in order of time. SQLite's own temporary file: it stays in memory while it is small, has no name from
the moment it is opened, and so is gone with the process however that ends. Its directory is TMPDIR's, else /var/tmp.
*/
export type Staging = {
	/** Gives the record's id. */
	add(record: StagedRecord): number;
	/** Puts another record in the place of one. */
	replace(id: number, record: StagedRecord): void;
	readonly records: number;
	/** Operations among them: arrivals and events. */
	readonly operations: number;
	readonly earliest: number;
	readonly latest: number;
	addChunk(chunk: StagedChunk): void;
	readonly chunks: number;
	/** The nth chunk since the last `clearChunks`, from 0. */
	chunkAt(index: number): StagedChunk;
	clearChunks(): void;
	/** Records in order; nothing is added afterwards. */
	ordered(): IterableIterator<StagedRecord>;
	/** For what a reader must remember of all it read. */
	readonly database: Database.Database;
	close(): void;
};

const schema = `
	CREATE TABLE record (id INTEGER PRIMARY KEY, time REAL, kind INTEGER, stream INTEGER, meta TEXT, body BLOB);
	CREATE TABLE chunk (id INTEGER PRIMARY KEY, time REAL, bytes BLOB);
`;

const openDatabase = (): Database.Database => {
	const database = new Database('');
	database.pragma(`page_size = ${pageSize}`);
	database.pragma(`cache_size = -${cacheKibibytes}`);
	database.pragma('journal_mode = OFF');
	database.pragma('synchronous = OFF');
	database.pragma('temp_store = FILE');
	database.exec(schema);
	database.exec('BEGIN');
	return database;
};

/** A full disk is the machine's trouble, and named. */
const explain = (error: unknown): unknown => {
	const code = error instanceof Database.SqliteError ? error.code : '';
	if (code !== 'SQLITE_FULL' && !code.startsWith('SQLITE_IOERR') && code !== 'SQLITE_CANTOPEN') {
		return error;
	}

	return new KubestepError('no room to put the import in order on disk; free some, or set TMPDIR to a directory that has it', exitCodes.internal, {cause: error});
};

const guard = <Result>(work: () => Result): Result => {
	try {
		return work();
	} catch (error) {
		throw explain(error);
	}
};

type Row = readonly [time: number, kind: RecordKind, stream: number, meta: string, body: Uint8Array | null]; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQL

export const createStaging = (): Staging => {
	const database = guard(openDatabase);
	const insert = database.prepare<[number, number, number, string, Uint8Array | null]>('INSERT INTO record (time, kind, stream, meta, body) VALUES (?, ?, ?, ?, ?)'); // eslint-disable-line @typescript-eslint/no-restricted-types -- SQL
	const update = database.prepare('UPDATE record SET time = ?, kind = ?, stream = ?, meta = ?, body = ? WHERE id = ?');
	const insertChunk = database.prepare<[number, number, Uint8Array]>('INSERT INTO chunk (id, time, bytes) VALUES (?, ?, ?)');
	const selectChunk = database.prepare<[number], StagedChunk>('SELECT time, bytes FROM chunk WHERE id = ?');
	const deleteChunks = database.prepare('DELETE FROM chunk');
	let records = 0;
	let operations = 0;
	let chunks = 0;
	let earliest = Infinity;
	let latest = -Infinity;

	return {
		database,
		add({time, kind, stream, meta, body}) {
			assert.ok(Number.isFinite(time), 'a record has a time');
			const {lastInsertRowid} = guard(() => insert.run(time, kind, stream, meta, body ?? null));
			records++;
			operations += kind === recordKinds.end || kind === recordKinds.gap ? 0 : 1;
			earliest = Math.min(earliest, time);
			latest = Math.max(latest, time);
			return Number(lastInsertRowid);
		},
		replace(id, {time, kind, stream, meta, body}) {
			guard(() => update.run(time, kind, stream, meta, body ?? null, id));
			earliest = Math.min(earliest, time);
			latest = Math.max(latest, time);
		},
		get records() {
			return records;
		},
		get operations() {
			return operations;
		},
		get earliest() {
			return records === 0 ? 0 : earliest;
		},
		get latest() {
			return records === 0 ? 0 : latest;
		},
		addChunk({time, bytes}) {
			guard(() => insertChunk.run(chunks, time, bytes));
			chunks++;
		},
		get chunks() {
			return chunks;
		},
		chunkAt(index) {
			const chunk = guard(() => selectChunk.get(index));
			assert.ok(chunk !== undefined, 'only what was added is asked for');
			return chunk;
		},
		clearChunks() {
			if (chunks > 0) {
				guard(() => deleteChunks.run());
				chunks = 0;
			}
		},
		* ordered() {
			guard(() => database.exec('CREATE INDEX by_time ON record (time)'));
			const select = database.prepare<[], Row>('SELECT time, kind, stream, meta, body FROM record ORDER BY time, id').raw();
			for (const [time, kind, stream, meta, body] of select.iterate()) {
				yield {
					time, kind, stream, meta, body: body ?? undefined,
				};
			}
		},
		close() {
			database.close();
		},
	};
};
