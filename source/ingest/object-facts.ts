import {strict as assert} from 'node:assert';
import {readMetadata, readStatus} from '../kubernetes/object-metadata.js';
import {
	arrayAt,
	isJsonObject,
	type JsonObject,
	type JsonValue,
	objectAt,
	stringAt,
} from '../model/json.js';

/** What ingest reads of a decoded body, once: identity, version, and what its end depends on. A part that is missing is ''. */
export type ObjectFacts = {
	readonly apiVersion: string;
	readonly kind: string;
	readonly namespace: string;
	readonly name: string;
	readonly uid: string;
	readonly resourceVersion: string;
	readonly generation: number | undefined;
	readonly controllerUid: string | undefined;
	readonly isDeleting: boolean;
	/** Something still holds it back from its end: finalizers, or a grace period. */
	readonly isHeld: boolean;
	/** The bookmark that ends initial events. */
	readonly isInitialEventsEnd: boolean;
	/** Of a list: the token of its next page, '' on the last one. Undefined: not a list. */
	readonly continue: string | undefined;
	/** Of a list or a Table: its own, not its object's. */
	readonly collectionResourceVersion: string;
	/** Of a Status. */
	readonly status: StatusFacts | undefined;
};

export type StatusFacts = {
	readonly isSuccess: boolean;
	readonly reason: string | undefined;
	readonly message: string | undefined;
	readonly code: number | undefined;
	readonly uid: string | undefined;
};

/** Kinds that stand for another object, or for none: no version is made of them (design: rule 3). */
const genericKinds: ReadonlySet<string> = new Set([
	'',
	'Status',
	'Table',
	'PartialObjectMetadata',
	'PartialObjectMetadataList',
	'Scale',
	'TokenRequest',
	'Eviction',
	'Binding',
	'DeleteOptions',
	'WatchEvent',
	'List',
	'APIGroup',
	'APIGroupList',
	'APIResourceList',
	'APIVersions',
]);

export const isGenericKind = (kind: string): boolean => genericKinds.has(kind);

const graceOf = (metadata: JsonObject | undefined): number => {
	const grace = metadata !== undefined && Object.hasOwn(metadata, 'deletionGracePeriodSeconds') ? metadata.deletionGracePeriodSeconds : undefined;
	return typeof grace === 'number' || typeof grace === 'bigint' ? Number(grace) : 0;
};

const readStatusFacts = (value: JsonObject): StatusFacts | undefined => {
	const body = readStatus(value);
	if (body === undefined) {
		return undefined;
	}

	assert.equal(value.kind, 'Status');
	return {
		isSuccess: body.status === 'Success', reason: body.reason, message: body.message, code: body.code, uid: stringAt(body.details, 'uid'),
	};
};

/** A Table of one row stands for the object of that row (watches and gets of kubectl). */
const tableObject = (value: JsonObject): JsonObject | undefined => {
	const rows = arrayAt(value, 'rows');
	return rows.length === 1 ? objectAt(rows[0], 'object') : undefined;
};

const isList = (value: JsonObject, kind: string): boolean =>
	(kind.endsWith('List') && Object.hasOwn(value, 'items')) || (kind === 'Table' && objectAt(value, 'metadata') !== undefined);

/** Facts of a decoded body; undefined where it is no API object. */
export const readFacts = (value: JsonValue): ObjectFacts | undefined => {
	if (!isJsonObject(value)) {
		return undefined;
	}

	const kind = stringAt(value, 'kind') ?? '';
	const ownMetadata = objectAt(value, 'metadata');
	const object = kind === 'Table' ? tableObject(value) : value;
	const metadata = readMetadata(object);
	const collectionResourceVersion = stringAt(ownMetadata, 'resourceVersion') ?? '';
	const facts: ObjectFacts = {
		apiVersion: stringAt(value, 'apiVersion') ?? '',
		kind,
		namespace: metadata?.namespace ?? '',
		name: metadata?.name ?? '',
		uid: metadata?.uid ?? '',
		resourceVersion: metadata?.resourceVersion ?? collectionResourceVersion,
		generation: metadata?.generation,
		controllerUid: metadata?.controllerUid,
		isDeleting: metadata?.deletionTimestamp !== undefined,
		// A Namespace has its own finalizers in its spec.
		isHeld: (metadata?.finalizers ?? 0) > 0 || graceOf(objectAt(object, 'metadata')) > 0 || arrayAt(objectAt(object, 'spec'), 'finalizers').length > 0,
		isInitialEventsEnd: stringAt(objectAt(ownMetadata, 'annotations'), 'k8s.io/initial-events-end') === 'true',
		continue: isList(value, kind) ? stringAt(ownMetadata, 'continue') ?? '' : undefined,
		collectionResourceVersion,
		status: readStatusFacts(value),
	};
	assert.ok(facts.status === undefined || facts.continue === undefined, 'a Status is no list');
	assert.ok(!facts.isDeleting || metadata !== undefined, 'what is being deleted says so in its metadata');
	return facts;
};

/** Whether an object in a write's answer is gone after it: marked for deletion with nothing that holds it. */
export const isGone = (facts: ObjectFacts): boolean => facts.isDeleting && !facts.isHeld;

/** Whether a DELETE's answer, an object, says that it is gone: returned as it was, or marked with nothing that holds it. */
export const isGoneAfterDelete = (facts: ObjectFacts): boolean => !facts.isDeleting || !facts.isHeld;
