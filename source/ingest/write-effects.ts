import {strict as assert} from 'node:assert';
import {chainOf} from './body-intake.js';
import type {EffectColumns, EndedRequest} from './effects.js';
import {keyOf, versionBodyOf} from './ingest-context.js';
import type {InFlight} from './in-flight.js';
import {isGone, isGoneAfterDelete, type ObjectFacts} from './object-facts.js';
import {findRow, isOlder, type ObjectTimeline} from './object-timelines.js';
import {epochAt, isOwnKind, type ResourceState} from './resources.js';
import type {Claim} from './version-row.js';

const claimOf = (flight: InFlight, isCertain: boolean): Claim => ({sequence: flight.draft.sequence, isCertain, flags: flight.draft.flags});

/**
The storage epoch of a version a write was answered with. A write that started after its uid's known version and was answered with an older one proves that
the storage was restored: the resource's next epoch begins with it (design: rule 2).
*/
export const storageEpochOf = (resource: ResourceState, flight: InFlight, facts: ObjectFacts): number => {
	const {head, draft} = flight;
	const isAfter = head?.uid === facts.uid && head.seenAt + flight.uncertainty < draft.arrivedAt;
	if (!isAfter || !isOlder(facts.resourceVersion, head.resourceVersion)) {
		return epochAt(resource, draft.sequence);
	}

	if (head.storageEpoch >= resource.storageEpoch) {
		resource.storageEpoch = head.storageEpoch + 1;
		resource.openedAt = draft.sequence;
	}

	assert.ok(resource.openedAt <= draft.sequence, 'an epoch opens with a write that arrived');
	assert.ok(resource.storageEpoch > head.storageEpoch, 'the older version is of a later epoch');
	return resource.storageEpoch;
};

/** Ends a uid by a write: its DELETED events have this write as their cause. */
export const endByWrite = (ended: EndedRequest, timeline: ObjectTimeline): void => {
	const {context, flight} = ended;
	assert.ok(timeline.key.uid !== '', 'an end is of a uid');
	context.timelines.end(timeline, {
		step: flight.draft.sequence, resourceVersion: undefined, at: ended.at, claim: claimOf(flight, true),
	});
	context.causes.settleEnd(timeline);
	context.states.delete(timeline);
};

/** Answer with the resourceVersion the write was bound to, or that was the latest already: nothing changed. */
const isNoop = (flight: InFlight, facts: ObjectFacts): boolean => {
	const carried = flight.draft.verb === 'create' ? undefined : flight.draft.resourceVersionBefore;
	const isKnown = flight.head?.uid === facts.uid && flight.head.resourceVersion === facts.resourceVersion;
	return isKnown || carried === facts.resourceVersion;
};

/** A write was answered with the object as it is after it. */
const enterWritten = (ended: EndedRequest, facts: ObjectFacts, kind: 'whole' | 'metadata'): EffectColumns => {
	const {context, flight, resource, body} = ended;
	assert.ok(body !== undefined, 'facts come from a body');
	const place = {namespace: flight.draft.namespace ?? '', name: flight.draft.name ?? ''};
	const storageEpoch = storageEpochOf(resource, flight, facts);
	const {timeline, row} = context.versions.enter({
		resource,
		key: keyOf(resource, facts, place),
		facts,
		kind,
		sequence: flight.draft.sequence,
		at: ended.at,
		storageEpoch,
		isFromRead: false,
		isHashed: true,
		body: versionBodyOf(context.bodies, body, chainOf(flight.facts.target
			? {...flight.facts.target, verb: flight.facts.verb}
			: {
				...place, ...resource, verb: '', subresource: '',
			}, facts), body.value),
	});
	assert.equal(row.resourceVersion, facts.resourceVersion);
	const isCreated = flight.draft.verb === 'create' || ended.status === 201;
	const columns: EffectColumns = {hx: row.hx, hm: row.hm};
	if (!isCreated && isNoop(flight, facts)) {
		return {...columns, flag: 'noop'};
	}

	const isProducer = context.causes.claimVersion(timeline, row, claimOf(flight, isCreated));
	return isProducer ? {...columns, changed: row.changed} : {...columns, flag: 'noop'};
};

