import {strict as assert} from 'node:assert';
import {decodeBody} from '../kubernetes/decode-body.js';
import {
	isJsonObject,
	objectAt,
	type JsonObject,
	type JsonValue,
} from '../model/json.js';
import type {ObjectVersion} from '../model/object-version.js';
import type {BodyNumber} from '../model/operation.js';
import type {OperationStore} from '../store/operation-store.js';
import {createObjectCache} from './object-cache.js';
import type {ObjectState} from './timeline-types.js';

/** A body asked for: its content type decides how it is decoded, else its first bytes do. */
export type BodyRequest = {readonly number: BodyNumber; readonly contentType?: string};
/** By body number; what cannot be decoded is undefined. */
export type Bodies = ReadonlyMap<BodyNumber, JsonValue>;

/** Decoded bodies are shared: whoever gets one must not change it. `isKept` false: a scan, which leaves the cache to others. */
export type ObjectReader = {
	/** One body decoded; undefined where there is none. */
	body(number: BodyNumber | undefined, contentType?: string): Promise<JsonValue>;
	bodies(requests: readonly BodyRequest[], isKept: boolean): Promise<Bodies>;
	/** The state a version stands for. */
	state(version: ObjectVersion): Promise<ObjectState>;
	/** Those of several, in their order. */
	states(versions: readonly ObjectVersion[], isKept: boolean): Promise<readonly ObjectState[]>;
};

/** What is known of an object whose body is not: its identity. */
const identityOf = (version: ObjectVersion): JsonObject => {
	const {key} = version;
	assert.notEqual(version.kind, 'end', 'an ended object has no state');
	assert.notEqual(key.uid, '', 'an object has a uid');
	return {
		apiVersion: version.apiVersion,
		kind: version.objectKind,
		metadata: {
			name: key.name,
			...(key.namespace !== '' && {namespace: key.namespace}),
			uid: key.uid,
			...(version.resourceVersion !== undefined && {resourceVersion: version.resourceVersion}),
		},
	};
};

/** Items of a list lack apiVersion and kind; on its own an object has them, first, as kube-apiserver prints it. */
const withKind = (object: JsonObject, version: ObjectVersion): JsonObject => {
	const isTyped = Object.hasOwn(object, 'apiVersion') && Object.hasOwn(object, 'kind');
	return isTyped ? object : {apiVersion: version.apiVersion, kind: version.objectKind, ...object};
};

const bodiesOf = (version: ObjectVersion): readonly BodyRequest[] =>
	[version.body, version.rest?.body].filter(body => body !== undefined).map(number => ({number}));

/** Metadata from the PartialObjectMetadata, the rest from the last whole version: never served as whole. */
const mergeMetadata = (version: ObjectVersion, bodies: Bodies): ObjectState => {
	assert.equal(version.kind, 'metadata');
	const partial = version.body === undefined ? undefined : bodies.get(version.body);
	const rest = version.rest === undefined ? undefined : bodies.get(version.rest.body);
	const base = isJsonObject(rest) ? withKind(rest, version) : identityOf(version);
	const metadata = objectAt(partial, 'metadata');
	return {version, object: metadata === undefined ? base : {...base, metadata}, whole: false};
};

const toState = (version: ObjectVersion, bodies: Bodies): ObjectState => {
	assert.notEqual(version.kind, 'end', 'an ended object has no state');
	if (version.kind === 'metadata') {
		return mergeMetadata(version, bodies);
	}

	const object = version.body === undefined ? undefined : bodies.get(version.body);
	assert.ok(version.rest === undefined, 'a whole version takes nothing from another');
	return isJsonObject(object)
		? {version, object: withKind(object, version), whole: true}
		: {version, object: identityOf(version), whole: false};
};

export const createObjectReader = (store: OperationStore, session: string): ObjectReader => {
	assert.notEqual(session, '', 'bodies belong to a session');
	const cache = createObjectCache();

	/** Reads and decodes what the cache lacks into `bodies`. */
	const fill = async (bodies: Map<BodyNumber, JsonValue>, missing: readonly BodyRequest[], isKept: boolean): Promise<void> => {
		assert.ok(missing.length > 0, 'a store is not asked for nothing');
		const texts = await store.readBodies(session, missing.map(({number}) => number));
		assert.equal(texts.length, missing.length, 'a store gives every body it is asked for');
		for (const [index, {number, contentType}] of missing.entries()) {
			const bytes = texts[index]!;
			const value = decodeBody(bytes, contentType)?.value;
			bodies.set(number, value);
			if (isKept && value !== undefined) {
				cache.set(number, value, bytes.length);
			}
		}
	};

	const read = async (requests: readonly BodyRequest[], isKept: boolean): Promise<Bodies> => {
		const bodies = new Map<BodyNumber, JsonValue>();
		const missing = new Map<BodyNumber, BodyRequest>();
		for (const request of requests) {
			assert.ok(Number.isSafeInteger(request.number), 'a body is named by its number');
			const cached = cache.get(request.number);
			if (cached === undefined) {
				missing.set(request.number, request);
			} else {
				bodies.set(request.number, cached.value);
			}
		}

		if (missing.size > 0) {
			await fill(bodies, missing.values().toArray(), isKept);
		}

		assert.ok(requests.every(({number}) => bodies.has(number)), 'every body asked for was read');
		return bodies;
	};

	const states = async (versions: readonly ObjectVersion[], isKept: boolean): Promise<readonly ObjectState[]> => {
		const bodies = await read(versions.flatMap(version => bodiesOf(version)), isKept);
		assert.ok(versions.every(({body}) => body === undefined || bodies.has(body)), 'every version has its body');
		return versions.map(version => toState(version, bodies));
	};

	return {
		async body(number, contentType) {
			if (number === undefined) {
				return undefined;
			}

			const bodies = await read([{number, contentType}], true);
			return bodies.get(number);
		},
		bodies: read,
		async state(version) {
			const [state] = await states([version], true);
			assert.ok(state !== undefined, 'one version has one state');
			return state;
		},
		states,
	};
};
