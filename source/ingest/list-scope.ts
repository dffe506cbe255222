import {strict as assert} from 'node:assert';
import {isNameOrNamespaceSelector} from '../kubernetes/selectors.js';
import {compareResourceVersions} from '../model/resource-version.js';
import type {RequestFacts, RequestTarget} from './arriving-request.js';
import {headOf, type ObjectTimeline} from './object-timelines.js';
import type {ResourceState} from './resources.js';

/** Objects a list or a watch is about, when their absence from it proves that they ended (design: rule 4). '' is any. */
export type ListScope = {readonly namespace: string; readonly name: string};

/** The value a field selector asks a field to have; '' where it does not. */
const pinned = (fieldSelector: string, field: string): string => {
	assert.ok(field !== '' && !field.includes(','), 'one field');
	for (const part of fieldSelector.split(',')) {
		const equals = part.indexOf('=');
		const value = part.slice(equals + (part[equals + 1] === '=' ? 2 : 1));
		assert.ok(!value.includes(','), 'one term of the selector');
		if (equals !== -1 && part.slice(0, equals).trim() === field) {
			return value.trim();
		}
	}

	return '';
};

/** Undefined: it selects by something that changes, so an object that is absent may merely not match. */
export const scopeOf = (target: RequestTarget, facts: Pick<RequestFacts, 'parameters'>): ListScope | undefined => {
	const {labelSelector, fieldSelector} = facts.parameters;
	assert.ok(target.resource !== '', 'a scope is of a resource');
	const isWholeCollection = labelSelector === '' && fieldSelector === '';
	if (!isWholeCollection && !isNameOrNamespaceSelector(labelSelector, fieldSelector)) {
		return undefined;
	}

	assert.equal(labelSelector.trim(), '', 'a label can change, so its absence proves nothing');
	return {
		namespace: target.namespace === '' ? pinned(fieldSelector, 'metadata.namespace') : target.namespace,
		name: target.name === '' ? pinned(fieldSelector, 'metadata.name') : target.name,
	};
};

export type CompleteList = {
	readonly resource: ResourceState;
	readonly scope: ListScope;
	readonly present: ReadonlySet<string>;
	/** The list's own resourceVersion, and the storage epoch it shows. */
	readonly resourceVersion: string;
	readonly storageEpoch: number;
};

const isKnownThen = (timeline: ObjectTimeline, list: CompleteList): boolean => {
	assert.ok(timeline.end === undefined, 'what ended is not live');
	const head = headOf(timeline);
	if (head === undefined || head.storageEpoch > list.storageEpoch) {
		return false;
	}

	// What was known before the storage was restored, and is not there since, did not survive.
	if (head.storageEpoch < list.storageEpoch) {
		return true;
	}

	assert.equal(head.storageEpoch, list.storageEpoch);
	const order = compareResourceVersions(head.resourceVersion, list.resourceVersion);
	return order !== undefined && order <= 0;
};

/** Objects that a complete list proves ended: in its scope, absent, and not newer than it. */
export const absentFrom = (list: CompleteList): readonly ObjectTimeline[] => {
	assert.ok(list.resourceVersion !== '', 'a list that ends something has a version');
	assert.ok(list.storageEpoch <= list.resource.storageEpoch, 'no list is of a later epoch than its resource');
	const absent: ObjectTimeline[] = [];
	for (const timeline of list.resource.live) {
		const {namespace, name, uid} = timeline.key;
		const isInScope = (list.scope.namespace === '' || list.scope.namespace === namespace) && (list.scope.name === '' || list.scope.name === name);
		if (!(isInScope && !list.present.has(uid) && isKnownThen(timeline, list))) {
			continue;
		}

		assert.ok(timeline.end === undefined, 'what ended is not live');
		absent.push(timeline);
	}

	return absent;
};
