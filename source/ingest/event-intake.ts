import {strict as assert} from 'node:assert';
import {type JsonValue, objectAt} from '../model/json.js';
import {type ObjectKey, placeId} from '../model/object-key.js';
import {chainOf, type TakenBody} from './body-intake.js';
import type {Draft} from './draft.js';
import {type IngestContext, keyOf, versionBodyOf} from './ingest-context.js';
import type {InFlight} from './in-flight.js';
import {endAbsent} from './list-intake.js';
import {type ObjectFacts, readFacts} from './object-facts.js';
import {findRow} from './object-timelines.js';
import {
	epochAt,
	isOwnKind,
	learnKind,
	type ResourceState,
} from './resources.js';
import type {VersionRow} from './version-row.js';

const mainResource = {subresource: '', name: ''};

/** An event with what it carries. */
export type CarriedEvent = {
	readonly context: IngestContext;
	readonly draft: Draft;
	/** Its watch; undefined when ingest does not know it. */
	readonly flight: InFlight | undefined;
	readonly body: TakenBody | undefined;
	readonly isWholeFrame: boolean;
};

/** The object of an event: the body itself, or inside a whole frame. */
const objectOf = (event: CarriedEvent): JsonValue => {
	const value = event.body?.value();
	return event.isWholeFrame ? objectAt(value, 'object') : value;
};

const factsOf = (event: CarriedEvent): ObjectFacts | undefined =>
	event.isWholeFrame ? readFacts(objectOf(event)) : event.body?.facts;

const fillIdentity = (draft: Draft, facts: ObjectFacts, kind: string): void => {
	draft.objectKind = kind;
	draft.uid = facts.uid === '' ? undefined : facts.uid;
	draft.resourceVersion = facts.resourceVersion === '' ? undefined : facts.resourceVersion;
	draft.generation = facts.generation;
	draft.controllerUid = facts.controllerUid;
	draft.name = facts.name === '' ? draft.name : facts.name;
	draft.namespace = facts.namespace === '' ? draft.namespace : facts.namespace;
};

const applyBookmark = (event: CarriedEvent, facts: ObjectFacts): void => {
	const {context, draft, flight} = event;
	assert.equal(draft.verb, 'BOOKMARK');
	draft.collectionResourceVersion = facts.collectionResourceVersion === '' ? undefined : facts.collectionResourceVersion;
	draft.objectKind = facts.kind;
	if (!facts.isInitialEventsEnd) {
		return;
	}

	draft.flags.add('initialEventsEnd');
	const watch = flight?.watch;
	const initial = watch?.initial;
	if (watch === undefined || initial === undefined) {
		return;
	}

	assert.ok(flight?.watch === watch, 'the bookmark is of this watch');
	watch.initial = undefined;
	if (watch.scope !== undefined && flight?.resource !== undefined && facts.collectionResourceVersion !== '') {
		endAbsent(context, {
			resource: flight.resource,
			scope: watch.scope,
			present: initial,
			resourceVersion: facts.collectionResourceVersion,
			storageEpoch: epochAt(flight.resource, flight.draft.sequence),
		}, draft.sequence, draft.arrivedAt);
	}
};

const applyError = (draft: Draft, facts: ObjectFacts): void => {
	draft.objectKind = facts.kind;
	draft.status = facts.status?.code;
	draft.reason = facts.status?.reason;
	draft.message = facts.status?.message;
};

const applyDeleted = (event: CarriedEvent, flight: InFlight, resource: ResourceState, facts: ObjectFacts): void => {
	const {context, draft} = event;
	assert.ok(facts.uid !== '', 'a uid ends');
	assert.equal(draft.verb, 'DELETED');
	const timeline = context.timelines.of(resource, keyOf(resource, facts, {namespace: draft.namespace ?? '', name: draft.name ?? ''}));
	const row = findRow(timeline, facts.resourceVersion, epochAt(resource, flight.draft.sequence));
	draft.resourceVersionBefore = timeline.rows.findLast(earlier => earlier !== row)?.resourceVersion;
	if (flight.watch?.seesDeletions !== true) {
		draft.cause = context.causes.leave(timeline, row, facts.resourceVersion, draft.sequence);
		return;
	}

	const end = context.timelines.end(timeline, {
		step: draft.sequence, resourceVersion: facts.resourceVersion, at: draft.arrivedAt, claim: undefined,
	});
	assert.ok(timeline.end === end && end.step <= draft.sequence, 'it has ended by now');
	context.states.delete(timeline);
	draft.cause = context.causes.carry(end, draft.sequence);
};

