import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonValue} from '../model/json.js';
import type {ObjectKey} from '../model/object-key.js';
import type {BatchBuilder} from './batch-builder.js';
import type {BodyIntake, TakenBody} from './body-intake.js';
import type {Causes} from './causes.js';
import type {HeadStates} from './head-states.js';
import {selfContainedJson} from './item-bodies.js';
import type {ObjectFacts} from './object-facts.js';
import type {ObjectTimelines} from './object-timelines.js';
import type {PagedLists} from './paged-lists.js';
import type {ResourceState, Resources} from './resources.js';
import type {UnresolvedWrites} from './unresolved-writes.js';
import type {VersionBody, VersionIntake} from './version-intake.js';

/** The parts of one session's ingest that effects work on. */
export type IngestContext = {
	readonly batch: BatchBuilder;
	readonly bodies: BodyIntake;
	readonly resources: Resources;
	readonly timelines: ObjectTimelines;
	readonly states: HeadStates;
	readonly versions: VersionIntake;
	readonly causes: Causes;
	readonly pages: PagedLists;
	readonly unresolved: UnresolvedWrites;
};

/** Where an object lives: as its own metadata says, else as the URL does. */
export const keyOf = (resource: ResourceState, facts: ObjectFacts, place: {readonly namespace: string; readonly name: string}): ObjectKey => ({
	group: resource.group,
	resource: resource.resource,
	namespace: facts.namespace === '' ? place.namespace : facts.namespace,
	name: facts.name === '' ? place.name : facts.name,
	uid: facts.uid,
});

/**
The body of a version that came alone. `object` is what the body holds; where the stored bytes are no self-contained object (YAML, a whole frame), a
copy that is one is stored.
*/
export const versionBodyOf = (bodies: BodyIntake, body: TakenBody, chain: string, object: () => JsonValue): VersionBody => {
	if (body.isSelfContained) {
		return {
			number: () => body.number, bytes: body.bytes, value: body.value, isRedacted: body.isRedacted,
		};
	}

	let copy: Uint8Array | undefined;
	assert.ok(chain !== '', 'a stored body has a chain');
	const bytes = (): Uint8Array => {
		const value = object();
		assert.ok(isJsonObject(value), 'a version is of an object');
		copy ??= selfContainedJson(value, {apiVersion: '', kind: ''});
		return copy;
	};

	return {
		number: () => bodies.store(bytes(), chain), bytes, value: object, isRedacted: body.isRedacted,
	};
};
