import {strict as assert} from 'node:assert';
import type {JsonValue} from '../model/json.js';
import type {BodyNumber} from '../model/operation.js';
import {decodeBody} from '../kubernetes/decode-body.js';
import {bodyFormat} from '../kubernetes/media-type.js';
import type {NewBody} from '../store/operation-store.js';
import {type BoundedMap, createBoundedMap} from './bounded-map.js';
import {maximumBodyBytes, undoContentEncoding} from './content-encoding.js';
import {type ObjectFacts, readFacts} from './object-facts.js';
import {bodyDigest} from './operation-hash.js';
import type {Redactor} from './redaction.js';

/** Bodies whose number is remembered, so that the same bytes are stored once. */
const maximumNumbers = 65_536;
/** Bodies whose facts are remembered, so that a body that comes again (a version in a response, and in each watch) is not decoded again. */
const maximumKnownBodies = 32_768;
/** Bodies of non-resource URLs (OpenAPI, discovery) longer than this are not decoded: nothing in them is asked for. */
const maximumNonResourceDecode = 64 * 1024;

/** Hex digits of SHA-256. */
const digestDigits = 64;

export type BodyContext = {
	readonly kind: 'request' | 'response' | 'event' | 'item';
	readonly verb: string;
	readonly group: string | undefined;
	readonly resource: string | undefined;
	readonly subresource: string;
	readonly namespace: string;
	readonly name: string;
	readonly contentType: string | undefined;
	readonly contentEncoding: string | undefined;
	readonly isTruncated: boolean;
};

/** A body that was taken in: stored once, redacted, and read as far as it could be. */
export type TakenBody = {
	readonly number: BodyNumber;
	/** Bytes after content-encoding was undone, before redaction. */
	readonly size: number;
	/** SHA-256 of the stored bytes, hex. */
	readonly digest: string;
	readonly isRedacted: boolean;
	readonly isTruncated: boolean;
	readonly isUndecodable: boolean;
	/** Undefined: no API object, or not readable. */
	readonly facts: ObjectFacts | undefined;
	/** The stored bytes are self-contained JSON or protobuf of one object. */
	readonly isSelfContained: boolean;
	/** As stored, redacted; decoded at most once. */
	value(): JsonValue;
	bytes(): Uint8Array;
};

type Known = Omit<TakenBody, 'value' | 'bytes' | 'isTruncated' | 'size'>;
type Opened = {readonly bytes: Uint8Array; readonly value: JsonValue; readonly isRedacted: boolean; readonly isUndecodable: boolean; readonly isYaml: boolean};

export type BodyIntake = {
	/** Undefined: empty. Never throws. */
	take(body: Uint8Array | undefined, context: BodyContext): TakenBody | undefined;
	/** Stores bytes ingest made itself: an item of a list, which is already redacted. */
	store(bytes: Uint8Array, chain: string): BodyNumber;
};

const textFormats: ReadonlySet<string> = new Set(['text', 'unknown']);

/** Names the bodies one resembles: versions of one object (`resource NUL object`), answers to one list. */
export const chainOf = (context: Pick<BodyContext, 'group' | 'resource' | 'namespace' | 'name' | 'verb' | 'subresource'>, facts: ObjectFacts | undefined): string => {
	const resource = context.resource === undefined ? '/' : `${context.group ?? ''}/${context.resource}`;
	assert.ok(resource.includes('/'), 'a chain begins with its resource');
	if (facts === undefined || facts.status !== undefined) {
		return `${resource}:${facts === undefined ? context.verb : 'status'}`;
	}

	if (facts.continue !== undefined) {
		return `${resource}:${facts.kind}/${context.namespace}`;
	}

	const namespace = facts.namespace === '' ? context.namespace : facts.namespace;
	const name = facts.name === '' ? context.name : facts.name;
	// What stands before the NUL is shared by all objects of the resource.
	return `${resource}:${facts.kind}\0${namespace}/${name}`;
};

const decode = (bytes: Uint8Array, context: BodyContext): ReturnType<typeof decodeBody> => {
	const isSkipped = context.resource === undefined && bytes.length > maximumNonResourceDecode;
	return isSkipped ? undefined : decodeBody(bytes, context.contentType);
};

