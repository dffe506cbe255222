import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {unreadableError} from '../../model/kubestep-error.js';
import {isNewFile, readFileHeader} from './check-file.js';
import {
	checkKind,
	configure,
	type Connection,
	isTruncated,
	numberPragma,
	openDatabase,
} from './connection.js';
import {migrate} from './migrations.js';
import {pageSize} from './schema.js';
import {isSqliteError, toStoreError} from './store-error.js';

/** How long the end of a recording waits for readers, ms. */
const closingTimeout = 200;
/** Larger files are not made anew at the end: it would take seconds, and as much disk again. */
const compactedBytes = 512 * 1024 * 1024;
const pageSizes = [{below: 1024 * 1024, size: 1024}, {below: 8 * 1024 * 1024, size: 2048}] as const;
/** `PRAGMA auto_vacuum` as a number: incremental. */
const incrementalVacuum = 2;

/** Every table and index fills its last page by half, and has a page at least: small files want small pages. */
const fittingPageSize = (bytes: number): number => {
	const step = pageSizes.find(({below}) => bytes < below);
	return step?.size ?? pageSize;
};

const create = (database: Database.Database): void => {
	database.pragma(`page_size = ${pageSize}`);
	// What deleted sessions leave can be given back.
	database.pragma('auto_vacuum = INCREMENTAL');
	migrate(database);
};

/** Whether this connection changed anything. */
const hasWritten = (database: Database.Database): boolean => Number(database.prepare('SELECT total_changes()').pluck().get()) > 0;

/** A reader is still there, or the disk has no room for a second copy: neither is a reason to fail at the end of a recording. */
const isTolerable = (error: unknown): boolean => isSqliteError(error) && /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR)/v.test(error.code);

/**
Ends in rollback mode, so that the file alone can be read from where nothing may be written, and without the holes that rows written out of order leave. Where that cannot be done now, the
file stays as it is, which is whole.
*/
const finish = (database: Database.Database): void => {
	assert.ok(database.open, 'an open file');
	assert.ok(!database.inTransaction, 'every batch was committed or rolled back');
	try {
		database.pragma(`busy_timeout = ${closingTimeout}`);
		database.pragma('journal_mode = DELETE');
		const bytes = numberPragma(database, 'page_count') * numberPragma(database, 'page_size');
		assert.ok(bytes > 0, 'a file with a schema has pages');
		if (hasWritten(database) && bytes <= compactedBytes) {
			// The copy that is made goes to disk, not to memory.
			database.pragma('temp_store = FILE');
			database.pragma(`page_size = ${fittingPageSize(bytes)}`);
			database.exec('VACUUM');
		}
	} catch (error) {
		if (!isTolerable(error)) {
			throw error;
		}
	} finally {
		database.close();
	}
};

/**
Opens a session file for writing; it is made where it is absent.
@throws KubestepError one clear line
*/
export const openWriter = (file: string): Connection => {
	const isNew = isNewFile(file);
	if (!isNew && isTruncated(file, readFileHeader(file))) {
		throw unreadableError(`${file} is cut short: it can still be read, but not written; get a new copy, or name another file`);
	}

	try {
		const database = openDatabase(file, {fileMustExist: !isNew}, opened => {
			if (isNew) {
				create(opened);
				assert.equal(numberPragma(opened, 'page_size'), pageSize, 'the page size was set before the first page');
				assert.equal(numberPragma(opened, 'auto_vacuum'), incrementalVacuum, 'what deleted sessions leave can be given back');
			}

			configure(opened);
			checkKind(opened, file);
			migrate(opened);
			assert.ok(!opened.inTransaction, 'the schema was committed');
			opened.pragma('journal_mode = WAL');
			opened.pragma('synchronous = NORMAL');
		});
		assert.ok(!database.readonly, 'open for writing');
		assert.ok(database.open, 'preparing leaves the file open');
		return {
			database,
			warnings: [],
			isCopy: false,
			close() {
				finish(database);
			},
			discard() {
				database.close();
			},
		};
	} catch (error) {
		throw toStoreError(error, file);
	}
};
