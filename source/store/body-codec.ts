import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {constants, zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import type {BodyNumber} from '../model/operation.js';
import type {NewBody} from './operation-store.js';
import {createWeightedCache} from './weighted-cache.js';
import {packFrame, unpackFrame} from './zstd-frame.js';

/*
How bodies are kept small. The versions of one object differ by a few bytes, so a body is compressed with zstd against a body it resembles, as a raw-content
dictionary. Bodies others are compressed against are *keys*. Each object has a few (its request bodies lack what the server adds, so one is not enough), and so has each
resource, for the first bodies of its objects. Which key is taken follows from the length, which costs nothing and is nearly always right. A body that comes out large
against its object's key is tried against the resource's key and the object's together, and becomes a key itself.
*/

/** How a body's data is to be read: as it is, as a zstd frame, as a packed one (zstd-frame.ts). */
export const bodyForms = ['packed', 'raw', 'frame'] as const;
export type BodyForm = typeof bodyForms[number];

/** A body as stored. The dictionary of its frame is the concatenation of the bodies `bases`, in this order. */
export type StoredBody = {
	readonly form: BodyForm;
	readonly bases: readonly BodyNumber[];
	readonly data: Uint8Array;
};

/** The longest body that can be read back. */
export const maximumBodyBytes = 128 * 1024 * 1024;
/** Bytes of keys held in memory while a session is written. */
const maximumKeyBytes = 32 * 1024 * 1024;
/** What an entry of the key cache weighs beyond its bytes. */
const keyOverhead = 256;
/** Longer bodies are no keys: each use would read the whole of it again. */
const longestKey = 512 * 1024;
/** Longer bodies are compressed alone. */
const longestDelta = 4 * 1024 * 1024;
/** Shorter bodies are stored as they are. */
const shortestCompressed = 24;
/** Bodies to read before a key, at most: of an object, and of a resource. */
const deepestKey = 12;
const deepestResourceKey = 2;
const keysPerObject = 3;
const keysPerResource = 4;
const compressionLevel = 1;
/** A delta up to this many bytes, plus this part of the body, is small. */
const smallDelta = 32;
const smallPart = 1 / 32;
/** A key is worn when deltas against it have grown by this factor, and some bytes. */
const wornFactor = 1.25;
const wornBytes = 6;
/** An object's key is tried alone where its length differs from the body's by less than this part. */
const similarPart = 0.3;
/** A first body above this part of its length tells that its resource lacks a key like it. */
const strangePart = 0.35;
/** It stands alone where that makes it longer by at most this factor. */
const aloneFactor = 2;

type Key = {
	readonly number: BodyNumber;
	readonly bytes: Uint8Array;
	/** Bodies to read before this one. */
	readonly depth: number;
	/** Length of the first delta against it. */
	firstDelta: number | undefined;
};

type Attempt = {readonly keys: readonly Key[]; readonly frame: Uint8Array};

/** Output is gathered in pieces of about the body's size. */
const smallestChunk = 256;
const largestChunk = 64 * 1024;
const largestTableLog = 14;
const smallestLog = 10;
const largestLog = 27;

const logOf = (length: number): number => {
	const log = Math.ceil(Math.log2(length + 1));
	return Math.max(smallestLog, Math.min(largestLog, log));
};

const compress = (bytes: Uint8Array, keys: readonly Key[]): Attempt => {
	assert.ok(bytes.length >= shortestCompressed, 'shorter bodies are stored as they are');
	assert.ok(keys.length <= 2 && keys.every(key => key.bytes.length <= longestKey), 'a dictionary is made of two keys at most, none of them long');
	const dictionary = keys.length < 2 ? keys[0]?.bytes : Buffer.concat(keys.map(key => key.bytes));
	const windowLog = logOf(bytes.length + (dictionary?.length ?? 0));
	const frame = zstdCompressSync(bytes, {
		...(dictionary !== undefined && {dictionary}),
		// Tables as small as the body: each call makes its own, and large ones cost more than the compression.
		pledgedSrcSize: bytes.length,
		chunkSize: Math.max(smallestChunk, Math.min(bytes.length, largestChunk)),
		params: {
			[constants.ZSTD_c_compressionLevel]: compressionLevel,
			[constants.ZSTD_c_checksumFlag]: 0,
			[constants.ZSTD_c_windowLog]: windowLog,
			[constants.ZSTD_c_hashLog]: Math.min(windowLog, largestTableLog),
			[constants.ZSTD_c_chainLog]: Math.min(windowLog, largestTableLog),
		},
	});
	assert.ok(windowLog >= smallestLog, 'a window zstd can have');
	assert.ok(2 ** windowLog >= bytes.length, 'the window reaches over the whole body');
	assert.ok(frame.length > 0, 'a frame has a header at least');
	return {keys, frame};
};

/** The bytes of a stored body. Throws where the data is damaged. */
export const decodeStoredBody = ({form, bases, data}: StoredBody, dictionary: Uint8Array | undefined): Uint8Array => {
	assert.equal(bases.length > 0, dictionary !== undefined, 'a dictionary goes with bases');
	assert.ok(form !== 'raw' || bases.length === 0, 'a raw body is read without others');
	if (form === 'raw') {
		return data;
	}

	const frame = form === 'packed' ? unpackFrame(data) : data;
	const bytes = zstdDecompressSync(frame, {...(dictionary !== undefined && {dictionary}), maxOutputLength: maximumBodyBytes});
	assert.ok(bytes.length <= maximumBodyBytes, 'no body is longer than can be held');
	return bytes;
};

/** JSON and protobuf of one object have little in common: they have keys of their own. */
const formatOf = (bytes: Uint8Array): string => (bytes[0] === 0x6B && bytes[1] === 0x38 && bytes[2] === 0x73 ? 'p' : 'j');

const pathChain = /^(?<resource>[^\/]*\/[^\/]*)\/[^\/]*\/[^\/]*$/v;

/** The chain of an object's resource: what stands before the first NUL (or before the namespace and name of a path); undefined where the chain is no object's. */
const resourceChain = (chain: string): string | undefined => {
	const end = chain.indexOf('\0');
	if (end !== -1) {
		return chain.slice(0, end);
	}

	const {resource} = pathChain.exec(chain)?.groups ?? {};
	return resource;
};

const nearestIndex = (keys: readonly Key[], length: number): number => {
	assert.ok(keys.length <= Math.max(keysPerObject, keysPerResource), 'a chain has few keys');
	let best = 0;
	for (const [index, key] of keys.entries()) {
		if (Math.abs(key.bytes.length - length) < Math.abs(keys[best]!.bytes.length - length)) {
			best = index;
		}
	}

	assert.ok(best === 0 || best < keys.length, 'the index of a key there is');
	return best;
};

const shorter = (left: Attempt | undefined, right: Attempt): Attempt => (left !== undefined && left.frame.length <= right.frame.length ? left : right);
const depthOf = (keys: readonly Key[]): number => (keys.length === 0 ? 0 : Math.max(...keys.map(key => key.depth)) + 1);
const isStrange = (attempt: Attempt, length: number): boolean => attempt.frame.length > length * strangePart;

const isSimilar = (key: Key, length: number): boolean => Math.abs(key.bytes.length - length) <= Math.max(key.bytes.length, length) * similarPart;

const isSmall = (key: Key, length: number, delta: number): boolean => {
	key.firstDelta ??= delta;
	return delta <= Math.min(smallDelta + (length * smallPart), (key.firstDelta * wornFactor) + wornBytes);
};

/** The best that can be done for a body that becomes a key, beginning with what an attempt against its object's key gave. */
const compressKey = (bytes: Uint8Array, first: Attempt | undefined, objectKey: Key | undefined, resourceKey: Key | undefined): Attempt => {
	assert.ok(first === undefined || objectKey !== undefined, 'an attempt goes with a key');
	assert.ok(resourceKey === undefined || resourceKey.depth <= deepestResourceKey, 'a key of a resource is read through very few others');
	const isDeep = objectKey !== undefined && objectKey.depth >= deepestKey;
	let best = isDeep ? undefined : first;
	if (resourceKey !== undefined) {
		best = shorter(best, compress(bytes, objectKey === undefined || isDeep ? [resourceKey] : [resourceKey, objectKey]));
	}

	// A body unlike all keys had better stand alone, as a key for its like: unless that costs much more.
	const alone = best === undefined || isStrange(best, bytes.length) ? compress(bytes, []) : undefined;
	assert.ok(best !== undefined || alone !== undefined, 'one attempt was made at least');
	const chosen = best === undefined || (alone !== undefined && alone.frame.length <= best.frame.length * aloneFactor) ? alone! : best;
	assert.ok(depthOf(chosen.keys) <= deepestKey, 'a key is read through few others');
	return chosen;
};

export type BodyEncoder = {
	encode(body: NewBody): StoredBody;
	/** Forgets all keys: bodies encoded since the last commit were not stored. */
	reset(): void;
};

/** Compresses the bodies of one session, in order. */
export const createBodyEncoder = (capacity = maximumKeyBytes): BodyEncoder => {
	assert.ok(capacity > keyOverhead, 'a key at least can be kept');
	const chains = createWeightedCache<string, readonly Key[]>(capacity);

	const remember = (chain: string, keys: readonly Key[], key: Key, limit: number): void => {
		assert.ok(keys.length <= limit, 'too many keys');
		assert.ok(key.depth <= deepestKey && key.bytes.length <= longestKey, 'a key is near and short enough to be read with each use');
		const kept = keys.length < limit ? [...keys, key] : keys.with(nearestIndex(keys, key.bytes.length), key);
		assert.ok(kept.length <= limit && kept.includes(key), 'the new key is kept, within the limit');
		chains.set(chain, kept, kept.reduce((sum, {bytes}) => sum + bytes.length, keyOverhead));
	};

	const encodeDelta = ({number, bytes, chain}: NewBody): Attempt => {
		assert.ok(bytes.length <= longestDelta, 'longer bodies are compressed alone');
		const format = formatOf(bytes);
		const resource = resourceChain(chain);
		const objectChain = `o${format}${chain}`;
		const resourceId = `r${format}${resource ?? ''}`;
		const objectKeys = chains.get(objectChain) ?? [];
		const resourceKeys = resource === undefined ? [] : chains.get(resourceId) ?? [];
		const objectKey = objectKeys[nearestIndex(objectKeys, bytes.length)];
		const resourceKey = resourceKeys[nearestIndex(resourceKeys, bytes.length)];
		const isLikely = objectKey !== undefined && (resourceKey === undefined || isSimilar(objectKey, bytes.length));
		const first = isLikely ? compress(bytes, [objectKey]) : undefined;
		if (first !== undefined && isSmall(objectKey!, bytes.length, first.frame.length)) {
			return first;
		}

		const best = compressKey(bytes, first, objectKey, resourceKey);
		assert.ok(best.keys.every(key => key.number < number), 'a body is compressed against earlier ones');
		if (bytes.length <= longestKey) {
			// A copy of its own: the bytes may be a view into a large buffer, and the writer may use them again.
			const key: Key = {
				number, bytes: new Uint8Array(bytes), depth: depthOf(best.keys), firstDelta: undefined,
			};
			remember(objectChain, objectKeys, key, keysPerObject);
			if (resource !== undefined && (resourceKey === undefined || best.keys.length === 0) && key.depth <= deepestResourceKey) {
				remember(resourceId, resourceKeys, key, keysPerResource);
			}
		}

		return best;
	};

	return {
		encode(body) {
			assert.ok(body.number > 0, 'bodies are numbered from 1');
			assert.ok(body.bytes.length <= maximumBodyBytes, 'a body is no longer than can be read back');
			const {bytes} = body;
			if (bytes.length < shortestCompressed) {
				return {form: 'raw', bases: [], data: bytes};
			}

			const {keys, frame} = bytes.length > longestDelta ? compress(bytes, []) : encodeDelta(body);
			const packed = packFrame(frame);
			const data = packed ?? frame;
			assert.ok(packed === undefined || packed.length < frame.length, 'packing makes a frame shorter');
			return data.length >= bytes.length && keys.length === 0
				? {form: 'raw', bases: [], data: bytes}
				: {form: packed === undefined ? 'frame' : 'packed', bases: keys.map(key => key.number), data};
		},
		reset() {
			chains.clear();
		},
	};
};
