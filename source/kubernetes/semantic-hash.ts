/* eslint-disable no-bitwise, unicorn/prefer-math-trunc -- lanes wrap at 32 bits */
import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';
import {
	hashText,
	lanesToHex,
	mixInto,
	type Lanes,
} from './hash-lanes.js';
import {maximumDepth} from './json-text.js';

/** What a value is to the mask: only the object's own metadata has fields that are left out. */
type Place = 'object' | 'metadata' | 'managedFields' | 'managedFieldsEntry' | 'elsewhere';

/** An object or list being hashed. Sums of its entries' hashes do not depend on the order of keys; a list's do on that of its items. */
type Frame = {
	readonly keys: readonly string[] | undefined;
	readonly source: JsonObject | JsonValue[];
	readonly place: Place;
	index: number;
	/** Lanes of Hx and of Hm. */
	xa: number; xb: number; ma: number; mb: number;
};

/** Lanes of a value's Hx and Hm; `isMasked`: Hm lacks it. */
type Hashed = {x: Lanes; m: Lanes; isMasked: boolean};

const seed = {
	key: 1, string: 2, number: 3, boolean: 4, null: 5, object: 6, list: 7, maskedKey: 8,
} as const;

/** Leaves of these names change without anybody's intent (detection-rules.md, noise mask). */
const maskedKeys: ReadonlySet<string> = new Set([
	'lastTransitionTime', 'lastHeartbeatTime', 'lastUpdateTime', 'lastProbeTime', 'renewTime', 'observedGeneration', 'uid',
]);

/** Server-side apply names list items by the owner's uid. */
const uidKeyPattern = /^k:\{"uid":"[^"]*"\}$/v;
const timePattern = /^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(?:\.\d+)?(?:z|[+\-]\d\d:\d\d)$/iv;

const isTime = (text: string): boolean => text.length >= 20 && text.length <= 64 && text[4] === '-' && text[10] === 'T' && timePattern.test(text);

const excludedFromMetadata: ReadonlySet<string> = new Set(['resourceVersion', 'generation', 'selfLink']);

/** Left out of both hashes. */
const isExcluded = (place: Place, key: string): boolean => place === 'metadata' ? excludedFromMetadata.has(key) : place === 'managedFieldsEntry' && key === 'time';

const placeOf = (parent: Place, key: string): Place => {
	if (parent === 'object') {
		return key === 'metadata' ? 'metadata' : 'elsewhere';
	}

	return parent === 'metadata' && key === 'managedFields' ? 'managedFields' : 'elsewhere';
};

const createFrame = (source: JsonObject | JsonValue[], place: Place): Frame => ({
	keys: Array.isArray(source) ? undefined : Object.keys(source), source, place, index: 0, xa: 0, xb: 0, ma: 0, mb: 0,
});

const hashNumber = (lanes: Lanes, value: number | bigint): void => {
	if (typeof value === 'number' && (value | 0) === value) {
		mixInto(lanes, value, seed.number);
	} else {
		hashText(lanes, String(value), seed.number);
	}
};

/** Hash of a scalar; null only in lists. */
const hashLeaf = (lanes: Lanes, value: Exclude<JsonValue, JsonObject | JsonValue[]>): void => {
	if (typeof value === 'string') {
		hashText(lanes, value, seed.string);
	} else if (typeof value === 'number' || typeof value === 'bigint') {
		hashNumber(lanes, value);
	} else {
		mixInto(lanes, value === true ? 1 : 0, typeof value === 'boolean' ? seed.boolean : seed.null);
	}
};

type Walk = {readonly value: Hashed; readonly key: Lanes; readonly entry: Lanes};

/** Adds the value to an object's sums, under its key. */
const addEntry = ({value, key, entry}: Walk, frame: Frame, name: string): void => {
	assert.ok(frame.keys !== undefined, 'only objects have keys');
	assert.ok(frame.index < frame.keys.length, 'the key is one of the object\'s');
	const {x, m} = value;
	hashText(key, name, seed.key);
	mixInto(entry, Math.imul(key.a, 31) + x.a, Math.imul(key.b, 31) + x.b);
	frame.xa = (frame.xa + entry.a) | 0;
	frame.xb = (frame.xb + entry.b) | 0;
	if (value.isMasked) {
		return;
	}

	const isUidKey = name.startsWith('k:{"uid"') && uidKeyPattern.test(name);
	if (isUidKey) {
		mixInto(key, seed.maskedKey, seed.key);
	}

	if (isUidKey || x.a !== m.a || x.b !== m.b) {
		mixInto(entry, Math.imul(key.a, 31) + m.a, Math.imul(key.b, 31) + m.b);
	}

	frame.ma = (frame.ma + entry.a) | 0;
	frame.mb = (frame.mb + entry.b) | 0;
};

