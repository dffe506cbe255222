import {strict as assert} from 'node:assert';
import {
	arrayAt,
	type JsonObject,
	type JsonValue,
	objectAt,
	stringAt,
} from '../model/json.js';
import type {Preconditions} from '../model/operation.js';

/** What the body of a write asks for beside the object itself. */
export type RequestBodyFacts = {
	/** ResourceVersion it carries: precondition of a delete, metadata of an update or a patch. */
	readonly resourceVersion: string | undefined;
	readonly preconditions: Preconditions | undefined;
	readonly isDryRun: boolean;
	readonly kind: string | undefined;
	readonly name: string | undefined;
};

const nothing: RequestBodyFacts = {
	resourceVersion: undefined, preconditions: undefined, isDryRun: false, kind: undefined, name: undefined,
};

const preconditionsOf = (carrier: JsonObject | undefined): Preconditions | undefined => {
	const uid = stringAt(carrier, 'uid');
	const resourceVersion = stringAt(carrier, 'resourceVersion');
	return uid === undefined && resourceVersion === undefined ? undefined : {uid, resourceVersion};
};

/** `kubectl delete --dry-run=server` says so only in the body. */
const isDryRun = (options: JsonValue): boolean => arrayAt(options, 'dryRun').includes('All');

/** Reads the decoded body of a write. A JSON patch (an array) carries no precondition of this form. */
export const readRequestBody = (verb: string, value: JsonValue): RequestBodyFacts => {
	if (value === undefined || value === null || Array.isArray(value)) {
		return nothing;
	}

	const isDelete = verb === 'delete' || verb === 'deletecollection';
	const carrier = objectAt(value, isDelete ? 'preconditions' : 'metadata');
	// A created object carries no version of something that exists.
	const preconditions = verb === 'create' ? undefined : preconditionsOf(carrier);
	assert.ok(preconditions?.uid !== '', 'an empty precondition is none');
	assert.ok(verb !== 'create' || preconditions === undefined, 'nothing is there before it is created');
	const options = objectAt(value, 'deleteOptions') ?? value;
	return {
		resourceVersion: preconditions?.resourceVersion,
		preconditions,
		isDryRun: (isDelete || stringAt(value, 'kind') === 'Eviction') && isDryRun(options),
		kind: isDelete ? undefined : stringAt(value, 'kind'),
		name: isDelete ? undefined : stringAt(objectAt(value, 'metadata'), 'name'),
	};
};