/** A version nobody recorded writing may be that of a write whose outcome is unknown (design: rule 5). */
const resolveUnknown = (event: CarriedEvent, key: ObjectKey, row: VersionRow): number | undefined =>
	row.claim === undefined ? event.context.unresolved.resolve(placeId(key), {object: objectOf(event), previous: row.previous}) : undefined;

const applyVersion = (event: CarriedEvent, flight: InFlight, resource: ResourceState, facts: ObjectFacts): void => {
	const {context, draft, body} = event;
	const isMetadata = facts.kind === 'PartialObjectMetadata' && facts.uid !== '' && facts.resourceVersion !== '';
	assert.ok(body !== undefined, 'facts come from a body');
	const initial = flight.watch?.initial;
	initial?.add(facts.uid);
	if (!isMetadata && !isOwnKind(resource, facts, mainResource)) {
		return;
	}

	assert.ok(facts.uid !== '' && facts.status === undefined, 'a version is of an object');
	const key = keyOf(resource, facts, {namespace: draft.namespace ?? '', name: draft.name ?? ''});
	const {timeline, row, isNew} = context.versions.enter({
		resource,
		key,
		facts,
		kind: isMetadata ? 'metadata' : 'whole',
		sequence: draft.sequence,
		at: draft.arrivedAt,
		storageEpoch: epochAt(resource, flight.draft.sequence),
		isFromRead: false,
		isHashed: true,
		body: versionBodyOf(context.bodies, body, chainOf({...key, verb: 'watch', subresource: ''}, facts), () => objectOf(event)),
	});
	if (isNew) {
		context.causes.settleVersion(timeline, row);
	}

	assert.ok(row.kind !== 'end' && (isMetadata || row.kind === 'whole'), 'a whole body makes a whole version');
	draft.hx = isMetadata ? undefined : row.hx;
	draft.hm = isMetadata ? undefined : row.hm;
	draft.resourceVersionBefore = row.previous;
	draft.changed = isNew || draft.verb === 'MODIFIED' ? row.changed : undefined;
	draft.cause = context.causes.carry(row, draft.sequence);
	if (isNew) {
		draft.cause ??= resolveUnknown(event, key, row);
	}
};

/** Fills in an event's columns from what it carries, and lets that take effect. */
export const applyEvent = (event: CarriedEvent): void => {
	const {draft, flight} = event;
	const facts = factsOf(event);
	if (facts === undefined) {
		return;
	}

	assert.equal(draft.kind, 'event');
	assert.ok(draft.cause === undefined, 'a cause comes from what it carries');
	if (draft.verb === 'BOOKMARK') {
		applyBookmark(event, facts);
		return;
	}

	if (draft.verb === 'ERROR' || facts.status !== undefined) {
		applyError(draft, facts);
		return;
	}

	const resource = flight?.resource;
	const isMetadata = facts.kind === 'PartialObjectMetadata' || facts.kind === 'Table';
	if (resource !== undefined) {
		learnKind(resource, facts, '');
	}

	fillIdentity(draft, facts, isMetadata ? resource?.kind ?? facts.kind : facts.kind);
	if (flight === undefined || resource === undefined || facts.uid === '' || flight.facts.target?.subresource !== '') {
		return;
	}

	if (draft.verb === 'DELETED') {
		applyDeleted(event, flight, resource, facts);
		return;
	}

	assert.ok(flight.draft.sequence < draft.sequence, 'a watch arrives before its events');
	applyVersion(event, flight, resource, facts);
};
