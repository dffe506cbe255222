import {strict as assert} from 'node:assert';
import {
	arrayAt,
	isJsonObject,
	objectAt,
	stringAt,
	type JsonObject,
	type JsonValue,
} from '../model/json.js';
import {getOwn} from './own-property.js';

/** What an object's metadata says, parsed from untrusted data: empty and absent texts are undefined. */
export type ObjectMetadata = {
	readonly apiVersion: string | undefined;
	readonly kind: string | undefined;
	readonly name: string | undefined;
	/** Undefined: cluster scope. */
	readonly namespace: string | undefined;
	readonly generateName: string | undefined;
	readonly uid: string | undefined;
	readonly resourceVersion: string | undefined;
	readonly generation: number | undefined;
	readonly creationTimestamp: string | undefined;
	readonly deletionTimestamp: string | undefined;
	/** The owner with `controller: true`. */
	readonly controllerUid: string | undefined;
	readonly finalizers: number;
};

export type ListMetadata = {
	readonly apiVersion: string | undefined;
	readonly kind: string | undefined;
	readonly resourceVersion: string | undefined;
	/** Undefined: this is the last page, or the only one. */
	readonly continue: string | undefined;
	readonly remainingItemCount: number | undefined;
	readonly items: readonly JsonValue[];
};

/** A metav1.Status: how a request was refused, or what a delete says. */
export type StatusBody = {
	readonly status: string | undefined;
	readonly reason: string | undefined;
	readonly message: string | undefined;
	readonly code: number | undefined;
	readonly details: JsonObject | undefined;
};

const numberAt = (value: JsonObject, key: string): number | undefined => {
	const found = getOwn(value, key);
	return typeof found === 'number' || typeof found === 'bigint' ? Number(found) : undefined;
};

const controllerUid = (metadata: JsonObject): string | undefined =>
	stringAt(arrayAt(metadata, 'ownerReferences').find(owner => isJsonObject(owner) && getOwn(owner, 'controller') === true), 'uid');

/** Undefined: no object with metadata. */
export const readMetadata = (value: JsonValue): ObjectMetadata | undefined => {
	const metadata = objectAt(value, 'metadata');
	if (metadata === undefined) {
		return undefined;
	}

	assert.ok(isJsonObject(value), 'only an object has metadata');
	assert.ok(Object.hasOwn(value, 'metadata'), 'metadata is its own');
	return {
		apiVersion: stringAt(value, 'apiVersion'),
		kind: stringAt(value, 'kind'),
		name: stringAt(metadata, 'name'),
		namespace: stringAt(metadata, 'namespace'),
		generateName: stringAt(metadata, 'generateName'),
		uid: stringAt(metadata, 'uid'),
		resourceVersion: stringAt(metadata, 'resourceVersion'),
		generation: numberAt(metadata, 'generation'),
		creationTimestamp: stringAt(metadata, 'creationTimestamp'),
		deletionTimestamp: stringAt(metadata, 'deletionTimestamp'),
		controllerUid: controllerUid(metadata),
		finalizers: arrayAt(metadata, 'finalizers').length,
	};
};

/** Undefined: not a list. A list has `items`, also where they are null; a Table is none. */
export const readListMetadata = (value: JsonValue): ListMetadata | undefined => {
	if (!isJsonObject(value) || !Object.hasOwn(value, 'items') || stringAt(value, 'kind')?.endsWith('List') !== true) {
		return undefined;
	}

	assert.ok(Object.hasOwn(value, 'kind'), 'a list says so itself');
	assert.ok(Object.hasOwn(value, 'items'), 'a list has items');
	const metadata = objectAt(value, 'metadata') ?? {};
	return {
		apiVersion: stringAt(value, 'apiVersion'),
		kind: stringAt(value, 'kind'),
		resourceVersion: stringAt(metadata, 'resourceVersion'),
		continue: stringAt(metadata, 'continue'),
		remainingItemCount: numberAt(metadata, 'remainingItemCount'),
		items: arrayAt(value, 'items'),
	};
};

/** Undefined: not a Status. */
export const readStatus = (value: JsonValue): StatusBody | undefined => {
	if (!isJsonObject(value) || stringAt(value, 'kind') !== 'Status') {
		return undefined;
	}

	assert.ok(Object.hasOwn(value, 'kind'), 'a Status says so itself');
	assert.ok(!Array.isArray(value), 'a Status is an object');
	return {
		status: stringAt(value, 'status'),
		reason: stringAt(value, 'reason'),
		message: stringAt(value, 'message'),
		code: numberAt(value, 'code'),
		details: objectAt(value, 'details'),
	};
};
