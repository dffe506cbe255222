import {Buffer} from 'node:buffer';
import {strict as assert} from 'node:assert';
import Database from 'better-sqlite3';
import {openGoDatabase, type GoDatabase} from './go-database.js';
import {readGoSession} from './go-reader.js';
import {importStaged, type ImportJob} from './import-job.js';
import {cannotImport} from './input-bytes.js';
import type {ImportedSession} from './import-types.js';
import {spoolBytes, spoolDatabase, type SpooledFile} from './spool-file.js';

/** Where SQLite's header has the application id, and what our own session files have there. */
const appIdOffset = 68;
const ownAppId = 'KSTP';

const refuseOwnFile = ({bytes: {head, name}}: ImportJob): void => {
	const id = Buffer.from(head.subarray(appIdOffset, appIdOffset + ownAppId.length)).toString('latin1');
	if (id === ownAppId) {
		throw cannotImport(name, `it is a KubeStep session file already; open it with: kubestep tui ${name}`);
	}
};

const isUnopened = (error: unknown): boolean => error instanceof Error && error.cause instanceof Database.SqliteError
	&& (error.cause.code.startsWith('SQLITE_CANTOPEN') || error.cause.code.startsWith('SQLITE_READONLY'));

type OpenFile = {readonly database: GoDatabase; readonly spooled: SpooledFile | undefined};

/** SQLite reads files, not streams: what is none, or is compressed, is spooled. */
const openFile = async ({input, bytes}: ImportJob): Promise<OpenFile> => {
	const {name} = bytes;
	if (input.path !== '-' && !bytes.isCompressed && bytes.total !== undefined) {
		try {
			return {database: openGoDatabase(input.path, name), spooled: undefined};
		} catch (error) {
			if (!isUnopened(error)) {
				throw error;
			}
		}

		const copy = await spoolDatabase(input.path);
		return openSpooled(copy, name);
	}

	return openSpooled(await spoolBytes(bytes.chunks()), name);
};

const openSpooled = async (spooled: SpooledFile, name: string): Promise<OpenFile> => {
	try {
		return {database: openGoDatabase(spooled.file, name), spooled};
	} catch (error) {
		await spooled.remove();
		throw error;
	}
};

const importSessions = async (job: ImportJob, database: GoDatabase): Promise<readonly ImportedSession[]> => {
	const {sessions} = database;
	if (sessions.length === 0) {
		throw cannotImport(job.bytes.name, 'the database holds no session; nothing was recorded into it');
	}

	const imported: ImportedSession[] = [];
	const total = sessions.reduce((sum, {rows}) => sum + rows, 0);
	let before = 0;
	for (const session of sessions) {
		assert.ok(before < total, 'every session has rows');
		const done = before;
		imported.push(await importStaged(job, async context => ({ // eslint-disable-line no-await-in-loop -- one session after the other
			...await readGoSession(database, session, context, rows => {
				job.signal?.throwIfAborted();
				// Progress counts bytes of the file.
				const size = job.bytes.total;
				job.tell({phase: 'reading', done: size === undefined ? done + rows : Math.floor(size * (done + rows) / total), total: size});
			}),
			source: 'kubestep-go',
			...(sessions.length > 1 && {name: session.id}),
		})));
		before += session.rows;
	}

	return imported;
};

/** Imports every session of a Go KubeStep's database. */
export const importGo = async (job: ImportJob): Promise<readonly ImportedSession[]> => {
	refuseOwnFile(job);
	const {database, spooled} = await openFile(job);
	try {
		return await importSessions(job, database);
	} finally {
		database.close();
		await spooled?.remove();
	}
};
