import {strict as assert} from 'node:assert';
import {placeId} from '../model/object-key.js';
import {isWriteVerb, type OperationCompletion} from '../model/operation.js';
import type {TakenBody} from './body-intake.js';
import type {EffectColumns, EndedRequest} from './effects.js';
import {headerValue} from './header-lines.js';
import type {InFlight} from './in-flight.js';
import type {IngestContext} from './ingest-context.js';
import type {EndedResponse} from './input.js';
import {applyDeleteCollection, applyList} from './list-intake.js';
import type {ObjectFacts} from './object-facts.js';
import {applyGet} from './read-effects.js';
import {bodyContextOf, type TextRedaction} from './request-intake.js';
import {learnKind} from './resources.js';
import {applyWrite} from './write-effects.js';

/** Longest error text of a body that is no Status, kept as the message. */
const maximumPlainMessage = 256;

const isSuccess = (response: EndedResponse): boolean => response.status !== undefined && response.status >= 200 && response.status < 300;

/** Columns of the object a response holds; of a list, only its kind's. */
const identityOf = (flight: InFlight, facts: ObjectFacts | undefined): OperationCompletion => {
	const {sequence} = flight.draft;
	assert.equal(flight.draft.kind, 'request', 'only a request is answered');
	if (facts === undefined || facts.status !== undefined) {
		return {sequence};
	}

	if (facts.continue !== undefined && (flight.draft.verb !== 'get' || facts.kind !== 'Table')) {
		return {sequence, objectKind: flight.resource?.kind ?? facts.kind};
	}

	assert.ok(facts.status === undefined, 'a Status stands for no object');
	const isStandIn = facts.kind === 'PartialObjectMetadata' || facts.kind === 'Table';
	return {
		sequence,
		objectKind: isStandIn ? flight.resource?.kind ?? facts.kind : facts.kind,
		uid: facts.uid === '' ? undefined : facts.uid,
		resourceVersion: facts.resourceVersion === '' ? undefined : facts.resourceVersion,
		generation: facts.generation,
		controllerUid: facts.controllerUid,
		name: flight.draft.name === undefined && facts.name !== '' ? facts.name : undefined,
		namespace: flight.draft.namespace === '' && facts.namespace !== '' ? facts.namespace : undefined,
	};
};

const plainMessage = (body: TakenBody | undefined, response: EndedResponse): string | undefined => {
	const isText = headerValue(response.headers, 'content-type')?.startsWith('text/plain') ?? false;
	return body === undefined || !isText || isSuccess(response) || body.size > maximumPlainMessage ? undefined : new TextDecoder().decode(body.bytes()).trim();
};

const outcomeOf = (response: EndedResponse, body: TakenBody | undefined, redact: TextRedaction['text']): Partial<OperationCompletion> => {
	const facts = body?.facts;
	const status = facts?.status;
	const message = response.message ?? status?.message ?? plainMessage(body, response);
	assert.ok(status === undefined || body !== undefined, 'a Status comes in a body');
	assert.ok(facts === undefined || body?.isTruncated !== undefined, 'facts come from a body');
	return {
		status: response.status,
		reason: response.reason ?? status?.reason,
		message: message === undefined || message === '' ? undefined : redact(message),
	};
};

const applyEffect = (ended: EndedRequest): EffectColumns => {
	const {verb} = ended.flight.draft;
	assert.ok(ended.status >= 200 && ended.status < 300, 'only what went well has an effect');
	assert.equal(ended.flight.resource, ended.resource);
	if (isWriteVerb(verb) && ended.flight.draft.flags.has('dryRun')) {
		return {};
	}

	switch (verb) {
		case 'create':
		case 'update':
		case 'patch':
		case 'delete': {
			return applyWrite(ended);
		}

		case 'deletecollection': {
			return applyDeleteCollection(ended);
		}

		case 'list': {
			return applyList(ended);
		}

		case 'get': {
			return applyGet(ended);
		}

		default: {
			return {};
		}
	}
};

