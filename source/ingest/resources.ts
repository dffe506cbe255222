import {strict as assert} from 'node:assert';
import {createBoundedMap} from './bounded-map.js';
import {isGenericKind, type ObjectFacts} from './object-facts.js';
import type {ObjectTimeline} from './object-timelines.js';

/** Resources remembered; a URL can name any. */
const maximumResources = 10_000;

/** Subresources whose answer is the object itself, in its own kind. */
const ownKindSubresources: ReadonlySet<string> = new Set(['status', 'finalize', 'approval', 'ephemeralcontainers', 'resize']);

/** What ingest knows of one (group, resource). */
export type ResourceState = {
	readonly group: string;
	readonly resource: string;
	/** Kind of its objects, learned from the first one seen. */
	kind: string | undefined;
	apiVersion: string;
	/** From 1; a restored etcd opens the next. */
	storageEpoch: number;
	/** Step of the write that opened it: what arrived earlier still shows the epoch before. */
	openedAt: number;
	/** Objects that have not ended, as far as they are remembered. */
	readonly live: Set<ObjectTimeline>;
};

export type Resources = {of(group: string, resource: string): ResourceState};

export const createResources = (): Resources => {
	const states = createBoundedMap<string, ResourceState>(maximumResources);
	assert.equal(states.size, 0, 'no resource is known yet');

	return {
		of(group, resource) {
			const id = `${group}/${resource}`;
			const known = states.get(id);
			if (known !== undefined) {
				assert.equal(known.resource, resource);
				assert.equal(known.group, group);
				return known;
			}

			const state: ResourceState = {
				group, resource, kind: undefined, apiVersion: '', storageEpoch: 1, openedAt: 0, live: new Set(),
			};
			assert.ok(states.peek(id) === undefined, 'a resource has one state');
			states.set(id, state);
			return state;
		},
	};
};

/** The storage epoch that what arrived at this step shows. */
export const epochAt = (resource: ResourceState, arrivedAt: number): number => {
	assert.ok(resource.storageEpoch >= 1, 'epochs count from 1');
	return arrivedAt >= resource.openedAt ? resource.storageEpoch : resource.storageEpoch - 1;
};

export type BodyPlace = {readonly subresource: string; readonly name: string};

/**
Whether a body is an object of the resource's own kind (design: rule 3), so that a version can be made of it. Objects that are stored have a uid and a
resourceVersion. A subresource's answer counts where it is known to be the object, or is of the kind and name the resource's own objects have.
*/
export const isOwnKind = (resource: ResourceState, facts: ObjectFacts, place: BodyPlace): boolean => {
	if (isGenericKind(facts.kind) || facts.continue !== undefined || facts.uid === '' || facts.resourceVersion === '') {
		return false;
	}

	assert.ok(facts.status === undefined, 'a Status stands for no object');
	assert.ok(resource.kind === undefined || !isGenericKind(resource.kind), 'a resource has a kind of its own');
	if (place.subresource === '') {
		return resource.kind === undefined || resource.kind === facts.kind;
	}

	return ownKindSubresources.has(place.subresource) ? resource.kind === undefined || resource.kind === facts.kind : resource.kind === facts.kind && place.name === facts.name;
};

/** Remembers the resource's kind from a body of the main resource. */
export const learnKind = (resource: ResourceState, facts: ObjectFacts, subresource: string): void => {
	if (subresource !== '' || resource.kind !== undefined || !isOwnKind(resource, facts, {subresource, name: ''})) {
		return;
	}

	resource.kind = facts.kind;
	resource.apiVersion = facts.apiVersion;
};
