import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';

/*
The cluster as the audit log's writes fold to it, written without a line of source/: the oracle of the state property test. It knows plain JSON only.
*/

type Json = null | boolean | number | string | Json[] | {[key: string]: Json}; // eslint-disable-line @typescript-eslint/no-restricted-types
type JsonMap = Record<string, Json>;

export type AuditWrite = {
	readonly auditId: string;
	readonly verb: string;
	readonly group: string;
	readonly resource: string;
	readonly uid: string;
	/** Undefined: the write ended the object. */
	readonly resourceVersion: string | undefined;
	readonly object: JsonMap | undefined;
	/** Order in the log, by completion. */
	readonly order: number;
};

const isMap = (value: Json | undefined): value is JsonMap => typeof value === 'object' && value !== null && !Array.isArray(value);
const mapAt = (value: Json | undefined, key: string): JsonMap => {
	const inner = isMap(value) ? value[key] : undefined;
	return isMap(inner) ? inner : {};
};

const textAt = (value: JsonMap, key: string): string => {
	const inner = value[key];
	return typeof inner === 'string' ? inner : '';
};

const writeVerbs = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
const subresourcesOfTheObject = new Set(['', 'status', 'finalize', 'approval', 'ephemeralcontainers', 'resize', 'scale']);
const genericKinds = new Set(['Status', 'Table', 'PartialObjectMetadata', 'TokenRequest', 'Eviction', 'Binding']);

const isDryRun = (line: JsonMap): boolean => {
	if (/[&?]dryRun=All/v.test(textAt(line, 'requestURI'))) {
		return true;
	}

	const {dryRun} = mapAt(line, 'requestObject');
	return Array.isArray(dryRun) && dryRun.length > 0;
};

const hasItems = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;

/** A delete's answer, or a write's that emptied the finalizers of an object being deleted: the object is gone. */
const isEnded = (verb: string, object: JsonMap): boolean => {
	const metadata = mapAt(object, 'metadata');
	const grace = metadata.deletionGracePeriodSeconds;
	// A Namespace keeps its finalizers in spec.
	const isWaiting = hasItems(metadata.finalizers) || hasItems(mapAt(object, 'spec').finalizers) || (typeof grace === 'number' && grace > 0);
	const isDeleting = textAt(metadata, 'deletionTimestamp') !== '';
	return verb.startsWith('delete')
		? textAt(object, 'kind') === 'Status' || !isDeleting || !isWaiting
		: isDeleting && !isWaiting;
};

const isEffective = (line: JsonMap): boolean => {
	const status = mapAt(line, 'responseStatus').code;
	return textAt(line, 'stage') === 'ResponseComplete' && writeVerbs.has(textAt(line, 'verb')) && typeof status === 'number' && status < 300
		&& subresourcesOfTheObject.has(textAt(mapAt(line, 'objectRef'), 'subresource')) && !isDryRun(line);
};

const toWrite = (line: JsonMap, object: JsonMap, order: number): AuditWrite | undefined => {
	const reference = mapAt(line, 'objectRef');
	const verb = textAt(line, 'verb');
	const kind = textAt(object, 'kind');
	const metadata = mapAt(object, 'metadata');
	const isScale = textAt(reference, 'subresource') === 'scale';
	const hasEnded = !isScale && isEnded(verb, object);
	const uid = textAt(kind === 'Status' ? mapAt(object, 'details') : metadata, 'uid');
	if (uid === '' || (!hasEnded && (genericKinds.has(kind) || textAt(metadata, 'resourceVersion') === ''))) {
		return undefined;
	}

	return {
		auditId: textAt(line, 'auditID'),
		verb,
		group: textAt(reference, 'apiGroup'),
		resource: textAt(reference, 'resource'),
		uid,
		resourceVersion: hasEnded ? undefined : textAt(metadata, 'resourceVersion'),
		// A Scale says which version its write made, not what is in it.
		object: hasEnded || isScale ? undefined : object,
		order,
	};
};

const toWrites = (line: JsonMap, order: number): ReadonlyArray<AuditWrite | undefined> => {
	if (!isEffective(line)) {
		return [];
	}

	const object = mapAt(line, 'responseObject');
	const {items} = object;
	return textAt(line, 'verb') === 'deletecollection' && Array.isArray(items)
		? items.filter(item => isMap(item)).map(item => toWrite(line, item, order))
		: [toWrite(line, object, order)];
};

/** Effective writes of an audit log, in order of completion. */
export const readAuditWrites = (path: string): readonly AuditWrite[] => {
	const writes: AuditWrite[] = [];
	for (const [order, text] of gunzipSync(readFileSync(path)).toString('utf8').split('\n').entries()) {
		if (text !== '') {
			writes.push(...toWrites(JSON.parse(text) as JsonMap, order).filter(write => write !== undefined));
		}
	}

	return writes;
};

export type Expectation =
	/** The object is at this version, with this content. */
	| {readonly type: 'at'; readonly resourceVersion: string; readonly object: JsonMap}
	/** A write of the log ended it. */
	| {readonly type: 'ended'}
	/** Writes past the recording (other clients) came after: the log cannot say at which step the recording was told. */
	| {readonly type: 'open'; readonly atLeast: string | undefined};

const isNewer = (left: string, right: string): boolean => BigInt(left) > BigInt(right);

/**
What the log says of each uid at a step: the newest of its writes whose step (by Audit-Id) is at or before it. Where a write the recording did not see is newer,
the state may be either, so only a lower bound is known.
*/
export const foldWrites = (writes: readonly AuditWrite[], stepOf: ReadonlyMap<string, number>, step: number): ReadonlyMap<string, Expectation> => {
	const newest = new Map<string, AuditWrite>();
	const ended = new Set<string>();
	const unseen = new Map<string, AuditWrite[]>();
	for (const write of writes) {
		const at = stepOf.get(write.auditId);
		if (at === undefined) {
			unseen.set(write.uid, [...(unseen.get(write.uid) ?? []), write]);
		} else if (at <= step) {
			const before = newest.get(write.uid)?.resourceVersion;
			if (write.resourceVersion === undefined) {
				ended.add(write.uid);
			} else if (before === undefined || isNewer(write.resourceVersion, before)) {
				newest.set(write.uid, write);
			}
		}
	}

	const fold = new Map<string, Expectation>();
	for (const uid of new Set([...newest.keys(), ...ended, ...unseen.keys()])) {
		fold.set(uid, expectation(newest.get(uid), ended.has(uid), unseen.get(uid) ?? []));
	}

	return fold;
};

const expectation = (newest: AuditWrite | undefined, hasEnded: boolean, unseen: readonly AuditWrite[]): Expectation => {
	if (hasEnded) {
		return {type: 'ended'};
	}

	const known = newest?.resourceVersion;
	const isOpen = unseen.some(write => known === undefined || write.resourceVersion === undefined || isNewer(write.resourceVersion, known));
	const object = newest?.object;
	return known === undefined || object === undefined || isOpen ? {type: 'open', atLeast: known} : {type: 'at', resourceVersion: known, object};
};