/** A write that may or may not have happened waits for a version that matches it (design: rule 5). */
const rememberUnknown = (context: IngestContext, flight: InFlight): void => {
	const {draft, facts, requestBody} = flight;
	const {target} = facts;
	if (target === undefined || requestBody === undefined) {
		return;
	}

	const name = draft.name ?? requestBody.facts?.name ?? '';
	if (name === '' || draft.flags.has('dryRun')) {
		return;
	}

	assert.ok(isWriteVerb(draft.verb), 'a read has no outcome');
	assert.ok(requestBody.size > 0, 'an empty body is none');
	const [product = ''] = draft.process.split('/', 1);
	context.unresolved.add(placeId({...target, name}), {
		sequence: draft.sequence,
		verb: draft.verb,
		subresource: target.subresource,
		patchType: draft.patchType,
		manager: draft.fieldManager ?? (product === '' ? 'unknown' : product),
		resourceVersion: draft.resourceVersionBefore,
		size: requestBody.size,
		body: requestBody.value(),
	});
};

/** Flags the response adds to its request's. */
const addFlags = (flight: InFlight, response: EndedResponse, body: TakenBody | undefined, effect: EffectColumns): void => {
	const {flags} = flight.draft;
	// What an abort cut off is not malformed.
	const isCut = body?.isUndecodable === true && response.end !== 'complete';
	const marks = [
		['redacted', body?.isRedacted === true],
		['truncated', isCut || body?.isTruncated === true || response.bodyTruncated === true],
		['undecodable', !isCut && body?.isUndecodable === true],
	] as const;
	for (const [flag, isSet] of marks) {
		if (isSet) {
			flags.add(flag);
		}
	}

	assert.ok(!isCut || flags.has('truncated'), 'what was cut is marked');
	assert.ok(effect.flag === undefined || isSuccess(response), 'only what went well has an effect');
	if (effect.flag !== undefined) {
		flags.add(effect.flag);
	}
};

export type TakenResponse = {readonly completion: OperationCompletion; readonly body: TakenBody | undefined};

const takeBody = (context: IngestContext, flight: InFlight, response: EndedResponse): TakenBody | undefined => {
	// The events of a watch were taken one by one.
	const isStream = flight.draft.verb === 'watch' && response.status === 200;
	const headers = {type: headerValue(response.headers, 'content-type'), encoding: headerValue(response.headers, 'content-encoding')};
	return isStream ? undefined : context.bodies.take(response.body, bodyContextOf(flight.facts, 'response', headers, response.bodyTruncated === true));
};

/** Takes a response in: its columns, its body, and its effect on the state. */
export const takeResponse = (context: IngestContext, flight: InFlight, response: EndedResponse, redact: TextRedaction['text']): TakenResponse => {
	const {draft, resource} = flight;
	const body = takeBody(context, flight, response);
	const identity = identityOf(flight, body?.facts);
	assert.equal(identity.sequence, draft.sequence);
	// A write answered late is told apart from one never answered: only a whole answer has an effect.
	const isAnswered = isSuccess(response) && response.end === 'complete';
	let effect: EffectColumns = {};
	if (isAnswered && resource !== undefined) {
		if (body?.facts !== undefined) {
			learnKind(resource, body.facts, draft.subresource ?? '');
		}

		draft.name = identity.name ?? draft.name;
		draft.namespace = identity.namespace ?? draft.namespace;
		effect = applyEffect({
			context, flight, resource, body, status: response.status ?? 0, at: response.at,
		});
	} else if (isWriteVerb(draft.verb) && (response.status === undefined || response.status >= 500 || isSuccess(response))) {
		rememberUnknown(context, flight);
	}

	addFlags(flight, response, body, effect);
	const {flag, ...columns} = effect;
	assert.ok(flag === undefined || draft.flags.has(flag), 'an effect\'s flag is set');
	return {
		body,
		completion: {
			...identity,
			...columns,
			...outcomeOf(response, body, redact),
			auditId: draft.auditId ?? headerValue(response.headers, 'audit-id'),
			sentAt: response.sentAt,
			responseStartedAt: response.responseStartedAt,
			endedAt: response.at,
			ownWait: response.ownWait,
			end: response.end,
			responseContentType: headerValue(response.headers, 'content-type'),
			responseSize: body?.size,
			responseBody: body?.number,
			flags: draft.flags,
		},
	};
};
