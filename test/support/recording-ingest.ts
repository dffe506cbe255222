import type {IngestSession} from '../../source/ingest/ingest-session.js';
import type {ArrivedRequest, DeliveredEvent, EndedResponse} from '../../source/ingest/input.js';
import {importFile} from '../../source/import/import-file.js';
import type {
	ImportInput,
	ImportOptions,
	ImportResult,
	SessionFacts,
} from '../../source/import/import-types.js';

/** One call an importer made on its session. */
export type IngestCall =
	| {readonly call: 'arrive'; readonly sequence: number; readonly request: ArrivedRequest}
	| {readonly call: 'deliver'; readonly sequence: number; readonly stream: number; readonly event: DeliveredEvent}
	| {readonly call: 'end'; readonly sequence: number; readonly response: EndedResponse}
	| {readonly call: 'gap'; readonly lost: {readonly operations: number; readonly bytes: number; readonly reason: string}};

export type RecordedSession = {
	readonly facts: SessionFacts;
	readonly calls: readonly IngestCall[];
	readonly requests: readonly ArrivedRequest[];
	readonly events: readonly DeliveredEvent[];
	readonly ends: readonly EndedResponse[];
	readonly gaps: ReadonlyArray<{readonly operations: number; readonly bytes: number; readonly reason: string}>;
	readonly drains: number;
	readonly isFinished: boolean;
	/** How a request ended. */
	endOf(sequence: number): EndedResponse | undefined;
};

/** Of many operations only the number is kept. */
export type RecordingOptions = {readonly isCounting?: boolean; readonly drainEvery?: number};

const createSession = (facts: SessionFacts, {isCounting = false, drainEvery = 100}: RecordingOptions): IngestSession & {readonly recorded: RecordedSession} => {
	const calls: IngestCall[] = [];
	const open = new Set<number>();
	let last = 0;
	let requests = 0;
	let waiting = 0;
	let drains = 0;
	let isFinished = false;
	let latest = 0n;
	const note = (call: IngestCall, at: bigint): void => {
		if (at < latest) {
			throw new Error(`${call.call} at ${at} comes after ${latest}`);
		}

		latest = at;
		waiting++;
		if (!isCounting) {
			calls.push(call);
		}
	};

	return {
		arrive(request) {
			last++;
			requests++;
			open.add(last);
			note({call: 'arrive', sequence: last, request}, request.at);
			return last;
		},
		deliver(stream, event) {
			if (!open.has(stream)) {
				throw new Error(`an event of ${stream}, which is not open`);
			}

			last++;
			note({
				call: 'deliver', sequence: last, stream, event,
			}, event.at);
			return last;
		},
		end(sequence, response) {
			if (!open.delete(sequence)) {
				throw new Error(`${sequence} ends, and is not open`);
			}

			note({call: 'end', sequence, response}, response.at);
		},
		gap(lost) {
			calls.push({call: 'gap', lost});
		},
		get needsDrain() {
			return waiting >= drainEvery;
		},
		async drain() {
			waiting = 0;
			drains++;
		},
		async finish() {
			isFinished = true;
			return {
				id: facts.name ?? 'recorded', source: facts.source, startedAt: facts.startedAt, origin: facts.origin, capabilities: facts.capabilities, redacted: false,
				parent: undefined, gaps: [], open: false, operations: last, requests, events: last - requests, durationNs: latest, facts: facts.facts,
			};
		},
		recorded: {
			facts,
			calls,
			get requests() {
				return calls.filter(call => call.call === 'arrive').map(({request}) => request);
			},
			get events() {
				return calls.filter(call => call.call === 'deliver').map(({event}) => event);
			},
			get ends() {
				return calls.filter(call => call.call === 'end').map(({response}) => response);
			},
			get gaps() {
				return calls.filter(call => call.call === 'gap').map(({lost}) => lost);
			},
			get drains() {
				return drains;
			},
			get isFinished() {
				return isFinished;
			},
			endOf: sequence => calls.find((call): call is IngestCall & {call: 'end'} => call.call === 'end' && call.sequence === sequence)?.response,
		},
	};
};

export type RecordedImport = {readonly result: ImportResult; readonly sessions: readonly RecordedSession[]; readonly session: RecordedSession};

/** Imports into sessions that keep every call and refuse what ingest would: events of unknown watches, times that run backwards. */
export const recordImport = async (input: ImportInput, options: ImportOptions & RecordingOptions = {}): Promise<RecordedImport> => {
	const sessions: RecordedSession[] = [];
	const result = await importFile(input, async facts => {
		const session = createSession(facts, options);
		sessions.push(session.recorded);
		return session;
	}, options);
	const [session] = sessions;
	if (session === undefined) {
		throw new Error('no session was opened');
	}

	return {result, sessions, session};
};
