import {strict as assert} from 'node:assert';
import {existsSync} from 'node:fs';
import Database from 'better-sqlite3';
import {unreadableError} from '../../model/kubestep-error.js';
import type {FileHeader} from './check-file.js';
import {latestSchema} from './migrations.js';
import {sessionFileId} from './schema.js';

/** How long a statement waits for another process to finish its transaction, ms. */
const busyTimeout = 5000;
/** Page cache, KiB. */
const cacheKibibytes = 16_384;

/** An open session file. */
export type Connection = {
	readonly database: Database.Database;
	/** What a person should know about the file: it is cut short, or a copy is read. */
	readonly warnings: readonly string[];
	/** The file itself cannot be written: a copy is open. */
	readonly isCopy: boolean;
	close(): void;
	/** Closes without finishing anything. */
	discard(): void;
};

export const configure = (database: Database.Database): void => {
	database.pragma(`busy_timeout = ${busyTimeout}`);
	database.pragma(`cache_size = -${cacheKibibytes}`);
	database.pragma('foreign_keys = OFF');
	// Views and triggers of a file from elsewhere may not call functions of ours.
	database.pragma('trusted_schema = OFF');
};

/** A pragma that is a number. */
export const numberPragma = (database: Database.Database, name: string): number => {
	const value: unknown = database.pragma(name, {simple: true});
	assert.ok(typeof value === 'number', 'a pragma that is a number');
	return value;
};

/** Refuses what is not a session file, or of a schema we do not know. */
export const checkKind = (database: Database.Database, file: string): void => {
	assert.ok(database.open, 'an open file');
	if (numberPragma(database, 'application_id') !== sessionFileId) {
		throw unreadableError(`${file} is a SQLite database, but not a session file: import it with \`kubestep import ${file}\` if the Go KubeStep made it`);
	}

	const schema = numberPragma(database, 'user_version');
	const latest = latestSchema();
	assert.ok(latest > 0, 'there is a schema that we know');
	if (schema > latest) {
		throw unreadableError(`${file} was made by a newer KubeStep (schema ${schema}; this one reads up to ${latest}): update KubeStep to read it`);
	}
};

/** Opens a file, and closes it again where what follows fails. */
export const openDatabase = (file: string, options: Database.Options, prepare: (database: Database.Database) => void): Database.Database => {
	const database = new Database(file, {timeout: busyTimeout, ...options});
	try {
		assert.equal(database.readonly, options.readonly === true, 'opened as asked');
		prepare(database);
		assert.ok(database.open && !database.inTransaction, 'a prepared file is open, with no transaction under way');
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
};

/** Whether a file is shorter than its own header says. A write-ahead log beside it may hold the rest. */
export const isTruncated = (file: string, header: FileHeader): boolean =>
	!existsSync(`${file}-wal`) && header.pageCount * header.pageSize > header.fileBytes;
