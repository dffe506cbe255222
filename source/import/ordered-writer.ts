import {strict as assert} from 'node:assert';
import type {IngestSession} from '../ingest/ingest-session.js';
import type {ArrivedRequest, DeliveredEvent, EndedResponse} from '../ingest/input.js';
import {type StagedRecord, recordKinds} from './staging.js';
import type {StagedEnd, StagedGap, StagedRequest} from './staged-meta.js';

/** Told of what is written to its session, and may deliver more: synthesis. */
export type WriteObserver = {
	arrived(sequence: number, request: ArrivedRequest, staged: StagedRequest): void;
	ended(sequence: number, response: EndedResponse): void;
};

export type CreateObserver = (session: IngestSession) => WriteObserver;

export type WriteOptions = {
	/** Time zero, as the records count. */
	readonly zero: number;
	readonly createObserver: CreateObserver | undefined;
	readonly signal: AbortSignal | undefined;
	onRecord(written: number): void;
};

type Writing = {
	readonly session: IngestSession;
	readonly options: WriteOptions;
	readonly observer: WriteObserver | undefined;
	/** Sequence numbers of the requests that have not ended. */
	readonly open: Map<number, number>;
};

const nanoseconds = (time: number): bigint => BigInt(Math.max(0, time));

const shifted = (time: number, delta: number | undefined): bigint | undefined => delta === undefined ? undefined : nanoseconds(time + delta);

const writeArrival = ({session, observer, open}: Writing, record: StagedRecord, time: number): void => {
	const staged = JSON.parse(record.meta) as StagedRequest;
	const {uncertainty, isWatch: _, ...rest} = staged;
	const request: ArrivedRequest = {
		...rest, at: nanoseconds(time), body: record.body, uncertainty: uncertainty === undefined ? undefined : BigInt(uncertainty),
	};
	const sequence = session.arrive(request);
	open.set(record.stream, sequence);
	observer?.arrived(sequence, request, staged);
};

const writeEvent = ({session, open}: Writing, record: StagedRecord, time: number): void => {
	const stream = open.get(record.stream);
	assert.ok(stream !== undefined && record.body !== undefined, 'an event follows its watch');
	const event: DeliveredEvent = {
		at: nanoseconds(time), type: record.meta, object: record.body, wholeFrame: record.kind === recordKinds.frameEvent,
	};
	session.deliver(stream, event);
};

const writeEnd = ({session, observer, open}: Writing, record: StagedRecord, time: number): void => {
	const sequence = open.get(record.stream);
	assert.ok(sequence !== undefined, 'an end follows its arrival');
	open.delete(record.stream);
	const staged = JSON.parse(record.meta) as StagedEnd;
	const {sent, responseStarted, ...rest} = staged;
	const response: EndedResponse = {
		...rest, at: nanoseconds(time), body: record.body, sentAt: shifted(time, sent), responseStartedAt: shifted(time, responseStarted),
	};
	session.end(sequence, response);
	observer?.ended(sequence, response);
};

const writeRecord = (writing: Writing, record: StagedRecord): void => {
	const time = record.time - writing.options.zero;
	switch (record.kind) {
		case recordKinds.arrive: {
			writeArrival(writing, record, time);
			break;
		}

		case recordKinds.event:
		case recordKinds.frameEvent: {
			writeEvent(writing, record, time);
			break;
		}

		case recordKinds.end: {
			writeEnd(writing, record, time);
			break;
		}

		case recordKinds.gap: {
			writing.session.gap(JSON.parse(record.meta) as StagedGap);
			break;
		}
	}
};

/** Hands staged records, in order, to ingest, which numbers them; waits whenever it asks to. */
export const writeOrdered = async (records: Iterable<StagedRecord>, session: IngestSession, options: WriteOptions): Promise<void> => {
	const writing: Writing = {
		session, options, open: new Map(), observer: options.createObserver?.(session),
	};
	let written = 0;
	for (const record of records) {
		writeRecord(writing, record);
		written++;
		if (!session.needsDrain) {
			continue;
		}

		options.signal?.throwIfAborted();
		await session.drain(); // eslint-disable-line no-await-in-loop -- operations are numbered in order
		options.onRecord(written);
	}

	assert.equal(writing.open.size, 0, 'every request was given an end');
};
