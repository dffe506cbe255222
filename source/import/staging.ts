import {strict as assert} from 'node:assert';
import Database from 'better-sqlite3';
import {exitCodes, KubestepError} from '../model/kubestep-error.js';

/** Memory for pages of staged records, KiB; what is beyond goes to disk. */
const cacheKibibytes = 8 * 1024;
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

/** Records as they are found. */
export type StagedRecords = {
	/** Gives the record's id. */
	add(record: StagedRecord): number;
	/** Puts another record in the place of one. */
	replace(id: number, record: StagedRecord): void;
	readonly count: number;
	/** Times of the first and the last; 0 while there is none. */
	readonly earliest: number;
	readonly latest: number;
	/** When the request that was added last arrived: where in time the file is. */
	readonly lastArrival: number;
};

/** Chunks of the watch that is being read. */
export type StagedChunks = {
	add(chunk: StagedChunk): void;
	readonly count: number;
	/** The nth since the last `clear`, from 0. */
	at(index: number): StagedChunk;
	clear(): void;
};

/**
Where records wait on disk until all are known, to be read in order of time. SQLite's own temporary file: it stays in memory while it is small, has no name from
the moment it is opened, and so is gone with the process however that ends. Its directory is TMPDIR's, else /var/tmp.
*/
export type Staging = {
	readonly records: StagedRecords;
	readonly chunks: StagedChunks;
	/** Puts the records in order; none is added afterwards. */
	seal(): void;
	/** Records in order of time. */
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
	const isDisk = code === 'SQLITE_FULL' || code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_IOERR');
	return isDisk
		? new KubestepError('no room to put the import in order on disk; free some, or set TMPDIR to a directory that has it', exitCodes.internal, {cause: error})
		: error;
};

const guard = <Result>(work: () => Result): Result => {
	try {
		return work();
	} catch (error) {
		throw explain(error);
	}
};

type Row = readonly [time: number, kind: RecordKind, stream: number, meta: string, body: Uint8Array | null]; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQL

const createChunks = (database: Database.Database): StagedChunks => {
	const insertion = database.prepare<[number, number, Uint8Array]>('INSERT INTO chunk (id, time, bytes) VALUES (?, ?, ?)');
	const selection = database.prepare<[number], StagedChunk>('SELECT time, bytes FROM chunk WHERE id = ?');
	const deletion = database.prepare('DELETE FROM chunk');
	let count = 0;

	return {
		add({time, bytes}) {
			guard(() => insertion.run(count, time, bytes));
			count++;
		},
		get count() {
			return count;
		},
		at(index) {
			const chunk = guard(() => selection.get(index));
			assert.ok(chunk !== undefined, 'only what was added is asked for');
			return chunk;
		},
		clear() {
			if (count === 0) {
				return;
			}

			guard(() => deletion.run());
			count = 0;
		},
	};
};

const createRecords = (database: Database.Database): StagedRecords => {
	const insertion = database.prepare('INSERT INTO record (time, kind, stream, meta, body) VALUES (?, ?, ?, ?, ?)');
	const replacement = database.prepare('UPDATE record SET time = ?, kind = ?, stream = ?, meta = ?, body = ? WHERE id = ?');
	let count = 0;
	let earliest = Infinity;
	let latest = -Infinity;
	let lastArrival = 0;
	const reach = (time: number): void => {
		assert.ok(Number.isFinite(time), 'a record has a time');
		earliest = Math.min(earliest, time);
		latest = Math.max(latest, time);
	};

	return {
		add({time, kind, stream, meta, body}) {
			reach(time);
			const {lastInsertRowid} = guard(() => insertion.run(time, kind, stream, meta, body ?? null));
			count++;
			lastArrival = kind === recordKinds.arrive ? time : lastArrival;
			return Number(lastInsertRowid);
		},
		replace(id, {time, kind, stream, meta, body}) {
			reach(time);
			guard(() => replacement.run(time, kind, stream, meta, body ?? null, id));
		},
		get count() {
			return count;
		},
		get earliest() {
			return count === 0 ? 0 : earliest;
		},
		get latest() {
			return count === 0 ? 0 : latest;
		},
		get lastArrival() {
			return lastArrival;
		},
	};
};

function * readOrdered(database: Database.Database): Generator<StagedRecord> {
	const selection = database.prepare<unknown[], Row>('SELECT time, kind, stream, meta, body FROM record ORDER BY time, id').raw();
	for (const [time, kind, stream, meta, body] of selection.iterate()) {
		yield {
			time, kind, stream, meta, body: body ?? undefined,
		};
	}
}

export const createStaging = (): Staging => {
	const database = guard(openDatabase);
	return {
		records: createRecords(database),
		chunks: createChunks(database),
		seal() {
			guard(() => database.exec('CREATE INDEX by_time ON record (time)'));
			database.pragma('shrink_memory');
		},
		ordered: () => readOrdered(database),
		database,
		close() {
			database.close();
		},
	};
};
