import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';

/** What to change in a decoded body. */
export type JsonRewrite = {
	/** The text to put in a string's place. */
	readonly text?: (text: string) => string;
	/** What to put in a number's place. */
	readonly number?: (number: number | bigint) => number | bigint | string;
	/** The key to put in a key's place. */
	readonly key?: (key: string) => string;
	/** An object to put in an object's place, which is then not walked; undefined: walk it. */
	readonly object?: (object: JsonObject) => JsonObject | undefined;
};

/** Sets an own property, also one named `__proto__`. */
export const setOwn = (target: JsonObject, key: string, value: JsonValue): void => {
	if (key === '__proto__') {
		Object.defineProperty(target, key, {
			value, enumerable: true, configurable: true, writable: true,
		});
	} else {
		target[key] = value;
	}
};

/** A copy of an object with every entry rewritten, in the same order; the object itself where no entry changed. */
export const mapEntries = (object: JsonObject, rewrite: (value: JsonValue, key: string) => JsonValue): JsonObject => {
	const copy: JsonObject = {};
	let isChanged = false;
	for (const [key, value] of Object.entries(object)) {
		const rewritten = rewrite(value, key);
		isChanged ||= rewritten !== value;
		setOwn(copy, key, rewritten);
	}

	assert.equal(Object.keys(copy).length, Object.keys(object).length, 'rewriting entries loses none');
	assert.equal(Object.getPrototypeOf(copy), Object.prototype, 'no key changes what the copy is');
	return isChanged ? copy : object;
};

/** A copy of an array with every item rewritten; the array itself where none changed. */
export const mapItems = (items: JsonValue[], rewrite: (value: JsonValue) => JsonValue): JsonValue[] => {
	const copy = items.map(item => rewrite(item));
	return copy.some((item, index) => item !== items[index]) ? copy : items;
};

type Task =
	| {readonly type: 'object'; readonly from: JsonObject; readonly to: JsonObject}
	| {readonly type: 'array'; readonly from: readonly JsonValue[]; readonly to: JsonValue[]};

/** A key that no entry of `target` has: two keys that became one would hide a value. */
const freeKey = (target: JsonObject, key: string): string => {
	if (!Object.hasOwn(target, key)) {
		return key;
	}

	const taken = Object.keys(target).length;
	assert.ok(taken > 0, 'the key is taken');
	for (let suffix = 1; suffix <= taken; suffix++) {
		const candidate = `${key}~${suffix}`;
		if (!Object.hasOwn(target, candidate)) {
			return candidate;
		}
	}

	assert.fail('more candidates than keys');
};

type Walk = {readonly rewrite: JsonRewrite; readonly tasks: Task[]; isChanged: boolean};

const note = <Value extends JsonValue>(walk: Walk, old: JsonValue, rewritten: Value): Value => {
	walk.isChanged ||= rewritten !== old;
	return rewritten;
};

const placeArray = (walk: Walk, from: readonly JsonValue[]): JsonValue[] => {
	const to: JsonValue[] = [];
	walk.tasks.push({type: 'array', from, to});
	return to;
};

const placeObject = (walk: Walk, from: JsonObject): JsonObject => {
	const replaced = walk.rewrite.object?.(from);
	if (replaced !== undefined) {
		return note(walk, from, replaced);
	}

	const to: JsonObject = {};
	walk.tasks.push({type: 'object', from, to});
	assert.ok(walk.tasks.length > 0, 'what is inside waits for its turn');
	assert.notEqual(to, from, 'the original is never written to');
	return to;
};

/** The copy of a value; what is inside of it waits in `tasks`. */
const place = (walk: Walk, value: JsonValue): JsonValue => {
	const {text, number} = walk.rewrite;
	assert.notEqual(typeof value, 'function', 'JSON holds no code');
	assert.notEqual(typeof value, 'symbol', 'JSON holds no symbols');
	if (typeof value === 'string') {
		return note(walk, value, text?.(value) ?? value);
	}

	if (typeof value === 'number' || typeof value === 'bigint') {
		return note(walk, value, number?.(value) ?? value);
	}

	if (Array.isArray(value)) {
		return placeArray(walk, value);
	}

	return isJsonObject(value) ? placeObject(walk, value) : value;
};

const copyItems = (walk: Walk, from: readonly JsonValue[], to: JsonValue[]): void => {
	for (const item of from) {
		to.push(place(walk, item));
	}
};

const copyEntries = (walk: Walk, from: JsonObject, to: JsonObject): void => {
	for (const [key, value] of Object.entries(from)) {
		const newKey = note(walk, key, walk.rewrite.key?.(key) ?? key);
		setOwn(to, freeKey(to, newKey), place(walk, value));
	}
};

/** Rewrites strings, numbers, keys and objects at any depth, without touching the original, which is returned as it is where nothing changed. */
export const rewriteJson = (root: JsonValue, rewrite: JsonRewrite): JsonValue => {
	assert.ok(Object.keys(rewrite).length > 0, 'something is to be rewritten');
	const walk: Walk = {rewrite, tasks: [], isChanged: false};
	const copy = place(walk, root);
	for (let task = walk.tasks.pop(); task !== undefined; task = walk.tasks.pop()) {
		if (task.type === 'array') {
			copyItems(walk, task.from, task.to);
			assert.equal(task.to.length, task.from.length, 'no item is lost');
		} else {
			copyEntries(walk, task.from, task.to);
			assert.equal(Object.keys(task.to).length, Object.keys(task.from).length, 'no entry is lost');
		}
	}

	return walk.isChanged ? copy : root;
};