const open = (bytes: Uint8Array, context: BodyContext, redactor: Redactor | undefined): Opened => {
	const decoded = decode(bytes, context);
	assert.ok(bytes.length > 0, 'an empty body is none');
	const isYaml = decoded?.format === 'yaml';
	const isSkipped = context.resource === undefined && bytes.length > maximumNonResourceDecode;
	const isText = context.contentType !== undefined && textFormats.has(bodyFormat(context.contentType));
	const isUndecodable = decoded === undefined && !isSkipped && !isText && !context.isTruncated;
	if (redactor === undefined) {
		return {
			bytes, value: decoded?.value, isRedacted: false, isUndecodable, isYaml,
		};
	}

	const redacted = redactor.redactBody({
		bytes, contentType: context.contentType, group: context.group ?? '', resource: context.resource ?? '',
		subresource: context.subresource, verb: context.verb, kind: context.kind,
	}, decoded?.value);
	assert.ok(redacted.bytes.length > 0, 'a redacted body is not empty');
	return {
		bytes: redacted.bytes, value: redacted.withheld ? undefined : redacted.value, isRedacted: redacted.redacted || redacted.withheld, isUndecodable, isYaml,
	};
};

type State = {
	readonly add: (body: NewBody) => void;
	readonly redactor: Redactor | undefined;
	readonly numbers: BoundedMap<string, BodyNumber>;
	readonly known: BoundedMap<string, Known>;
	last: BodyNumber;
};

const numberOf = (state: State, bytes: Uint8Array, digest: string, chain: string): BodyNumber => {
	const earlier = state.numbers.get(digest);
	if (earlier !== undefined) {
		assert.ok(earlier <= state.last, 'a body from the future');
		return earlier;
	}

	assert.ok(bytes.length > 0 && chain !== '', 'a body has bytes and a chain');
	state.last += 1;
	state.numbers.set(digest, state.last);
	state.add({number: state.last, bytes, chain});
	return state.last;
};

const takeNew = (state: State, opened: Opened, digest: string, context: BodyContext): Known => {
	const facts = readFacts(opened.value);
	assert.ok(digest.length === digestDigits, 'a whole digest');
	assert.ok(opened.value !== undefined || facts === undefined, 'facts are of what could be read');
	return {
		number: numberOf(state, opened.bytes, digest, chainOf(context, facts)),
		digest,
		isRedacted: opened.isRedacted,
		isUndecodable: opened.isUndecodable,
		isSelfContained: facts !== undefined && !opened.isYaml,
		facts,
	};
};

const take = (state: State, body: Uint8Array, given: BodyContext): TakenBody | undefined => {
	const plain = undoContentEncoding(body, given.contentEncoding);
	assert.ok(plain.bytes.length <= maximumBodyBytes, 'a body is cut at its cap');
	if (plain.bytes.length === 0) {
		return undefined;
	}

	const context = plain.truncated ? {...given, isTruncated: true} : given;
	let opened: Opened | undefined;
	const reopen = (): Opened => {
		opened ??= open(plain.bytes, context, state.redactor);
		return opened;
	};

	const rawDigest = bodyDigest(plain.bytes);
	const id = `${rawDigest}${context.group ?? ''}/${context.resource ?? ''}/${context.subresource}`;
	let known = state.known.get(id);
	if (known === undefined) {
		const {bytes} = reopen();
		known = takeNew(state, reopen(), bytes === plain.bytes ? rawDigest : bodyDigest(bytes), context);
		state.known.set(id, known);
	}

	assert.ok(known.number <= state.last, 'a body from the future');
	return {
		...known,
		isUndecodable: known.isUndecodable || plain.undecodable,
		size: plain.bytes.length,
		isTruncated: context.isTruncated,
		value: () => reopen().value,
		bytes: () => reopen().bytes,
	};
};

export const createBodyIntake = (add: (body: NewBody) => void, redactor: Redactor | undefined): BodyIntake => {
	const state: State = {
		add, redactor, numbers: createBoundedMap(maximumNumbers), known: createBoundedMap(maximumKnownBodies), last: 0,
	};

	return {
		take: (body, context) => body === undefined || body.length === 0 ? undefined : take(state, body, context),
		store(bytes, chain) {
			assert.ok(bytes.length > 0, 'an empty body is not stored');
			return numberOf(state, bytes, bodyDigest(bytes), chain);
		},
	};
};
