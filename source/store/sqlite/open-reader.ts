import {strict as assert} from 'node:assert';
import {
	accessSync,
	chmodSync,
	constants,
	copyFileSync,
	existsSync,
	mkdtempSync,
	rmSync,
	statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type Database from 'better-sqlite3';
import {unreadableError} from '../../model/kubestep-error.js';
import {type FileHeader, readFileHeader} from './check-file.js';
import {
	checkKind,
	configure,
	type Connection,
	isTruncated,
	numberPragma,
	openDatabase,
} from './connection.js';
import {latestSchema, migrate} from './migrations.js';
import {sessionFileId} from './schema.js';
import {isSqliteError, isWriteRefusal, toStoreError} from './store-error.js';

/** What a writer leaves beside its file when it is killed. */
const companions = ['-wal', '-journal'] as const;
/** Beginning of the names of directories that copies are made in. */
const copyPrefix = 'kubestep-';
const ownerOnly = 0o600;

const openForReading = (file: string, header: FileHeader): Database.Database =>
	openDatabase(file, {readonly: true, fileMustExist: true}, database => {
		assert.ok(database.readonly, 'what is read is not changed');
		if (isTruncated(file, header)) {
			// SQLite refuses a file shorter than it should be, but for those who would repair it. Said before anything reads the file.
			database.unsafeMode(true);
			database.pragma('writable_schema = ON');
		}

		configure(database);
		database.pragma('temp_store = MEMORY');

		checkKind(database, file);
	});

/** Opens a copy, for where SQLite would have to write beside the file and may not. */
const openCopy = (file: string, header: FileHeader): {readonly database: Database.Database; readonly directory: string} => {
	assert.ok(header.fileBytes > 0, 'an empty file was refused');
	const directory = mkdtempSync(path.join(os.tmpdir(), copyPrefix));
	try {
		const copy = path.join(directory, 'copy.db');
		const parts = ['', ...companions].filter(one => existsSync(`${file}${one}`));
		for (const suffix of parts) {
			copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
			// The original may be one that nobody may write.
			chmodSync(`${copy}${suffix}`, ownerOnly);
		}

		// Takes in what the log holds.
		openDatabase(copy, {fileMustExist: true}, database => {
			database.pragma('journal_mode = DELETE');
		}).close();
		const fileBytes = statSync(copy).size;
		assert.ok(fileBytes > 0, 'a copy of something');
		return {database: openForReading(copy, {...header, fileBytes}), directory};
	} catch (error) {
		rmSync(directory, {recursive: true, force: true});
		throw error;
	}
};

/** Brings a file of an older schema up to date, through a connection of its own. */
const upgrade = (file: string): void => {
	try {
		openDatabase(file, {fileMustExist: true}, database => {
			migrate(database);
			assert.equal(numberPragma(database, 'user_version'), latestSchema(), 'the file is up to date');
			assert.equal(numberPragma(database, 'application_id'), sessionFileId, 'an upgraded file is a session file still');
		}).close();
	} catch (error) {
		if (isWriteRefusal(error)) {
			throw unreadableError(`${file} was made by an older KubeStep and must be brought up to date, but cannot be written: copy it to where you can write`, error);
		}

		throw error;
	}
};

const copyConnection = (file: string, header: FileHeader): Connection => {
	const {database, directory} = openCopy(file, header);
	assert.ok(database.readonly, 'a copy is only read');
	assert.ok(path.basename(directory).startsWith(copyPrefix), 'only a directory of our own is removed');
	assert.notEqual(path.resolve(directory), path.resolve(path.dirname(file)), 'a copy lies elsewhere');
	const close = (): void => {
		database.close();
		rmSync(directory, {recursive: true, force: true});
	};

	return {
		database,
		warnings: [`${file} was not closed by its recorder, and its directory cannot be written: a copy is read`],
		isCopy: true,
		close,
		discard: close,
	};
};

const connect = (file: string, header: FileHeader): Connection => {
	try {
		const database = openForReading(file, header);
		const missing = Math.ceil(((header.pageCount * header.pageSize) - header.fileBytes) / header.pageSize);
		assert.ok(!isTruncated(file, header) || missing > 0, 'a file that is cut short lacks pages');
		const warnings = isTruncated(file, header)
			? [`${file} is cut short: ${missing} of ${header.pageCount} pages are missing; what they held cannot be read`]
			: [];
		const close = (): void => {
			database.close();
		};

		return {
			database, warnings, isCopy: false, close, discard: close,
		};
	} catch (error) {
		if (isSqliteError(error) && isWriteRefusal(error)) {
			return copyConnection(file, header);
		}

		throw error;
	}
};

/**
Opens an existing session file for reading.
@throws KubestepError one clear line
*/
export const openReader = (file: string): Connection => {
	const header = readFileHeader(file);
	try {
		const connection = connect(file, header);
		assert.ok(connection.database.readonly, 'a reader cannot write');
		const schema = numberPragma(connection.database, 'user_version');
		assert.ok(schema <= latestSchema(), 'newer files were refused');
		if (schema === latestSchema()) {
			return connection;
		}

		connection.close();
		upgrade(file);
		const upgraded = connect(file, readFileHeader(file));
		assert.equal(numberPragma(upgraded.database, 'user_version'), latestSchema(), 'an older file is opened once it is up to date');
		return upgraded;
	} catch (error) {
		throw toStoreError(error, file);
	}
};

/**
Makes a small change to a file that is open for reading, on a connection of its own.
@throws what the medium answers
*/
export const writeBeside = (file: string, isCopy: boolean, change: (database: Database.Database) => void): void => {
	if (isCopy) {
		throw Object.assign(new Error('a copy is read'), {code: 'EROFS'});
	}

	accessSync(file, constants.W_OK);
	accessSync(path.dirname(file), constants.W_OK);
	openDatabase(file, {fileMustExist: true}, database => {
		checkKind(database, file);
		assert.ok(!database.readonly, 'a connection that may write');
		database.transaction(change).immediate(database);
		assert.ok(!database.inTransaction, 'the change was committed');
	}).close();
};
