import {strict as assert} from 'node:assert';
import type {Gap} from '../model/session.js';
import {createActorNames} from './actors.js';
import type {RequestFacts} from './arriving-request.js';
import {type BatchBuilder, createBatchBuilder} from './batch-builder.js';
import {createBodyIntake, type TakenBody} from './body-intake.js';
import {createBoundedMap} from './bounded-map.js';
import {createCauses} from './causes.js';
import {type Draft, fill} from './draft.js';
import {applyEvent} from './event-intake.js';
import {createHeadStates} from './head-states.js';
import type {InFlight} from './in-flight.js';
import type {IngestContext} from './ingest-context.js';
import type {ArrivedRequest, DeliveredEvent, EndedResponse} from './input.js';
import {createObjectTimelines} from './object-timelines.js';
import {addCompletion, chainHash, sealOf} from './operation-hash.js';
import {createPagedLists} from './paged-lists.js';
import {createProcessEpochs} from './process-epochs.js';
import {dropCredentials, dropUrlCredentials, type Redactor} from './redaction.js';
import {
	bodyContextOf,
	type RequestIntakeParts,
	takeRequest,
	type TextRedaction,
} from './request-intake.js';
import {createResources} from './resources.js';
import {takeResponse} from './response-intake.js';
import {createSessionCounts, type SessionCounts} from './session-counts.js';
import {createUnresolvedWrites} from './unresolved-writes.js';
import {createVersionIntake} from './version-intake.js';

/** Requests whose response has not ended. Beyond, the longest unused is given up: it stays without an end. */
const maximumInFlight = 100_000;
/** Gaps kept one by one; those beyond become one. */
const maximumGaps = 10_000;

/** One session's operations on their way into a batch; no I/O. */
export type OpenSession = {
	readonly batch: BatchBuilder;
	readonly counts: SessionCounts;
	arrive(request: ArrivedRequest): number;
	deliver(stream: number, event: DeliveredEvent): number;
	end(sequence: number, response: EndedResponse): void;
	gap(lost: {readonly operations: number; readonly bytes: number; readonly reason: string}): void;
	/** Completes what never ended; gives the seal of the hash chain. */
	close(): string;
};

type State = {
	readonly parts: RequestIntakeParts;
	readonly epochs: ReturnType<typeof createProcessEpochs>;
	readonly inFlight: ReturnType<typeof createBoundedMap<number, InFlight>>;
	readonly open: Set<number>;
	readonly counts: SessionCounts;
	gapCount: number;
	/** All gaps past `maximumGaps`. */
	furtherGap: Gap | undefined;
	lastHash: string;
	completions: bigint;
};

const createContext = (batchSize: number, redactor: Redactor | undefined): IngestContext => {
	const batch = createBatchBuilder(batchSize);
	const states = createHeadStates();
	assert.ok(batch.isEmpty, 'a session begins with nothing to write');
	const timelines = createObjectTimelines((row, key) => {
		batch.touch(row, key);
	});
	assert.ok(batchSize > 0, 'a batch holds at least one operation');
	return {
		batch,
		bodies: createBodyIntake(body => {
			batch.addBody(body);
		}, redactor),
		resources: createResources(),
		timelines,
		states,
		versions: createVersionIntake(timelines, states),
		causes: createCauses(timelines, completion => {
			batch.complete(completion);
		}),
		pages: createPagedLists(),
		unresolved: createUnresolvedWrites(),
	};
};

const textRedactionOf = (redactor: Redactor | undefined): TextRedaction => redactor === undefined
	? {url: dropUrlCredentials, headers: dropCredentials, text: text => text}
	: {url: redactor.redactUrl, headers: redactor.redactHeaders, text: redactor.redactText};

const epochRequestOf = (facts: RequestFacts) => ({
	process: facts.process, verb: facts.target === undefined ? '' : facts.verb, resourceVersion: facts.parameters.resourceVersion,
});

const seal = (state: State, draft: Draft, body: TakenBody | undefined): void => {
	assert.ok(draft.hash === undefined, 'an operation is chained once');
	draft.hash = chainHash(state.lastHash, draft, body?.digest ?? '');
	state.lastHash = draft.hash;
};

const arrive = (state: State, request: ArrivedRequest): number => {
	const sequence = state.counts.next('request', request.at);
	const flight = takeRequest(state.parts, request, sequence);
	seal(state, flight.draft, flight.requestBody);
	assert.ok(!state.open.has(sequence), 'a sequence number is given once');
	state.inFlight.set(sequence, flight);
	state.open.add(sequence);
	state.parts.context.batch.insert(flight.draft, state.parts.redaction.headers(request.headers));
	assert.equal(flight.draft.sequence, state.counts.last, 'sequence numbers are dense');
	return sequence;
};

const emptyFacts = {
	verb: 'watch', target: undefined,
};

const eventDraft = (sequence: number, stream: number, event: DeliveredEvent, flight: InFlight | undefined): Draft => {
	const watch = flight?.draft;
	assert.ok(flight === undefined || flight.draft.sequence === stream, 'the watch of this stream');
	const draft: Draft = {
		sequence,
		kind: 'event',
		verb: event.type,
		group: watch?.group,
		version: watch?.version,
		resource: watch?.resource,
		namespace: watch?.namespace,
		name: watch?.name,
		process: watch?.process ?? 'unknown',
		actor: watch?.actor ?? 'unknown',
		userAgent: watch?.userAgent,
		user: watch?.user,
		epoch: watch?.epoch,
		stream,
		connection: watch?.connection,
		arrivedAt: event.at,
		uncertainty: watch?.uncertainty,
		hasHeaders: false,
		flags: new Set(),
	};
	const marks = [
		['noise', watch?.flags.has('noise') === true],
		['wholeFrame', event.wholeFrame],
		['synthetic', event.synthetic === true || watch?.flags.has('synthetic') === true],
	] as const;
	for (const [flag, isSet] of marks) {
		if (isSet) {
			draft.flags.add(flag);
		}
	}

	assert.ok(!draft.hasHeaders && draft.hash === undefined, 'an event has no headers, and is chained when it is filled in');
	return draft;
};

