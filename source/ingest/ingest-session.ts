import {strict as assert} from 'node:assert';
import type {Session} from '../model/session.js';
import type {OperationStore, WriteBatch} from '../store/operation-store.js';
import type {ArrivedRequest, DeliveredEvent, EndedResponse} from './input.js';
import {createOpenSession, type OpenSession} from './open-session.js';
import {createRedactor} from './redaction.js';

/** What ingest needs of a store. */
export type IngestStore = Pick<OperationStore, 'createSession' | 'getSession' | 'write'>;

export type IngestOptions = {
	readonly store: IngestStore;
	readonly session: Omit<Session, 'operations' | 'requests' | 'events' | 'durationNs' | 'gaps' | 'open' | 'redacted'>;
	/** Replace secret values by equality-preserving tokens; default true. */
	readonly redact: boolean;
	/** Key of the tokens; default: random, in memory only. */
	readonly redactKey?: Uint8Array;
	/** Operations per store transaction. */
	readonly batchSize?: number;
};

/**
The way in of every operation of one session. Calls come in the order things happened: `arrive` gives the next sequence number,
`deliver` the event's, `end` completes a request (a write's effect enters the state at the step of its arrival). They never wait; the caller awaits
`drain()` when `needsDrain` is true, which is the back-pressure. `finish()` flushes, closes the session and seals its hash chain.
*/
export type IngestSession = {
	arrive(request: ArrivedRequest): number;
	deliver(stream: number, event: DeliveredEvent): number;
	end(sequence: number, response: EndedResponse): void;
	/** Operations the source lost between the last and the next step. */
	gap(lost: {readonly operations: number; readonly bytes: number; readonly reason: string}): void;
	readonly needsDrain: boolean;
	/** Writes what waits, in one transaction. Rejects with the store's error; what could not be written is kept and written first by the next call. */
	drain(): Promise<void>;
	finish(changes?: {readonly facts?: Readonly<Record<string, string>>}): Promise<Session>;
};

const defaultBatchSize = 1000;

/** Writes batches one after the other: a later one completes operations an earlier one inserted. */
const createBatchWriter = (store: IngestStore, session: string): ((take: () => WriteBatch | undefined) => Promise<void>) => {
	let unwritten: WriteBatch | undefined;
	let tail: Promise<void> = Promise.resolve();
	assert.ok(session !== '', 'a session has an id');

	const writeAll = async (take: () => WriteBatch | undefined): Promise<void> => {
		if (unwritten !== undefined) {
			await store.write(session, unwritten);
			unwritten = undefined;
		}

		unwritten = take();
		assert.ok(unwritten === undefined || unwritten.session !== undefined, 'every batch carries the counts');
		if (unwritten === undefined) {
			return;
		}

		assert.ok(unwritten.operations.every(({operation}) => operation.sequence > 0), 'steps count from 1');
		await store.write(session, unwritten);
		unwritten = undefined;
	};

	return async take => {
		const before = tail;
		const current = (async () => {
			// A failed write was reported to its own caller.
			await before.catch(() => undefined);
			await writeAll(take);
		})();
		assert.notEqual(current, before, 'one write after the other');
		tail = current;
		await current;
	};
};

const ingestInto = (open: OpenSession, options: IngestOptions): IngestSession => {
	const {store, session} = options;
	const write = createBatchWriter(store, session.id);
	let isFinished = false;

	return {
		arrive(request) {
			assert.ok(!isFinished, 'the session is finished');
			return open.arrive(request);
		},
		deliver(stream, event) {
			assert.ok(!isFinished, 'the session is finished');
			return open.deliver(stream, event);
		},
		end(sequence, response) {
			assert.ok(!isFinished, 'the session is finished');
			open.end(sequence, response);
		},
		gap(lost) {
			open.gap(lost);
		},
		get needsDrain() {
			return open.batch.isFull;
		},
		async drain() {
			await write(() => open.batch.isEmpty ? undefined : open.batch.take(open.counts.snapshot()));
		},
		async finish(changes) {
			assert.ok(!isFinished, 'the session is finished');
			const seal = open.close();
			assert.ok(seal !== '', 'a closed session is sealed');
			isFinished = true;
			await write(() => open.batch.take({
				...open.counts.snapshot(),
				open: false,
				facts: {...session.facts, ...changes?.facts, seal},
			}));
			return store.getSession(session.id);
		},
	};
};

/** Creates the session (refused when its id exists) and opens its way in. */
export async function openIngest(options: IngestOptions): Promise<IngestSession> {
	const batchSize = options.batchSize ?? defaultBatchSize;
	assert.ok(batchSize > 0, 'a batch holds at least one operation');
	const key = options.redactKey;
	assert.ok(key === undefined || key.length > 0, 'a key has bytes');
	await options.store.createSession({
		...options.session, redacted: options.redact, gaps: [], open: true, operations: 0, requests: 0, events: 0, durationNs: 0n,
	});
	const redactor = options.redact ? createRedactor(key === undefined ? {} : {key}) : undefined;
	return ingestInto(createOpenSession({batchSize, redactor}), options);
}
