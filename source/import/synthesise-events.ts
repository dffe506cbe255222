import {Buffer} from 'node:buffer';
import {
	isGone,
	isGoneAfterDelete,
	type ObjectFacts,
	readFacts,
} from '../ingest/object-facts.js';
import type {IngestSession} from '../ingest/ingest-session.js';
import type {ArrivedRequest, EndedResponse} from '../ingest/input.js';
import {decodeBody, stringifyJson} from '../kubernetes/decode-body.js';
import {
	arrayAt,
	isJsonObject,
	type JsonObject,
	type JsonValue,
	objectAt,
} from '../model/json.js';
import {isWriteVerb} from '../model/operation.js';
import {compareResourceVersions} from '../model/resource-version.js';
import {
	createKnownObjects,
	isWholeObject,
	type KnownObject,
	type KnownObjects,
} from './known-objects.js';
import type {WriteObserver} from './ordered-writer.js';
import type {StagedRequest} from './staged-meta.js';
import {
	isAfterStart,
	isInScope,
	isSelected,
	readWatch,
	type SyntheticWatch,
} from './synthetic-watch.js';

/** Watches that get synthetic events; those open beyond get none. */
const maximumWatches = 10_000;
/** Requests in flight that are remembered. */
const maximumRequests = 100_000;

/** Subresources whose body is the object's own kind. */
const ownSubresources: ReadonlySet<string> = new Set(['', 'status', 'finalize', 'approval', 'ephemeralcontainers', 'resize']);

type Target = {readonly verb: string; readonly group: string; readonly version: string; readonly resource: string; readonly namespace: string; readonly name: string};

/** A request that has not ended, and what was known of its object when it arrived: its own outcome may be read before it is answered. */
type Pending = {readonly target: Target; readonly before: KnownObject | undefined};

type Synthesis = {
	readonly session: IngestSession;
	readonly watches: Map<number, SyntheticWatch>;
	readonly pending: Map<number, Pending>;
	readonly objects: KnownObjects;
};

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

const targetOf = ({stated}: StagedRequest): Target | undefined => {
	const {verb, group = '', version = '', resource, subresource = '', namespace = '', name = ''} = stated ?? {};
	if (verb === undefined || resource === undefined || !ownSubresources.has(subresource)) {
		return undefined;
	}

	return {
		verb, group, version, resource, namespace: resource === 'namespaces' && group === '' ? '' : namespace, name,
	};
};

const asKnown = (target: Target, value: JsonObject, facts: ObjectFacts, origin: {readonly created: string | undefined; readonly isTold: boolean}): KnownObject => ({
	...origin,
	uid: facts.uid,
	group: target.group,
	version: target.version,
	resource: target.resource,
	namespace: target.resource === 'namespaces' ? '' : facts.namespace,
	name: facts.name,
	resourceVersion: facts.resourceVersion,
	bytes: Buffer.from(`${stringifyJson(value)}\n`),
});

const deliver = (synthesis: Synthesis, watch: SyntheticWatch, at: bigint, event: {readonly type: EventType; readonly object: KnownObject}): void => {
	synthesis.session.deliver(watch.sequence, {
		at, type: event.type, object: event.object.bytes, wholeFrame: false, synthetic: true,
	});
};

/** An object that no longer is selected leaves a watch as it was, with the version that took it out (observed-traffic.md §2). */
const asLeft = (before: KnownObject, resourceVersion: string): KnownObject => {
	const value = decodeBody(before.bytes, 'application/json')?.value;
	const metadata = objectAt(value, 'metadata');
	if (metadata === undefined || !isJsonObject(value)) {
		return before;
	}

	const bytes = Buffer.from(`${stringifyJson({...value, metadata: {...metadata, resourceVersion}})}\n`);
	return {...before, resourceVersion, bytes};
};

/** What a watch was told of a change, by what it selected before and after. */
const eventFor = (watch: SyntheticWatch, type: EventType, before: KnownObject | undefined, after: KnownObject): {readonly type: EventType; readonly object: KnownObject} | undefined => {
	const isIn = isSelected(watch, after);
	if (type === 'DELETED' || watch.selectors === undefined) {
		return isIn ? {type, object: after} : undefined;
	}

	// Of an object not seen before, a change is taken for one within the selection.
	const wasIn = before === undefined ? isIn && type === 'MODIFIED' : isSelected(watch, before);
	if (isIn) {
		return {type: wasIn ? 'MODIFIED' : 'ADDED', object: after};
	}

	return wasIn && before !== undefined ? {type: 'DELETED', object: asLeft(before, after.resourceVersion)} : undefined;
};

const spread = (synthesis: Synthesis, at: bigint, change: {readonly type: EventType; readonly before: KnownObject | undefined; readonly after: KnownObject}): void => {
	for (const watch of synthesis.watches.values()) {
		const isTold = isInScope(watch, change.after) && (change.type === 'DELETED' || isAfterStart(watch, change.after));
		const event = isTold ? eventFor(watch, change.type, change.before, change.after) : undefined;
		if (event !== undefined) {
			deliver(synthesis, watch, at, event);
		}
	}
};

const endObject = (synthesis: Synthesis, at: bigint, last: KnownObject): void => {
	spread(synthesis, at, {type: 'DELETED', before: last, after: last});
	synthesis.objects.delete(last.uid);
};

/** A write that changed nothing is answered with the version before, and nobody is told. */
const isNoop = (resourceVersion: string, before: KnownObject | undefined, known: KnownObject | undefined): boolean =>
	before?.resourceVersion === resourceVersion || (known?.isTold === true && known.resourceVersion === resourceVersion);

type Answer = {readonly at: bigint; readonly isCreated: boolean};

