import {strict as assert} from 'node:assert';
import {constants, zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import type {BodyNumber} from '../model/operation.js';
import type {NewBody} from './operation-store.js';
import {createWeightedCache} from './weighted-cache.js';

/*
How bodies are kept small. The versions of one object differ by a few bytes, so a body is compressed with zstd against a body it resembles, as a raw-content
dictionary. Bodies others are compressed against are *keys*. Each object has a few (its request bodies lack what the server adds, so one is not enough), and so has each
resource, for the first bodies of its objects. Which key is taken follows from the length, which costs nothing and is nearly always right. A body that comes out large
against its object's key is tried against the resource's key and the object's together, and becomes a key itself.
*/

/** A body as stored. The dictionary is the concatenation of the bodies `bases`, in this order; without any it is plain zstd, or raw where not `isCompressed`. */
export type StoredBody = {
	readonly bases: readonly BodyNumber[];
	readonly isCompressed: boolean;
	/** A zstd frame without its magic number, or the raw bytes. */
	readonly data: Uint8Array;
};

/** The longest body that can be read back. */
export const maximumBodyBytes = 128 * 1024 * 1024;
/** Bytes of keys held in memory while a session is written. */
const maximumKeyBytes = 24 * 1024 * 1024;
/** What an entry of the key cache weighs beyond its bytes. */
const keyOverhead = 256;
/** Longer bodies are no keys: each use would read the whole of it again. */
const longestKey = 512 * 1024;
/** Longer bodies are compressed alone. */
const longestDelta = 4 * 1024 * 1024;
/** Shorter bodies are stored as they are. */
const shortestCompressed = 24;
/** Bodies to read before a key, at most: of an object, and of a resource. */
const deepestKey = 6;
const deepestResourceKey = 2;
const keysPerObject = 3;
const keysPerResource = 4;
const compressionLevel = 1;
/** A delta up to this many bytes, plus this part of the body, is small. */
const smallDelta = 32;
const smallPart = 1 / 16;
/** A key is worn when deltas against it have grown by this factor, and some bytes. */
const wornFactor = 1.5;
const wornBytes = 12;
/** A first body above this part of its length tells that its resource lacks a key like it. */
const strangePart = 0.35;

const magic = Buffer.from([0x28, 0xB5, 0x2F, 0xFD]);

type Key = {
	readonly number: BodyNumber;
	readonly bytes: Uint8Array;
	/** Bodies to read before this one. */
	readonly depth: number;
	/** Length of the first delta against it. */
	firstDelta: number | undefined;
};

type Attempt = {readonly keys: readonly Key[]; readonly data: Uint8Array};

/** Output is gathered in pieces of about the body's size. */
const smallestChunk = 256;
const largestChunk = 64 * 1024;
const largestTableLog = 14;
const smallestLog = 10;
const logOf = (length: number): number => Math.max(smallestLog, Math.min(27, Math.ceil(Math.log2(Math.max(2, length)))));

const compress = (bytes: Uint8Array, keys: readonly Key[]): Attempt => {
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
	assert.ok(frame.subarray(0, magic.length).equals(magic), 'a zstd frame begins with its magic number');
	return {keys, data: frame.subarray(magic.length)};
};

/** Undoes `compress`. Throws where the data is damaged. */
export const decodeStoredBody = (stored: StoredBody, dictionary: Uint8Array | undefined): Uint8Array => {
	assert.equal(stored.bases.length > 0, dictionary !== undefined, 'a dictionary goes with bases');
	return stored.isCompressed ? zstdDecompressSync(Buffer.concat([magic, stored.data]), {...(dictionary !== undefined && {dictionary}), maxOutputLength: maximumBodyBytes}) : stored.data;
};

/** JSON and protobuf of one object have little in common: they have keys of their own. */
const formatOf = (bytes: Uint8Array): string => (bytes[0] === 0x6B && bytes[1] === 0x38 && bytes[2] === 0x73 ? 'p' : 'j');

const pathChain = /^(?<resource>[^\/]*\/[^\/]*)\/[^\/]*\/[^\/]*$/v;

/** The chain of an object's resource: what stands before the first NUL (or before the namespace and name of a path); undefined where the chain is no object's. */
const resourceChain = (chain: string): string | undefined => {
	const end = chain.indexOf('\0');
	return end === -1 ? pathChain.exec(chain)?.groups?.resource : chain.slice(0, end);
};

const nearestIndex = (keys: readonly Key[], length: number): number => {
	let best = 0;
	for (const [index, key] of keys.entries()) {
		if (Math.abs(key.bytes.length - length) < Math.abs(keys[best]!.bytes.length - length)) {
			best = index;
		}
	}

	return best;
};

const shorter = (left: Attempt | undefined, right: Attempt): Attempt => (left !== undefined && left.data.length <= right.data.length ? left : right);
const depthOf = (keys: readonly Key[]): number => (keys.length === 0 ? 0 : Math.max(...keys.map(key => key.depth)) + 1);
const isStrange = (attempt: Attempt, length: number): boolean => attempt.data.length > length * strangePart;

const isSmall = (key: Key, length: number, delta: number): boolean => {
	key.firstDelta ??= delta;
	return delta <= Math.min(smallDelta + (length * smallPart), (key.firstDelta * wornFactor) + wornBytes);
};

/** The best that can be done for a body that becomes a key, beginning with what an attempt against its object's key gave. */
const compressKey = (bytes: Uint8Array, first: Attempt | undefined, objectKey: Key | undefined, resourceKey: Key | undefined): Attempt => {
	assert.equal(first === undefined, objectKey === undefined, 'an attempt goes with a key');
	const isDeep = objectKey !== undefined && objectKey.depth >= deepestKey;
	let best = isDeep ? undefined : first;
	if (resourceKey !== undefined) {
		best = shorter(best, compress(bytes, objectKey === undefined || isDeep ? [resourceKey] : [resourceKey, objectKey]));
	}

	const isAlone = best === undefined || isStrange(best, bytes.length);
	const chosen = isAlone ? compress(bytes, []) : best!;
	assert(depthOf(chosen.keys) <= deepestKey, 'a key is read through few others');
	return chosen;
};

export type BodyEncoder = {
	encode(body: NewBody): StoredBody;
	/** Forgets all keys: bodies encoded since the last commit were not stored. */
	reset(): void;
};

/** Compresses the bodies of one session, in order. */
export const createBodyEncoder = (capacity = maximumKeyBytes): BodyEncoder => {
	const chains = createWeightedCache<string, readonly Key[]>(capacity);

	const remember = (chain: string, keys: readonly Key[], key: Key, limit: number): void => {
		assert.ok(keys.length <= limit, 'too many keys');
		const kept = keys.length < limit ? [...keys, key] : keys.with(nearestIndex(keys, key.bytes.length), key);
		chains.set(chain, kept, kept.reduce((sum, {bytes}) => sum + bytes.length, keyOverhead));
	};

	const encodeDelta = ({number, bytes, chain}: NewBody): Attempt => {
		const format = formatOf(bytes);
		const resource = resourceChain(chain);
		const objectChain = `o${format}${chain}`;
		const resourceId = `r${format}${resource ?? ''}`;
		const objectKeys = chains.get(objectChain) ?? [];
		const resourceKeys = resource === undefined ? [] : chains.get(resourceId) ?? [];
		const objectKey = objectKeys[nearestIndex(objectKeys, bytes.length)];
		const resourceKey = resourceKeys[nearestIndex(resourceKeys, bytes.length)];
		const first = objectKey === undefined ? undefined : compress(bytes, [objectKey]);
		if (first !== undefined && isSmall(objectKey!, bytes.length, first.data.length)) {
			return first;
		}

		const best = compressKey(bytes, first, objectKey, resourceKey);
		if (bytes.length <= longestKey) {
			// A copy: the bytes may be a small part of a large buffer.
			const key: Key = {
				number, bytes: Buffer.from(bytes), depth: depthOf(best.keys), firstDelta: undefined,
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
				return {bases: [], isCompressed: false, data: bytes};
			}

			const best = bytes.length > longestDelta ? compress(bytes, []) : encodeDelta(body);
			return best.data.length >= bytes.length && best.keys.length === 0
				? {bases: [], isCompressed: false, data: bytes}
				: {bases: best.keys.map(key => key.number), isCompressed: true, data: best.data};
		},
		reset() {
			chains.clear();
		},
	};
};
