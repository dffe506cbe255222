import {strict as assert} from 'node:assert';
import Database from 'better-sqlite3';
import {exitCodes, KubestepError} from '../../model/kubestep-error.js';

type Explanation = readonly [what: string, exitCode: KubestepError['exitCode']];

/** What SQLite's result codes mean for a person, by their beginning; the longest match counts. */
const explanations: ReadonlyArray<readonly [code: string, explanation: Explanation]> = [
	['SQLITE_NOTADB', ['is not a session file, or its beginning is damaged: name a file that `kubestep record` or `kubestep import` made', exitCodes.unreadable]],
	['SQLITE_CORRUPT', ['is damaged: a part that is needed here cannot be read; other parts still may, or get a new copy of the file', exitCodes.unreadable]],
	['SQLITE_IOERR_SHORT_READ', ['is cut short: a part that is needed here is missing; get a new copy of the file', exitCodes.unreadable]],
	['SQLITE_FULL', ['cannot grow, for the disk is full: free some space, or record elsewhere', exitCodes.internal]],
	['SQLITE_TOOBIG', ['cannot hold a row this large', exitCodes.internal]],
	['SQLITE_IOERR', ['cannot be read or written, for the disk or file system failed', exitCodes.internal]],
	['SQLITE_READONLY', ['cannot be written: check the permissions of the file and its directory', exitCodes.internal]],
	['SQLITE_PERM', ['may not be used: check the permissions of the file and its directory', exitCodes.unreadable]],
	['SQLITE_AUTH', ['may not be used: check the permissions of the file and its directory', exitCodes.unreadable]],
	['SQLITE_CANTOPEN', ['cannot be opened: check the permissions of the file and its directory', exitCodes.unreadable]],
	['SQLITE_BUSY', ['is being written by another process: try again when that has finished', exitCodes.unreachable]],
	['SQLITE_LOCKED', ['is being written by another process: try again when that has finished', exitCodes.unreachable]],
	['SQLITE_NOMEM', ['needs more memory than there is', exitCodes.internal]],
];

const explain = (code: string): Explanation => {
	assert.ok(code.startsWith('SQLITE_'), 'a result code of SQLite');
	const found = explanations.find(([prefix]) => code.startsWith(prefix));
	return found?.[1] ?? [`could not be used (${code})`, exitCodes.internal];
};

export const isSqliteError = (error: unknown): error is InstanceType<typeof Database.SqliteError> => error instanceof Database.SqliteError;

/** The medium refuses writes, whoever asks. */
export const isWriteRefusal = (error: unknown): boolean => {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM') || ['EACCES', 'EROFS', 'EPERM'].includes(code);
};

/** One clear line for whatever went wrong with a file; errors that are clear already stay as they are. */
export const toStoreError = (error: unknown, locator: string): unknown => {
	assert.ok(locator !== '', 'a store has a name');
	if (!isSqliteError(error)) {
		return error;
	}

	// A schema that lost its tables: SQLite passes over what it cannot read of it.
	const code = error.code === 'SQLITE_ERROR' && error.message.startsWith('no such ') ? 'SQLITE_CORRUPT' : error.code;
	const [what, exitCode] = explain(code);
	return new KubestepError(`${locator} ${what} (SQLite: ${error.message})`, exitCode, {cause: error});
};

/** The file's content contradicts itself. */
export const damagedError = (locator: string, what: string, cause?: unknown): KubestepError =>
	new KubestepError(`${locator} is damaged: ${what}; get a new copy of the file`, exitCodes.unreadable, {cause});
