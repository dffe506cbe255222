import {strict as assert} from 'node:assert';
import {
	accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import {exitCodes, KubestepError, unreadableError} from '../../model/kubestep-error.js';
import {type FileHeader, isNewFile, readFileHeader} from './check-file.js';
import {latestSchema, migrate} from './migrations.js';
import {applicationId, pageSize} from './schema.js';
import {isSqliteError, isWriteRefusal, toStoreError} from './store-error.js';

/** How long a statement waits for another process to finish its transaction. */
const busyTimeout = 5000;
/** Page cache, KiB. */
const cacheKibibytes = 16_384;
/** Files are mapped into memory up to this size. */
const mappedBytes = 1024 * 1024 * 1024;

export type Connection = {
	readonly database: Database.Database;
	/** What a person should know about the file: it is cut short, or a copy is read. */
	readonly warnings: readonly string[];
	/** The file itself cannot be written: a copy is open. */
	readonly isCopy: boolean;
	close(): void;
};

const companions = ['-wal', '-journal'] as const;

const configure = (database: Database.Database): void => {
	database.pragma(`busy_timeout = ${busyTimeout}`);
	database.pragma(`cache_size = -${cacheKibibytes}`);
	database.pragma(`mmap_size = ${mappedBytes}`);
	database.pragma('temp_store = MEMORY');
	database.pragma('foreign_keys = OFF');
	// Views and triggers of a file from elsewhere may not call functions of ours.
	database.pragma('trusted_schema = OFF');
};

const numberOf = (value: unknown): number => {
	assert(typeof value === 'number', 'a pragma that is a number');
	return value;
};

/** Whether a database is a session file of a schema we know. */
const checkKind = (database: Database.Database, file: string): void => {
	if (numberOf(database.pragma('application_id', {simple: true})) !== applicationId) {
		throw unreadableError(`${file} is a SQLite database, but not a session file: import it with \`kubestep import ${file}\` if the Go KubeStep made it`);
	}

	const schema = numberOf(database.pragma('user_version', {simple: true}));
	const latest = latestSchema();
	if (schema > latest) {
		throw unreadableError(`${file} was made by a newer KubeStep (schema ${schema}; this one reads up to ${latest}): update KubeStep to read it`);
	}
};

/** Opens a handle, and closes it where what follows fails. */
const withHandle = (file: string, options: Database.Options, prepare: (database: Database.Database) => void): Database.Database => {
	const database = new Database(file, {timeout: busyTimeout, ...options});
	try {
		prepare(database);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
};

const isTruncated = (file: string, header: FileHeader): boolean =>
	!existsSync(`${file}-wal`) && header.pageCount * header.pageSize > header.fileBytes;

const openForReading = (file: string, header: FileHeader): Database.Database =>
	withHandle(file, {readonly: true, fileMustExist: true}, database => {
		configure(database);
		if (isTruncated(file, header)) {
			// SQLite refuses a file shorter than it should be, but for those who would repair it.
			database.unsafeMode(true);
			database.pragma('writable_schema = ON');
		}

		checkKind(database, file);
	});

/** Opens a copy, for where SQLite would have to write beside the file and may not. */
const openCopy = (file: string, header: FileHeader): {database: Database.Database; directory: string} => {
	const directory = mkdtempSync(path.join(os.tmpdir(), 'kubestep-'));
	try {
		const copy = path.join(directory, 'copy.db');
		copyFileSync(file, copy);
		for (const suffix of companions) {
			if (existsSync(`${file}${suffix}`)) {
				copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
			}
		}

		const folded = withHandle(copy, {fileMustExist: true}, database => {
			database.pragma('journal_mode = DELETE');
		});
		folded.close();
		assert(statSync(copy).size > 0, 'a copy of something');
		return {database: openForReading(copy, {...header, fileBytes: statSync(copy).size}), directory};
	} catch (error) {
		rmSync(directory, {recursive: true, force: true});
		throw error;
	}
};

const isOutOfReach = (error: unknown): boolean => isSqliteError(error) && isWriteRefusal(error);

/** Brings a file of an older schema up to date, through a connection of its own. */
const upgrade = (file: string): void => {
	try {
		const database = withHandle(file, {fileMustExist: true}, opened => {
			migrate(opened);
		});
		database.close();
	} catch (error) {
		if (isWriteRefusal(error)) {
			throw new KubestepError(`${file} was made by an older KubeStep and must be brought up to date, but cannot be written: copy it to where you can write`, exitCodes.unreadable, {cause: error});
		}

		throw error;
	}
};

const readerOf = (file: string, header: FileHeader): Connection => {
	try {
		const database = openForReading(file, header);
		const missing = Math.ceil(((header.pageCount * header.pageSize) - header.fileBytes) / header.pageSize);
		const warnings = isTruncated(file, header)
			? [`${file} is cut short: ${missing} of ${header.pageCount} pages are missing; what they held cannot be read`]
			: [];
		return {
			database, warnings, isCopy: false, close: () => {
				database.close();
			},
		};
	} catch (error) {
		if (!isOutOfReach(error)) {
			throw error;
		}

		const {database, directory} = openCopy(file, header);
		return {
			database,
			warnings: [`${file} was not closed by its recorder, and its directory cannot be written: a copy is read`],
			isCopy: true,
			close() {
				database.close();
				rmSync(directory, {recursive: true, force: true});
			},
		};
	}
};

/** Opens an existing session file for reading. @throws KubestepError */
export const openReader = (file: string): Connection => {
	const header = readFileHeader(file);
	try {
		const connection = readerOf(file, header);
		if (numberOf(connection.database.pragma('user_version', {simple: true})) === latestSchema()) {
			return connection;
		}

		connection.close();
		upgrade(file);
		return readerOf(file, header);
	} catch (error) {
		throw toStoreError(error, file);
	}
};

const create = (database: Database.Database): void => {
	database.pragma(`page_size = ${pageSize}`);
	database.pragma('auto_vacuum = INCREMENTAL');
	migrate(database);
};

/** Opens a session file for writing; it is made where it is absent. @throws KubestepError */
export const openWriter = (file: string): Connection => {
	const isNew = isNewFile(file);
	const header = isNew ? undefined : readFileHeader(file);
	if (header !== undefined && isTruncated(file, header)) {
		throw unreadableError(`${file} is cut short: it can still be read, but not written; get a new copy, or name another file`);
	}

	try {
		const database = withHandle(file, {fileMustExist: !isNew}, opened => {
			if (isNew) {
				create(opened);
			}

			configure(opened);
			checkKind(opened, file);
			migrate(opened);
			opened.pragma('journal_mode = WAL');
			opened.pragma('synchronous = NORMAL');
		});
		assert(database.open && !database.readonly, 'open for writing');
		return {
			database, warnings: [], isCopy: false, close() {
				closeWriter(database);
			},
		};
	} catch (error) {
		throw toStoreError(error, file);
	}
};

/** Ends in rollback mode, so that the file alone can be read from where nothing may be written. A reader that is still there keeps it in WAL mode. */
const closeWriter = (database: Database.Database): void => {
	try {
		database.pragma('busy_timeout = 200');
		database.pragma('journal_mode = DELETE');
	} catch (error) {
		if (!isSqliteError(error) || !/^SQLITE_(?:BUSY|LOCKED)/v.test(error.code)) {
			throw error;
		}
	} finally {
		database.close();
	}
};

/** Makes a small change to a file that is open for reading, on a connection of its own. @throws what the medium answers. */
export const writeBeside = (file: string, isCopy: boolean, change: (database: Database.Database) => void): void => {
	if (isCopy) {
		throw Object.assign(new Error('a copy is read'), {code: 'EROFS'});
	}

	accessSync(file, constants.W_OK);
	accessSync(path.dirname(file), constants.W_OK);
	const database = withHandle(file, {fileMustExist: true}, opened => {
		assert(numberOf(opened.pragma('application_id', {simple: true})) === applicationId, 'the file that is open');
		opened.transaction(change).immediate(opened);
	});
	database.close();
};
