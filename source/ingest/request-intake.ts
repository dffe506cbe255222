import {strict as assert} from 'node:assert';
import {isWriteVerb, type HeaderLines} from '../model/operation.js';
import {parseMediaType} from '../kubernetes/media-type.js';
import {isNameOrNamespaceSelector} from '../kubernetes/selectors.js';
import type {ActorFacts} from './actors.js';
import {readRequest, type RequestFacts} from './arriving-request.js';
import type {BodyContext, TakenBody} from './body-intake.js';
import type {Draft} from './draft.js';
import {headerValue} from './header-lines.js';
import type {InFlight, KnownHead, WatchState} from './in-flight.js';
import type {IngestContext} from './ingest-context.js';
import type {ArrivedRequest} from './input.js';
import {scopeOf} from './list-scope.js';
import {headOf} from './object-timelines.js';
import {readRequestBody} from './request-body.js';
import type {ResourceState} from './resources.js';

/** What makes a request safe to keep: credentials always go, secret values when redaction is on. */
export type TextRedaction = {
	readonly url: (url: string) => string;
	readonly headers: (lines: HeaderLines) => HeaderLines;
	readonly text: (text: string) => string;
};

export type RequestIntakeParts = {
	readonly context: IngestContext;
	readonly redaction: TextRedaction;
	readonly actorOf: (facts: ActorFacts) => string;
	readonly epochOf: (facts: RequestFacts) => number;
};

const mediaTypeOf = (contentType: string | undefined): string | undefined => contentType === undefined ? undefined : parseMediaType(contentType)?.type;

const emptyToUndefined = (text: string | undefined): string | undefined => text === '' ? undefined : text;

/** Where a body of this request belongs, for redaction, for what resembles it, and for what of it is read. */
export const bodyContextOf = (
	facts: RequestFacts, kind: BodyContext['kind'], headers: {readonly type: string | undefined; readonly encoding: string | undefined}, isTruncated: boolean,
): BodyContext => {
	assert.ok(facts.target !== undefined || facts.path !== undefined, 'a URL is a resource\'s or a path');
	return {
		kind,
		verb: facts.verb,
		group: facts.target?.group,
		resource: facts.target?.resource,
		subresource: facts.target?.subresource ?? '',
		namespace: facts.target?.namespace ?? '',
		name: facts.target?.name ?? '',
		contentType: headers.type,
		contentEncoding: headers.encoding,
		isTruncated,
	};
};

const headAt = (context: IngestContext, resource: ResourceState | undefined, facts: RequestFacts): KnownHead | undefined => {
	if (resource === undefined || facts.target === undefined || facts.target.name === '' || !isWriteVerb(facts.verb)) {
		return undefined;
	}

	const timeline = context.timelines.at(facts.target);
	const head = timeline === undefined || timeline.end !== undefined ? undefined : headOf(timeline);
	if (timeline === undefined || head === undefined) {
		return undefined;
	}

	assert.ok(timeline.key.uid !== '', 'a timeline is of a uid');
	assert.ok(head.kind !== 'end', 'what ended is no state');
	return {
		uid: timeline.key.uid, resourceVersion: head.resourceVersion, storageEpoch: head.storageEpoch, seenAt: head.seenAt,
	};
};

const watchOf = (facts: RequestFacts): WatchState | undefined => {
	if (facts.verb !== 'watch' || facts.target === undefined) {
		return undefined;
	}

	const {labelSelector, fieldSelector, sendInitialEvents} = facts.parameters;
	const isWhole = labelSelector === '' && fieldSelector === '';
	assert.ok(facts.target.resource !== '', 'a watch is of a resource');
	return {
		seesDeletions: isWhole || isNameOrNamespaceSelector(labelSelector, fieldSelector),
		scope: scopeOf(facts.target, facts),
		initial: sendInitialEvents ? new Set() : undefined,
	};
};