/** A write was answered with an object. */
const takeObject = (synthesis: Synthesis, {target, before: atArrival}: Pending, value: JsonObject, {at, isCreated}: Answer): void => {
	const facts = readFacts(value);
	if (!isWholeObject(facts)) {
		return;
	}

	const known = synthesis.objects.get(facts.uid);
	const before = atArrival?.uid === facts.uid ? atArrival : undefined;
	const created = isCreated ? facts.resourceVersion : known?.created;
	const after = asKnown(target, value, facts, {created, isTold: true});
	const isDelete = target.verb === 'delete' || target.verb === 'deletecollection';
	if (isDelete ? isGoneAfterDelete(facts) : isGone(facts)) {
		endObject(synthesis, at, after);
		return;
	}

	if (isNoop(facts.resourceVersion, before, known)) {
		return;
	}

	synthesis.objects.set(after);
	spread(synthesis, at, {type: isCreated ? 'ADDED' : 'MODIFIED', before: before ?? (isCreated ? undefined : known), after});
};

/** A DELETE was answered with a Status: the object is known from before, or not at all. */
const takeDeletion = (synthesis: Synthesis, target: Target, at: bigint, facts: ObjectFacts): void => {
	const uid = facts.status?.uid;
	const last = (uid === undefined ? undefined : synthesis.objects.get(uid)) ?? synthesis.objects.at(target);
	if (last !== undefined && facts.status?.isSuccess === true) {
		endObject(synthesis, at, last);
	}
};

/** Items of lists leave their type out. */
const itemsOf = (list: JsonObject): readonly JsonObject[] => {
	const kind = typeof list.kind === 'string' ? list.kind.replace(/List$/v, '') : '';
	return arrayAt(list, 'items').filter((item): item is JsonObject => isJsonObject(item))
		.map(item => Object.hasOwn(item, 'kind') ? item : {kind, apiVersion: list.apiVersion, ...item});
};

const takeWrite = (synthesis: Synthesis, pending: Pending, response: EndedResponse, value: JsonObject): void => {
	const {target} = pending;
	const facts = readFacts(value);
	if (facts?.status !== undefined) {
		if (target.verb === 'delete') {
			takeDeletion(synthesis, target, response.at, facts);
		}

		return;
	}

	const changed = target.verb === 'deletecollection' ? itemsOf(value) : [value];
	for (const object of changed) {
		takeObject(synthesis, pending, object, {at: response.at, isCreated: target.verb === 'create' || response.status === 201});
	}
};

/** What a read shows is remembered: a later deletion, or a write that changes nothing, is told by it. */
const takeRead = (synthesis: Synthesis, target: Target, value: JsonObject): void => {
	for (const object of target.verb === 'list' ? itemsOf(value) : [value]) {
		const facts = readFacts(object);
		const known = isWholeObject(facts) ? synthesis.objects.get(facts.uid) : undefined;
		const isNewer = (compareResourceVersions(facts?.resourceVersion, known?.resourceVersion) ?? 1) > 0;
		if (isNewer && isWholeObject(facts)) {
			synthesis.objects.set(asKnown(target, object, facts, {created: known?.created, isTold: false}));
		}
	}
};

const isNewTo = (watch: SyntheticWatch, {created}: KnownObject): boolean =>
	watch.resourceVersion === undefined || (compareResourceVersions(created, watch.resourceVersion) ?? -1) > 0;

const openWatch = (synthesis: Synthesis, sequence: number, request: ArrivedRequest): void => {
	const watch = readWatch(sequence, request.url);
	if (watch === undefined || synthesis.watches.size >= maximumWatches) {
		return;
	}

	synthesis.watches.set(sequence, watch);
	// What was there already, as far as the log shows it.
	for (const object of synthesis.objects.values()) {
		if (isInScope(watch, object) && isAfterStart(watch, object) && isSelected(watch, object)) {
			deliver(synthesis, watch, request.at, {type: isNewTo(watch, object) ? 'ADDED' : 'MODIFIED', object});
		}
	}
};

const isDryRun = (url: string): boolean => /[&?]dryRun=All(?:&|$)/v.test(url);

const takeEnd = (synthesis: Synthesis, pending: Pending, response: EndedResponse): void => {
	const {target} = pending;
	const isAnswered = response.status !== undefined && response.status >= 200 && response.status < 300 && response.end === 'complete';
	const value: JsonValue = isAnswered && response.body !== undefined ? decodeBody(response.body, 'application/json')?.value : undefined;
	if (!isJsonObject(value)) {
		return;
	}

	if (isWriteVerb(target.verb)) {
		takeWrite(synthesis, pending, response, value);
	} else if (target.verb === 'get' || target.verb === 'list') {
		takeRead(synthesis, target, value);
	}
};

/**
Reconstructs the events of watches from writes (wire.md §7): each right after the write's answer, on every open watch that selects the object, flagged
synthetic. What it cannot know: the version of a final deletion, bookmarks, what expired or changed without a request, objects the log never showed.
*/
export const createSynthesis = (session: IngestSession): WriteObserver => {
	const synthesis: Synthesis = {
		session, watches: new Map(), pending: new Map(), objects: createKnownObjects(),
	};
	return {
		arrived(sequence, request, staged) {
			if (staged.isWatch === true) {
				openWatch(synthesis, sequence, request);
				return;
			}

			const target = isDryRun(request.url) ? undefined : targetOf(staged);
			if (target !== undefined && synthesis.pending.size < maximumRequests) {
				synthesis.pending.set(sequence, {target, before: synthesis.objects.at(target)});
			}
		},
		ended(sequence, response) {
			synthesis.watches.delete(sequence);
			const pending = synthesis.pending.get(sequence);
			if (pending === undefined) {
				return;
			}

			synthesis.pending.delete(sequence);
			takeEnd(synthesis, pending, response);
		},
	};
};