const timelineOf = (ended: EndedRequest, uid: string | undefined): ObjectTimeline | undefined => {
	const {context, flight, resource} = ended;
	const key = {
		group: resource.group, resource: resource.resource, namespace: flight.draft.namespace ?? '', name: flight.draft.name ?? '',
	};
	return uid === undefined || uid === '' ? context.timelines.at(key) : context.timelines.of(resource, {...key, uid});
};

/** DELETE answered with a Status: the object is gone. */
const deletedByStatus = (ended: EndedRequest, facts: ObjectFacts): EffectColumns => {
	if (facts.status?.isSuccess !== true || ended.flight.facts.target?.subresource !== '') {
		return {};
	}

	const timeline = timelineOf(ended, facts.status.uid);
	if (timeline === undefined) {
		return {};
	}

	assert.ok(facts.status.uid === undefined || timeline.key.uid === facts.status.uid);
	assert.equal(ended.flight.draft.verb, 'delete');
	endByWrite(ended, timeline);
	return {uid: timeline.key.uid};
};

/**
A write answered with another kind that stands for the object (Scale, Table) makes no version. What it produced is still its own: the version of this uid and
resourceVersion, when an event or a read shows it.
*/
const claimUnshown = (ended: EndedRequest, facts: ObjectFacts): EffectColumns => {
	const {context, flight, resource} = ended;
	const isObject = facts.uid !== '' && facts.resourceVersion !== '' && facts.name === flight.draft.name;
	const timeline = isObject ? timelineOf(ended, facts.uid) : undefined;
	if (timeline === undefined || flight.draft.verb === 'delete') {
		return {};
	}

	if (isNoop(flight, facts)) {
		return {flag: 'noop'};
	}

	assert.equal(timeline.key.uid, facts.uid);
	const claim = claimOf(flight, false);
	const row = findRow(timeline, facts.resourceVersion, epochAt(resource, flight.draft.sequence));
	if (row === undefined) {
		context.causes.claimLater(timeline, facts.resourceVersion, claim);
		return {};
	}

	assert.ok(row.kind !== 'end', 'a version is no end');
	return context.causes.claimVersion(timeline, row, claim) ? {changed: row.changed} : {flag: 'noop'};
};

/** The effect of a create, update, patch or delete that was answered well and was no dry run (design: rules 1, 3 and 4). */
export const applyWrite = (ended: EndedRequest): EffectColumns => {
	const {flight, resource, body} = ended;
	const facts = body?.facts;
	if (facts === undefined) {
		return {};
	}

	const isDelete = flight.draft.verb === 'delete';
	assert.ok(!flight.draft.flags.has('dryRun'), 'a dry run has no effect');
	if (isDelete && facts.status !== undefined) {
		return deletedByStatus(ended, facts);
	}

	const place = {subresource: flight.draft.subresource ?? '', name: flight.draft.name ?? ''};
	const isMetadata = facts.kind === 'PartialObjectMetadata' && facts.uid !== '' && facts.resourceVersion !== '';
	if (!isMetadata && !isOwnKind(resource, facts, place)) {
		return claimUnshown(ended, facts);
	}

	// A metadata-only answer does not show what of its spec holds a Namespace back.
	const isKnownToEnd = !(isMetadata && resource.resource === 'namespaces');
	if (isKnownToEnd && (isDelete ? isGoneAfterDelete(facts) : isGone(facts))) {
		const timeline = timelineOf(ended, facts.uid);
		assert.ok(timeline !== undefined, 'an object with a uid has a timeline');
		endByWrite(ended, timeline);
		return {};
	}

	return enterWritten(ended, facts, isMetadata ? 'metadata' : 'whole');
};
