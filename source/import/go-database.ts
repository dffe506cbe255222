import Database from 'better-sqlite3';
import {strict as assert} from 'node:assert';
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
	database.prepare<[], GoSession>(`SELECT CAST(session_id AS TEXT) AS id, count(*) AS rows FROM operations GROUP BY 1 ORDER BY min(rowid) LIMIT ${maximumSessions}`).all()
		.map(({id, rows}) => ({id: id ?? '', rows}));

/**
Opens the Go KubeStep's SQLite file; it is never written to.

@throws KubestepError
*/
export const openGoDatabase = (file: string, name: string): GoDatabase => {
	let opened: Database.Database | undefined;
	try {
		opened = new Database(file, {readonly: true, fileMustExist: true});
		checkColumns(name, opened);
		const sessions = listSessions(opened);
		const database = opened;
		const hasSpans = spanColumns.every(column => columnsOf(database, 'reconcile_spans').has(column));
		return {
			sessions,
			* rows(session) {
				// Positions first: a damaged row then costs itself alone.
				const ids = database.prepare<[string], number>('SELECT rowid FROM operations WHERE CAST(session_id AS TEXT) IS ? ORDER BY sequence_number, rowid').pluck();
				const row = database.prepare<[number], Record<string, unknown>>('SELECT * FROM operations WHERE rowid = ?');
				for (const id of ids.iterate(session)) {
					yield readRow(row, id);
				}
			},
			* spans(session) {
				if (!hasSpans) {
					return;
				}

				const select = database.prepare<[string], readonly unknown[]>('SELECT rowid, actor_id, start_ts, end_ts FROM reconcile_spans WHERE CAST(session_id AS TEXT) IS ?').raw();
				for (const [id, actor, start, end] of select.iterate(session)) {
					const from = unixMilliseconds(start);
					const until = unixMilliseconds(end);
					if (from !== undefined && until !== undefined && typeof actor === 'string') {
						yield {
							id: String(id), actor, start: from, end: until,
						};
					}
				}
			},
			close() {
				database.close();
			},
		};
	} catch (error) {
		opened?.close();
		throw explain(name, error);
	}
};

const readRow = (statement: Database.Statement<[number], Record<string, unknown>>, id: number): Readonly<Record<string, unknown>> | undefined => {
	try {
		const row = statement.get(id);
		assert.ok(row !== undefined, 'a row that is listed is there');
		return row;
	} catch (error) {
		if (isDamaged(error)) {
			return undefined;
		}

		throw error;
	}
};