const draftOf = (parts: RequestIntakeParts, request: ArrivedRequest, facts: RequestFacts, sequence: number): Draft => {
	const url = parts.redaction.url(request.url);
	const question = url.indexOf('?');
	const {target} = facts;
	assert.equal(facts.path === undefined, target !== undefined, 'a URL is a resource\'s or a path');
	return {
		sequence,
		kind: 'request',
		verb: facts.verb,
		group: target?.group,
		version: emptyToUndefined(target?.version),
		resource: target?.resource,
		subresource: emptyToUndefined(target?.subresource),
		namespace: target?.namespace,
		name: emptyToUndefined(target?.name),
		uid: request.stated?.uid,
		path: target === undefined ? url.slice(0, question === -1 ? undefined : question) : undefined,
		query: question === -1 ? undefined : emptyToUndefined(url.slice(question + 1)),
		process: facts.process,
		actor: parts.actorOf({
			userAgent: facts.userAgent, fieldManager: facts.parameters.fieldManager, user: facts.user, kubectlCommand: facts.kubectlCommand,
		}),
		userAgent: facts.userAgent,
		user: facts.user,
		fieldManager: facts.parameters.fieldManager,
		patchType: facts.verb === 'patch' ? mediaTypeOf(facts.contentType) : undefined,
		auditId: request.auditId ?? headerValue(request.headers, 'audit-id'),
		epoch: parts.epochOf(facts),
		reconcile: request.reconcile ?? headerValue(request.headers, 'kubestep-reconcile-id'),
		connection: request.connection,
		arrivedAt: request.at,
		uncertainty: request.uncertainty,
		requestContentType: facts.contentType,
		hasHeaders: request.headers.length > 0,
		flags: facts.flags,
	};
};

/** What the request's body says goes into its columns: size, preconditions, dry run. */
const applyRequestBody = (draft: Draft, body: TakenBody | undefined): void => {
	if (body === undefined) {
		return;
	}

	draft.requestBody = body.number;
	assert.ok(body.size > 0, 'an empty body is none');
	draft.requestSize = body.size;
	const marks = [['redacted', body.isRedacted], ['truncated', body.isTruncated], ['undecodable', body.isUndecodable]] as const;
	for (const [flag, isSet] of marks) {
		if (isSet) {
			draft.flags.add(flag);
		}
	}

	if (!isWriteVerb(draft.verb)) {
		return;
	}

	assert.equal(draft.resourceVersionBefore, undefined, 'what a request carries is read once');
	const asked = readRequestBody(draft.verb, body.value());
	draft.resourceVersionBefore = asked.resourceVersion;
	draft.preconditions = asked.preconditions;
	draft.objectKind = asked.kind;
	if (asked.isDryRun) {
		draft.flags.add('dryRun');
	}
};

/** Takes a request in: its columns, its body, and what is known of its object now. */
export const takeRequest = (parts: RequestIntakeParts, request: ArrivedRequest, sequence: number): InFlight => {
	assert.ok(sequence > 0, 'steps count from 1');
	const {context} = parts;
	const facts = readRequest(request);
	const draft = draftOf(parts, request, facts, sequence);
	const encoding = headerValue(request.headers, 'content-encoding');
	const body = context.bodies.take(request.body, bodyContextOf(facts, 'request', {type: facts.contentType, encoding}, request.bodyTruncated === true));
	applyRequestBody(draft, body);
	const resource = facts.target === undefined ? undefined : context.resources.of(facts.target.group, facts.target.resource);
	assert.equal(resource?.resource, facts.target?.resource);
	draft.objectKind ??= facts.target?.subresource === '' ? resource?.kind : undefined;
	assert.ok(draft.kind === 'request' && draft.sequence === sequence);
	return {
		draft, facts, resource, head: headAt(context, resource, facts), watch: watchOf(facts), requestBody: body, uncertainty: request.uncertainty ?? 0n,
	};
};