const applyEventBody = (draft: Draft, body: TakenBody | undefined): void => {
	assert.equal(draft.kind, 'event');
	assert.equal(draft.requestBody, undefined, 'an event answers no request body');
	draft.responseBody = body?.number;
	draft.responseSize = body?.size;
	if (body?.isRedacted === true) {
		draft.flags.add('redacted');
	}

	if (body?.isUndecodable === true) {
		draft.flags.add('undecodable');
	}

	if (body?.isTruncated === true) {
		draft.flags.add('truncated');
	}
};

const deliver = (state: State, stream: number, event: DeliveredEvent): number => {
	const {context, redaction} = state.parts;
	const sequence = state.counts.next('event', event.at);
	const flight = state.inFlight.get(stream);
	const draft = eventDraft(sequence, stream, event, flight);
	assert.equal(draft.stream, stream);
	const bodyContext = flight === undefined
		? {
			...emptyFacts, kind: 'event' as const, group: undefined, resource: undefined, subresource: '', namespace: '', name: '',
			contentType: undefined, contentEncoding: undefined, isTruncated: false,
		}
		: bodyContextOf(flight.facts, 'event', {type: undefined, encoding: undefined}, false);
	const body = context.bodies.take(event.object, bodyContext);
	applyEventBody(draft, body);
	applyEvent({
		context, draft, flight, body, isWholeFrame: event.wholeFrame,
	});
	draft.message = draft.message === undefined ? undefined : redaction.text(draft.message);
	seal(state, draft, body);
	context.batch.insert(draft);
	assert.equal(sequence, state.counts.last, 'sequence numbers are dense');
	return sequence;
};

const end = (state: State, sequence: number, response: EndedResponse): void => {
	const {context, redaction} = state.parts;
	const flight = state.inFlight.delete(sequence);
	if (flight === undefined) {
		return;
	}

	state.open.delete(sequence);
	state.counts.reach(response.at);
	assert.equal(flight.draft.sequence, sequence);
	const {completion, body} = takeResponse(context, flight, response, redaction.text);
	const {draft} = flight;
	if (draft.verb === 'watch' && draft.resource !== undefined) {
		state.epochs.endWatch(draft.process, response.status === 200);
	} else if (draft.verb === 'list' && completion.collectionResourceVersion !== undefined) {
		state.epochs.endList(epochRequestOf(flight.facts), completion.collectionResourceVersion);
	}

	fill(draft, completion);
	context.batch.end(draft, completion, redaction.headers(response.headers));
	state.completions = addCompletion(state.completions, draft, body?.digest ?? '');
	assert.equal(completion.sequence, sequence);
};

const addGap = (state: State, lost: {readonly operations: number; readonly bytes: number; readonly reason: string}): void => {
	assert.ok(lost.operations >= 0 && lost.bytes >= 0, 'a loss is counted');
	const gap: Gap = {from: state.counts.last, to: state.counts.last + 1, ...lost};
	assert.ok(state.gapCount <= maximumGaps, 'more gaps than are kept');
	if (state.gapCount < maximumGaps) {
		state.gapCount += 1;
		state.parts.context.batch.addGap(gap);
		return;
	}

	const further = state.furtherGap ?? {...gap, operations: 0, bytes: 0};
	state.furtherGap = {
		...further, to: gap.to, operations: further.operations + lost.operations, bytes: further.bytes + lost.bytes,
	};
};

const close = (state: State): string => {
	const {durationNs} = state.counts.snapshot();
	assert.ok(state.open.size <= state.inFlight.size, 'what is open is in flight');
	for (const sequence of state.open) {
		end(state, sequence, {at: durationNs, headers: [], end: 'unknown'});
	}

	if (state.furtherGap !== undefined) {
		state.parts.context.batch.addGap(state.furtherGap);
	}

	assert.equal(state.open.size, 0, 'nothing is in flight after the end');
	return sealOf(state.lastHash, state.completions);
};

/** Opens the way of one session's operations into batches. */
export const createOpenSession = (options: {readonly batchSize: number; readonly redactor: Redactor | undefined}): OpenSession => {
	const context = createContext(options.batchSize, options.redactor);
	const epochs = createProcessEpochs();
	const open = new Set<number>();
	const state: State = {
		parts: {
			context,
			redaction: textRedactionOf(options.redactor),
			actorOf: createActorNames(),
			epochOf: facts => epochs.arrive(epochRequestOf(facts)),
		},
		epochs,
		open,
		inFlight: createBoundedMap<number, InFlight>(maximumInFlight, sequence => {
			open.delete(sequence);
		}),
		counts: createSessionCounts(),
		gapCount: 0,
		furtherGap: undefined,
		lastHash: '',
		completions: 0n,
	};
	assert.equal(state.counts.last, 0, 'a session begins before its first step');
	assert.ok(context.batch.isEmpty, 'a session begins with nothing to write');
	return {
		batch: context.batch,
		counts: state.counts,
		arrive: request => arrive(state, request),
		deliver: (stream, event) => deliver(state, stream, event),
		end(sequence, response) {
			end(state, sequence, response);
		},
		gap(lost) {
			addGap(state, lost);
		},
		close: () => close(state),
	};
};