/** Appends the value to a list's chain. A masked item stays as a place. */
const addItem = ({value, entry}: Walk, frame: Frame): void => {
	assert.equal(frame.keys, undefined, 'only lists have items');
	const {x, m, isMasked} = value;
	mixInto(entry, Math.imul(frame.xa, 31) + x.a, Math.imul(frame.xb, 31) + x.b);
	assert.ok(Array.isArray(frame.source), 'a list has items');
	frame.xa = entry.a;
	frame.xb = entry.b;
	mixInto(entry, Math.imul(frame.ma, 31) + (isMasked ? 0 : m.a), Math.imul(frame.mb, 31) + (isMasked ? 0 : m.b));
	frame.ma = entry.a;
	frame.mb = entry.b;
};

/** Hashes entries until one is an object or list (its frame) or none is left (undefined). */
const hashEntries = (walk: Walk, frame: Frame): Frame | undefined => {
	assert.ok(frame.keys !== undefined, 'an object has keys');
	assert.ok(frame.index <= frame.keys.length, 'keys are taken in turn');
	const {keys} = frame;
	const source = frame.source as JsonObject;
	const {value} = walk;
	for (; frame.index < keys.length; frame.index++) {
		const key = keys[frame.index]!;
		const inner = source[key];
		if (inner === null || inner === undefined || isExcluded(frame.place, key)) {
			continue;
		}

		if (typeof inner === 'object') {
			return createFrame(inner, placeOf(frame.place, key));
		}

		hashLeaf(value.x, inner);
		value.isMasked = maskedKeys.has(key) || (typeof inner === 'string' && isTime(inner));
		value.m.a = value.x.a;
		value.m.b = value.x.b;
		addEntry(walk, frame, key);
	}

	return undefined;
};

const hashItems = (walk: Walk, frame: Frame): Frame | undefined => {
	assert.ok(Array.isArray(frame.source), 'a list has items');
	assert.ok(frame.index <= frame.source.length, 'items are taken in turn');
	const items = frame.source;
	const {value} = walk;
	for (; frame.index < items.length; frame.index++) {
		const inner = items[frame.index];
		if (typeof inner === 'object' && inner !== null) {
			return createFrame(inner, frame.place === 'managedFields' ? 'managedFieldsEntry' : 'elsewhere');
		}

		hashLeaf(value.x, inner);
		value.isMasked = typeof inner === 'string' && isTime(inner);
		value.m.a = value.x.a;
		value.m.b = value.x.b;
		addItem(walk, frame);
	}

	return undefined;
};

/** The walk's value becomes that of a finished frame. */
const closeFrame = ({value}: Walk, frame: Frame): void => {
	const kind = frame.keys === undefined ? seed.list : seed.object;
	mixInto(value.x, frame.xa + kind, frame.xb);
	mixInto(value.m, frame.ma + kind, frame.mb);
	value.isMasked = false;
};

/**
Two 64-bit hashes of an object, 16 hex digits each (detection-rules.md, common derived data). Hx: the object without resourceVersion, generation, selfLink and
the times of managedFields. Hm: Hx without times (RFC 3339 texts, and leaves that are named as such), observedGeneration and uids. The order of keys does not matter,
that of lists does; a null field counts as absent.
*/
export const semanticHashes = (object: JsonObject): {readonly hx: string; readonly hm: string} => {
	assert.ok(isJsonObject(object));
	const walk: Walk = {value: {x: {a: 0, b: 0}, m: {a: 0, b: 0}, isMasked: false}, key: {a: 0, b: 0}, entry: {a: 0, b: 0}};
	const stack: Frame[] = [createFrame(object, 'object')];
	while (stack.length > 0) {
		const frame = stack.at(-1)!;
		const child = frame.keys === undefined ? hashItems(walk, frame) : hashEntries(walk, frame);
		if (child !== undefined) {
			assert.ok(stack.length <= maximumDepth + 1, 'decoded bodies are bounded in depth');
			stack.push(child);
			continue;
		}

		stack.pop();
		closeFrame(walk, frame);
		const parent = stack.at(-1);
		if (parent?.keys === undefined) {
			if (parent !== undefined) {
				addItem(walk, parent);
			}
		} else {
			addEntry(walk, parent, parent.keys[parent.index]!);
		}

		if (parent !== undefined) {
			parent.index++;
		}
	}

	assert.ok(!walk.value.isMasked, 'an object is no leaf');
	const {x, m} = walk.value;
	return {hx: lanesToHex(x.a, x.b), hm: lanesToHex(m.a, m.b)};
};
