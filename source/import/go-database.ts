import Database from 'better-sqlite3';
import {cannotImport} from './input-bytes.js';
import {requiredColumns, unixMilliseconds} from './go-row.js';
import {plainLine} from './parse-slice.js';

/** Sessions in one file; more is no recording of a person's. */
const maximumSessions = 10_000;

export type GoSession = {readonly id: string; readonly rows: number};

/** When one reconcile ran, ms since the Unix epoch, both ends in it. */
export type GoSpan = {readonly id: string; readonly actor: string; readonly start: number; readonly end: number};

/** The Go KubeStep's database, open for reading. */
export type GoDatabase = {
	readonly sessions: readonly GoSession[];
	/** Rows in the order of their sequence numbers; undefined for one that is damaged. */
	rows(session: string): IterableIterator<Readonly<Record<string, unknown>> | undefined>;
	spans(session: string): IterableIterator<GoSpan>;
	close(): void;
};

const damagedCodes: ReadonlySet<string> = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR_SHORT_READ']);

const isDamaged = (error: unknown): error is InstanceType<typeof Database.SqliteError> =>
	error instanceof Database.SqliteError && (damagedCodes.has(error.code) || error.code.startsWith('SQLITE_CORRUPT') || error.code.startsWith('SQLITE_IOERR'));

const explain = (name: string, error: unknown): unknown => {
	if (isDamaged(error)) {
		return cannotImport(name, `the database is damaged (${plainLine(error.message)}); save what is left with: sqlite3 FILE .recover`, error);
	}

	return error instanceof Database.SqliteError ? cannotImport(name, `SQLite cannot read it (${plainLine(error.message)})`, error) : error;
};

const columnsOf = (database: Database.Database, table: string): ReadonlySet<string> => {
	const columns = database.prepare<[string], {readonly name: string}>('SELECT name FROM pragma_table_info(?)').all(table);
	return new Set(columns.map(({name}) => name.toLowerCase()));
};

const spanColumns = ['session_id', 'actor_id', 'start_ts', 'end_ts'] as const;

const checkColumns = (name: string, database: Database.Database): void => {
	const columns = columnsOf(database, 'operations');
	const missing = requiredColumns.filter(column => !columns.has(column));
	if (columns.size === 0) {
		throw cannotImport(name, 'this SQLite database has no table "operations"; it is not of the Go KubeStep');
	}

	if (missing.length > 0) {
		throw cannotImport(name, `its table "operations" has no column ${missing.join(', ')}; it is not of the Go KubeStep`);
	}
};

const listSessions = (database: Database.Database): readonly GoSession[] =>
	database.prepare<unknown[], GoSession>(`SELECT CAST(session_id AS TEXT) AS id, count(*) AS rows FROM operations GROUP BY 1 ORDER BY min(rowid) LIMIT ${maximumSessions}`).all()
		.map(({id, rows}) => ({id: id ?? '', rows}));

const readRow = (statement: Database.Statement<[number], Record<string, unknown>>, id: number): Readonly<Record<string, unknown>> | undefined => {
	try {
		return statement.get(id);
	} catch (error) {
		if (isDamaged(error)) {
			return undefined;
		}

		throw error;
	}
};

const rowsSql = 'SELECT rowid FROM operations WHERE CAST(session_id AS TEXT) IS ? ORDER BY sequence_number, rowid';
const spansSql = 'SELECT rowid, actor_id, start_ts, end_ts FROM reconcile_spans WHERE CAST(session_id AS TEXT) IS ?';

function * readRows(database: Database.Database, name: string, session: string): Generator<Readonly<Record<string, unknown>> | undefined> {
	// Positions first: a damaged row then costs itself alone.
	const ids = database.prepare<[string], number>(rowsSql).pluck();
	const row = database.prepare<[number], Record<string, unknown>>('SELECT * FROM operations WHERE rowid = ?');
	try {
		for (const id of ids.iterate(session)) {
			yield readRow(row, id);
		}
	} catch (error) {
		throw explain(name, error);
	}
}

function * readSpans(database: Database.Database, name: string, session: string): Generator<GoSpan> {
	const columns = columnsOf(database, 'reconcile_spans');
	if (spanColumns.some(column => !columns.has(column))) {
		return;
	}

	try {
		for (const [id, actor, start, end] of database.prepare<[string], readonly unknown[]>(spansSql).raw().iterate(session)) {
			const from = unixMilliseconds(start);
			const until = unixMilliseconds(end);
			if (from !== undefined && until !== undefined && typeof actor === 'string') {
				yield {
					id: String(id), actor, start: from, end: until,
				};
			}
		}
	} catch (error) {
		throw explain(name, error);
	}
}

/**
Opens the Go KubeStep's SQLite file; it is never written to.

@throws KubestepError
*/
export const openGoDatabase = (file: string, name: string): GoDatabase => {
	let opened: Database.Database | undefined;
	try {
		opened = new Database(file, {readonly: true, fileMustExist: true});
		const database = opened;
		checkColumns(name, database);
		return {
			sessions: listSessions(database),
			rows: session => readRows(database, name, session),
			spans: session => readSpans(database, name, session),
			close() {
				database.close();
			},
		};
	} catch (error) {
		opened?.close();
		throw explain(name, error);
	}
};
