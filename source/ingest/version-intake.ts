import {strict as assert} from 'node:assert';
import {changedPaths} from '../kubernetes/changed-paths.js';
import {semanticHashes} from '../kubernetes/semantic-hash.js';
import {isJsonObject, type JsonValue, objectAt} from '../model/json.js';
import type {ObjectKey} from '../model/object-key.js';
import {type BodyNumber, maximumChangedPaths} from '../model/operation.js';
import type {HeadStates} from './head-states.js';
import type {ObjectFacts} from './object-facts.js';
import {
	findRow,
	headOf,
	type ObjectTimeline,
	type ObjectTimelines,
} from './object-timelines.js';
import type {ResourceState} from './resources.js';
import type {VersionRow} from './version-row.js';

/** The body of a version, made only when it is needed. */
export type VersionBody = {
	number(): BodyNumber;
	bytes(): Uint8Array;
	value(): JsonValue;
	readonly isRedacted: boolean;
};

export type CarriedVersion = {
	readonly resource: ResourceState;
	readonly key: ObjectKey;
	readonly facts: ObjectFacts;
	readonly kind: 'whole' | 'metadata';
	/** Step of what carries it. */
	readonly sequence: number;
	readonly at: bigint;
	readonly storageEpoch: number;
	readonly isFromRead: boolean;
	/** Compute the semantic hashes (not for the items of lists). */
	readonly isHashed: boolean;
	readonly body: VersionBody;
};

export type EnteredVersion = {readonly timeline: ObjectTimeline; readonly row: VersionRow; readonly isNew: boolean};

export type VersionIntake = {
	/** Enters a version at the step that carries it, unless it is known already. */
	enter(carried: CarriedVersion): EnteredVersion;
};

const hashRow = (row: VersionRow, value: JsonValue): void => {
	if (!isJsonObject(value)) {
		return;
	}

	const {hx, hm} = semanticHashes(value);
	row.hx = hx;
	row.hm = hm;
};

/** Paths that differ, or undefined where the state before is not known. Of a metadata-only version, only its metadata is compared. */
const compare = (before: JsonValue, after: JsonValue, kind: 'whole' | 'metadata'): readonly string[] | undefined => {
	if (!isJsonObject(before) || !isJsonObject(after)) {
		return undefined;
	}

	return kind === 'whole'
		? changedPaths(before, after, maximumChangedPaths)
		: changedPaths({metadata: objectAt(before, 'metadata') ?? {}}, {metadata: objectAt(after, 'metadata') ?? {}}, maximumChangedPaths);
};

/** The latest version of an object: what it changed, and the state the next one is compared with. */
const follow = (states: HeadStates, entered: {timeline: ObjectTimeline; row: VersionRow}, carried: CarriedVersion): void => {
	const {timeline, row} = entered;
	assert.ok(row.kind !== 'end', 'an end has no state');
	if (headOf(timeline) !== row) {
		return;
	}

	assert.equal(row.resourceVersion, carried.facts.resourceVersion);
	const value = carried.body.value();
	row.changed = compare(states.get(timeline), value, carried.kind);
	if (carried.kind === 'whole') {
		states.set(timeline, carried.body.bytes(), value);
	}
};

const upgrade = (row: VersionRow, carried: CarriedVersion): void => {
	assert.ok(row.kind === 'metadata' && carried.kind === 'whole', 'only metadata becomes whole');
	row.kind = 'whole';
	row.apiVersion = carried.facts.apiVersion;
	row.objectKind = carried.facts.kind;
	row.body = carried.body.number();
	row.rest = undefined;
	row.isRedacted = carried.body.isRedacted;
};

const enterKnown = (timelines: ObjectTimelines, states: HeadStates, timeline: ObjectTimeline, row: VersionRow, carried: CarriedVersion): void => {
	const isUpgrade = row.kind === 'metadata' && carried.kind === 'whole';
	assert.ok(row.kind !== 'end' && row.resourceVersion === carried.facts.resourceVersion, 'the same version again');
	if (isUpgrade) {
		upgrade(row, carried);
	}

	const isHashed = carried.isHashed && carried.kind === 'whole' && row.hx === undefined;
	if (isHashed) {
		hashRow(row, carried.body.value());
	}

	if (isUpgrade || isHashed) {
		timelines.update(timeline, row);
	}

	if (isUpgrade) {
		follow(states, {timeline, row}, carried);
	}

	assert.ok(carried.kind === 'metadata' || row.kind === 'whole', 'a whole body makes a whole version');
	// Of two reads that show a version nobody is known to have written, it entered with the one that arrived first.
	if (carried.isFromRead && row.isFromRead && carried.sequence < row.step) {
		timelines.move(timeline, row, carried.sequence);
	}
};

export const createVersionIntake = (timelines: ObjectTimelines, states: HeadStates): VersionIntake => ({
	enter(carried) {
		const {facts, key} = carried;
		assert.ok(facts.resourceVersion !== '' && key.uid === facts.uid, 'a version has a uid and a resourceVersion');
		const timeline = timelines.of(carried.resource, key);
		const known = findRow(timeline, facts.resourceVersion, carried.storageEpoch);
		if (known !== undefined) {
			enterKnown(timelines, states, timeline, known, carried);
			return {timeline, row: known, isNew: false};
		}

		const row = timelines.insert(timeline, {
			resourceVersion: facts.resourceVersion,
			storageEpoch: carried.storageEpoch,
			kind: carried.kind,
			apiVersion: carried.kind === 'whole' ? facts.apiVersion : carried.resource.apiVersion,
			objectKind: carried.kind === 'whole' ? facts.kind : carried.resource.kind ?? '',
			step: carried.sequence,
			body: carried.body.number(),
			isRedacted: carried.body.isRedacted,
			hx: undefined,
			hm: undefined,
			generation: facts.generation,
			controllerUid: facts.controllerUid,
			seenAt: carried.at,
			isFromRead: carried.isFromRead,
		});
		if (carried.isHashed && carried.kind === 'whole') {
			hashRow(row, carried.body.value());
		}

		assert.ok(row.body !== undefined, 'a version has a body');
		follow(states, {timeline, row}, carried);
		assert.ok(row.step >= carried.sequence || row.step >= timeline.floor);
		return {timeline, row, isNew: true};
	},
});
