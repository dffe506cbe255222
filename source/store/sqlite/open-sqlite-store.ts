import {strict as assert} from 'node:assert';
import {existsSync, statSync} from 'node:fs';
import {exitCodes, KubestepError} from '../../model/kubestep-error.js';
import type {OpenStoreOptions} from '../open-store.js';
import type {OperationStore, WriteBatch} from '../operation-store.js';
import type {Connection} from './connection.js';
import {createFileParts, type FileParts} from './file-parts.js';
import {openReader} from './open-reader.js';
import {openWriter} from './open-writer.js';
import {toStoreError} from './store-error.js';

/** Runs work on the file; what fails becomes one clear line. The answer never comes in the same tick. */
type Run = <Result>(work: () => Result | Promise<Result>) => Promise<Result>;

type WriteMethods = Pick<OperationStore, 'createSession' | 'deleteSession' | 'write' | 'insertOperations' | 'completeOperation'>;
type AnnotationMethods = Pick<OperationStore, 'listBreakpoints' | 'saveBreakpoint' | 'deleteBreakpoint' | 'listMarks' | 'saveMark'>;
type ReadMethods = Omit<OperationStore, keyof WriteMethods | keyof AnnotationMethods | 'locator' | 'readonly' | 'warnings' | 'close'>;

const emptyBatch: WriteBatch = {
	bodies: [], operations: [], completions: [], versions: [], gaps: [],
};

const fileBytes = (file: string): number => {
	const parts = [file, `${file}-wal`].filter(part => existsSync(part));
	assert.ok(parts.length > 0, 'an open file exists');
	return parts.reduce((sum, part) => sum + statSync(part).size, 0);
};

const writeMethods = (parts: FileParts, run: Run): WriteMethods => {
	const write = async (id: string, batch: WriteBatch): Promise<void> => run(() => {
		parts.writer(parts.find(id)).write(batch);
	});

	return {
		write,
		createSession: async session => run(() => {
			parts.sessions.create(session);
		}),
		deleteSession: async id => run(() => {
			parts.sessions.remove(id);
			parts.forget();
		}),
		insertOperations: async (id, operations) => write(id, {...emptyBatch, operations}),
		completeOperation: async (id, completion) => write(id, {...emptyBatch, completions: [completion]}),
	};
};

const annotationMethods = ({annotations, find}: FileParts, run: Run): AnnotationMethods => ({
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
});

const readMethods = (file: string, parts: FileParts, {database}: Connection, run: Run): ReadMethods => {
	const {sessions, reader, queries, aggregates, versions, bodies, find} = parts;
	return {
		listSessions: async () => run(() => sessions.list()),
		getSession: async id => run(() => sessions.get(id)),
		countActors: async id => run(async () => aggregates.countActors(find(id))),
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
		dataVersion: async () => run(() => {
			const version = Number(database.pragma('data_version', {simple: true}));
			assert.ok(Number.isSafeInteger(version), 'versions can be told apart');
			return version;
		}),
		sizes: async id => run(async () => ({fileBytes: fileBytes(file), rawBodyBytes: await aggregates.rawBodyBytes(find(id))})),
	};
};

const createStore = (file: string, mode: OpenStoreOptions['mode'], connection: Connection): OperationStore => {
	const {database} = connection;
	assert.ok(database.open, 'an open file');
	assert.equal(database.readonly, mode === 'read', 'the connection may do what the store is for');
	assert.ok(mode === 'read' || !connection.isCopy, 'nothing is recorded into a copy');
	assert.ok(!connection.isCopy || connection.warnings.length > 0, 'a person is told that a copy is read');
	const parts = createFileParts(file, mode, connection);
	const run: Run = async work => {
		try {
			return await work();
		} catch (error) {
			throw database.open ? toStoreError(error, file) : new KubestepError(`${file} was closed already`, exitCodes.internal, {cause: error});
		}
	};

	const change: Run = async work => run(async () => {
		if (mode === 'read') {
			throw new KubestepError(`${file} was opened for reading: nothing can be recorded into it`, exitCodes.internal);
		}

		return work();
	});

	return {
		locator: file,
		warnings: connection.warnings,
		get readonly() {
			return mode === 'read' && (connection.isCopy || parts.annotations.isInMemory);
		},
		...writeMethods(parts, change),
		...annotationMethods(parts, run),
		...readMethods(file, parts, connection, run),
		close: async () => run(() => {
			connection.close();
			assert.ok(!database.open, 'a closed store holds no file');
		}),
	};
};

/**
The session file at a path.
@throws KubestepError one clear line
*/
export const openSqliteStore = (file: string, {mode}: OpenStoreOptions): OperationStore => {
	const connection: Connection = mode === 'write' ? openWriter(file) : openReader(file);
	try {
		return createStore(file, mode, connection);
	} catch (error) {
		connection.discard();
		throw toStoreError(error, file);
	}
};
