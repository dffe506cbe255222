import {strict as assert} from 'node:assert';
import {existsSync, statSync} from 'node:fs';
import type {OpenStoreOptions} from '../open-store.js';
import type {OperationStore, WriteBatch} from '../operation-store.js';
import {exitCodes, KubestepError} from '../../model/kubestep-error.js';
import {createAggregates} from './aggregates.js';
import {createAnnotations} from './annotations.js';
import {createBodiesReader} from './bodies-reader.js';
import {type Connection, openReader, openWriter, writeBeside} from './connection.js';
import {createOperationQueries} from './operation-queries.js';
import {createOperationsReader} from './operations-reader.js';
import {createSessionWriter, type SessionWriter} from './session-writer.js';
import {createSessions, type SessionRow} from './sessions.js';
import {toStoreError} from './store-error.js';
import {createVersionQueries} from './version-queries.js';

/** Sessions one store writes at a time. */
const maximumWriters = 64;

const emptyBatch: WriteBatch = {
	bodies: [], operations: [], completions: [], versions: [], gaps: [],
};

const fileBytes = (file: string): number => {
	const paths = [file, `${file}-wal`].filter(path => existsSync(path));
	return paths.reduce((sum, path) => sum + statSync(path).size, 0);
};

/** The session file at a path. */
export const openSqliteStore = (file: string, {mode}: OpenStoreOptions): OperationStore => {
	const connection: Connection = mode === 'write' ? openWriter(file) : openReader(file);
	try {
		return createStore(file, mode, connection);
	} catch (error) {
		connection.database.close();
		throw toStoreError(error, file);
	}
};

const createStore = (file: string, mode: OpenStoreOptions['mode'], connection: Connection): OperationStore => {
	const {database} = connection;
	assert(database.open, 'an open file');
	const sessions = createSessions(database, file);
	const reader = createOperationsReader(database, file);
	const queries = createOperationQueries(database, reader);
	const aggregates = createAggregates(database, reader.dictionaries, queries);
	const versions = createVersionQueries(database, reader.dictionaries, file);
	const bodies = createBodiesReader(database, file);
	const annotations = createAnnotations(database, file, change => {
		if (mode === 'write') {
			change(database);
			return;
		}

		writeBeside(file, connection.isCopy, change);
	});
	const writers = new Map<number, SessionWriter>();
	const seen = new Map<string, SessionRow>();

	const forget = (): void => {
		reader.forget();
		versions.forget();
		bodies.forget();
		seen.clear();
		writers.clear();
	};

	/** Finds a session; another one under the same name means that what is remembered is of one that was deleted. */
	const find = (id: string): SessionRow => {
		const session = sessions.find(id);
		const before = seen.get(id);
		if (before !== undefined && (before.number !== session.number || before.clock !== session.clock)) {
			forget();
		}

		seen.set(id, session);
		return session;
	};

	const writerOf = (session: SessionRow): SessionWriter => {
		const known = writers.get(session.number);
		if (known !== undefined) {
			return known;
		}

		if (writers.size >= maximumWriters) {
			writers.clear();
		}

		const writer = createSessionWriter(database, session, reader);
		writers.set(session.number, writer);
		return writer;
	};

	/** Runs work on the file; whatever fails becomes one clear line. */
	const run = async <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
		try {
			return await work();
		} catch (error) {
			throw database.open ? toStoreError(error, file) : new KubestepError(`${file} was closed already`, exitCodes.internal, {cause: error});
		}
	};

	const change = async <Result>(work: () => Result): Promise<Result> => run(() => {
		if (mode === 'read') {
			throw new KubestepError(`${file} was opened for reading: nothing can be recorded into it`, exitCodes.internal);
		}

		return work();
	});

	const write = async (id: string, batch: WriteBatch): Promise<void> => change(() => {
		writerOf(find(id)).write(batch);
	});

	return {
		locator: file,
		warnings: connection.warnings,
		get readonly() {
			return mode === 'read' && (connection.isCopy || annotations.isInMemory);
		},
		createSession: async session => change(() => {
			sessions.create(session);
		}),
		listSessions: async () => run(() => sessions.list()),
		getSession: async id => run(() => sessions.get(id)),
		countActors: async id => run(async () => aggregates.countActors(find(id))),
		deleteSession: async id => change(() => {
			sessions.remove(id);
			forget();
		}),
		write,
		insertOperations: async (id, operations) => write(id, {...emptyBatch, operations}),
		completeOperation: async (id, completion) => write(id, {...emptyBatch, completions: [completion]}),
		getOperation: async (id, sequence) => run(() => reader.get(find(id), sequence)),
		queryOperations: async query => run(async () => queries.query(find(query.session), query)),
		querySequences: async query => run(async () => queries.sequences(find(query.session), query)),
		countOperations: async query => run(async () => queries.count(find(query.session), query)),
		aggregateOperations: async query => run(async () => aggregates.aggregate(find(query.session), query)),
		queryVersions: async query => run(async () => versions.query(find(query.session), query)),
		versionAt: async (id, place, step) => run(() => versions.at(find(id), place, step)),
		versionsOf: async (id, key, resourceVersion) => run(() => versions.of(find(id), key, resourceVersion)),
		versionsEnteredAt: async (id, step, limit) => run(() => versions.enteredAt(find(id), step, limit)),
		readBody: async (id, body) => run(() => bodies.read(find(id), body)),
		readBodies: async (id, numbers) => run(() => {
			const session = find(id);
			return numbers.map(number => bodies.read(session, number));
		}),
		readHeaders: async (id, sequence) => run(() => {
			const headers = reader.headers(find(id), sequence);
			return {request: headers?.request ?? [], response: headers?.response ?? []};
		}),
		listBreakpoints: async id => run(() => annotations.breakpoints(find(id))),
		saveBreakpoint: async (id, breakpoint) => run(() => {
			annotations.saveBreakpoint(find(id), breakpoint);
		}),
		deleteBreakpoint: async (id, breakpoint) => run(() => {
			annotations.deleteBreakpoint(find(id), breakpoint);
		}),
		listMarks: async id => run(() => annotations.marks(find(id))),
		saveMark: async (id, mark) => run(() => {
			annotations.saveMark(find(id), mark);
		}),
		dataVersion: async () => run(() => Number(database.pragma('data_version', {simple: true}))),
		sizes: async id => run(async () => ({fileBytes: fileBytes(file), rawBodyBytes: await aggregates.rawBodyBytes(find(id))})),
		close: async () => run(() => {
			connection.close();
		}),
	};
};
