import {strict as assert} from 'node:assert';
import type {OpenStoreOptions} from '../open-store.js';
import {createAggregates, type Aggregates} from './aggregates.js';
import {type Annotations, createAnnotations} from './annotations.js';
import {type BodiesReader, createBodiesReader} from './bodies-reader.js';
import type {Connection} from './connection.js';
import {writeBeside} from './open-reader.js';
import {createOperationQueries, type OperationQueries} from './operation-queries.js';
import {createOperationsReader, type OperationsReader} from './operations-reader.js';
import {createSessionWriter, type SessionWriter} from './session-writer.js';
import {createSessions, type SessionRow, type Sessions} from './sessions.js';
import {createVersionQueries, type VersionQueries} from './version-queries.js';

/** Sessions one store writes at a time. */
const maximumWriters = 64;

/** Everything that reads and writes one open file. */
export type FileParts = {
	readonly sessions: Sessions;
	readonly reader: OperationsReader;
	readonly queries: OperationQueries;
	readonly aggregates: Aggregates;
	readonly versions: VersionQueries;
	readonly bodies: BodiesReader;
	readonly annotations: Annotations;
	/** Finds a session by its id. */
	find(id: string): SessionRow;
	writer(session: SessionRow): SessionWriter;
	/** Forgets what is remembered of the file's rows. */
	forget(): void;
};

export const createFileParts = (file: string, mode: OpenStoreOptions['mode'], connection: Connection): FileParts => {
	const {database} = connection;
	assert.ok(database.open, 'an open file');
	assert.ok(file !== '', 'a file has a name');
	assert.ok(mode === 'read' || !connection.isCopy, 'a copy is only read');
	const sessions = createSessions(database, file);
	const reader = createOperationsReader(database, file);
	const queries = createOperationQueries(database, reader);
	const versions = createVersionQueries(database, reader.dictionaries, file);
	const bodies = createBodiesReader(database, file);
	const writers = new Map<number, SessionWriter>();
	const seen = new Map<string, SessionRow>();

	const forget = (): void => {
		reader.forget();
		versions.forget();
		bodies.forget();
		writers.clear();
		seen.clear();
	};

	return {
		sessions,
		reader,
		queries,
		versions,
		bodies,
		aggregates: createAggregates(database, reader.dictionaries, queries),
		annotations: createAnnotations(database, file, change => {
			if (mode === 'write') {
				change(database);
			} else {
				writeBeside(file, connection.isCopy, change);
			}
		}),
		forget,
		find(id) {
			const session = sessions.find(id);
			assert.equal(session.id, id, 'the session that was asked for');
			const before = seen.get(id);
			if (before !== undefined && (before.number !== session.number || before.clock !== session.clock)) {
				// Another session under the name of one that was deleted: what is remembered is of that one.
				forget();
			}

			seen.set(id, session);
			return session;
		},
		writer(session) {
			assert.equal(mode, 'write', 'a file opened for reading is not recorded into');
			const known = writers.get(session.number);
			if (known !== undefined) {
				return known;
			}

			if (writers.size >= maximumWriters) {
				writers.clear();
			}

			const writer = createSessionWriter(database, session, reader);
			writers.set(session.number, writer);
			assert.ok(writers.size <= maximumWriters, 'a bounded number of writers');
			return writer;
		},
	};
};
