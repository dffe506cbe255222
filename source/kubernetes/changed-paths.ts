import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';
import {isAbsent, isEqualJson} from './json-equality.js';
import {getOwn} from './own-property.js';

/** Where a value stands: written out only where a difference is found. */
type Path = {readonly parent: Path | undefined; readonly step: string | number; readonly isName: boolean};
type Pair = {readonly before: JsonObject | JsonValue[]; readonly after: JsonObject | JsonValue[]; readonly path: Path | undefined};
/** `found` paths, and the pairs of the object or list at hand that are compared `later`. */
type Search = {readonly found: string[]; readonly limit: number; later: Pair[]};

const isPlainKey = (key: string): boolean => /^[A-Z_a-z]\w*$/v.test(key);

const stepText = ({step, isName}: Path): string => {
	assert.ok(!isName || typeof step === 'string', 'a name is a text');
	assert.ok(typeof step === 'string' || step >= 0, 'a place in a list is not negative');
	if (typeof step === 'number') {
		return `[${step}]`;
	}

	if (isName) {
		return `[name=${/^[\w\-.]+$/v.test(step) ? step : JSON.stringify(step)}]`;
	}

	return isPlainKey(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
};

const pathText = (path: Path): string => {
	const steps: string[] = [];
	for (let at: Path | undefined = path; at !== undefined; at = at.parent) {
		steps.push(stepText(at));
	}

	const text = steps.toReversed().join('');
	return text.startsWith('.') ? text.slice(1) : text;
};

/** Compares two values: a difference is noted, two objects or two lists are left for later. */
const compare = (search: Search, before: JsonValue, after: JsonValue, path: Path): void => {
	assert.ok(search.limit > 0, 'there is a limit');
	assert.ok(search.found.length <= search.limit, 'the limit holds');
	if (before === after || (isAbsent(before) && isAbsent(after))) {
		return;
	}

	if ((isJsonObject(before) && isJsonObject(after)) || (Array.isArray(before) && Array.isArray(after))) {
		search.later.push({before, after, path});
	} else if (search.found.length < search.limit) {
		search.found.push(pathText(path));
	}
};

/** Fields that change with every write, and say nothing. */
const isIgnored = (path: Path | undefined, key: string): boolean =>
	path !== undefined && path.parent === undefined && path.step === 'metadata' && (key === 'resourceVersion' || key === 'managedFields');

const compareObjects = (search: Search, before: JsonObject, after: JsonObject, path: Path | undefined): void => {
	assert.ok(!Array.isArray(before) && !Array.isArray(after), 'objects are compared with objects');
	assert.ok(path !== undefined || search.later.length === 0, 'the root comes first');
	for (const [key, value] of Object.entries(before)) {
		if (!isIgnored(path, key)) {
			compare(search, value, getOwn(after, key), {parent: path, step: key, isName: false});
		}
	}

	for (const [key, value] of Object.entries(after)) {
		if (!Object.hasOwn(before, key) && !isIgnored(path, key)) {
			compare(search, undefined, value, {parent: path, step: key, isName: false});
		}
	}
};

/** Items by their `name`, where every item has one of its own. */
const byName = (items: readonly JsonValue[]): ReadonlyMap<string, JsonObject> | undefined => {
	const named = new Map<string, JsonObject>();
	for (const item of items) {
		const name = isJsonObject(item) ? getOwn(item, 'name') : undefined;
		if (typeof name !== 'string' || !isJsonObject(item) || named.has(name)) {
			return undefined;
		}

		named.set(name, item);
	}

	assert.ok(named.size <= items.length, 'an item has one name');
	assert.ok(named.size === items.length, 'every item is named');
	return named.size > 0 ? named : undefined;
};

const compareNamed = (search: Search, before: ReadonlyMap<string, JsonObject>, after: ReadonlyMap<string, JsonObject>, path: Path | undefined): void => {
	assert.ok(before.size > 0 && after.size > 0, 'lists without names are compared by place');
	assert.ok(path !== undefined, 'a list is a field of something');
	const kept = before.keys().filter(name => after.has(name)).toArray();
	const isReordered = after.keys().filter(name => before.has(name)).some((name, index) => name !== kept[index]);
	if (isReordered && search.found.length < search.limit) {
		search.found.push(pathText(path));
	}

	for (const [name, item] of before) {
		compare(search, item, after.get(name), {parent: path, step: name, isName: true});
	}

	for (const [name, item] of after) {
		if (!before.has(name)) {
			compare(search, undefined, item, {parent: path, step: name, isName: true});
		}
	}
};

const compareLists = (search: Search, before: readonly JsonValue[], after: readonly JsonValue[], path: Path | undefined): void => {
	const namedBefore = byName(before);
	const namedAfter = namedBefore === undefined ? undefined : byName(after);
	if (namedBefore !== undefined && namedAfter !== undefined) {
		compareNamed(search, namedBefore, namedAfter, path);
		return;
	}

	assert.ok(path !== undefined, 'a list is a field of something');
	assert.ok(search.found.length <= search.limit, 'the limit holds');
	const length = Math.max(before.length, after.length);
	for (let index = 0; index < length; index++) {
		const isNew = index >= before.length;
		const isGone = index >= after.length;
		// An item that is null is there; only one beyond a list's end is not.
		compare(search, isNew ? undefined : before[index] ?? 'null', isGone ? undefined : after[index] ?? 'null', {parent: path, step: index, isName: false});
	}
};

const managedFieldsOf = (object: JsonObject): JsonValue => {
	const metadata = getOwn(object, 'metadata');
	return isJsonObject(metadata) ? getOwn(metadata, 'managedFields') : undefined;
};

/**
Field paths in which two states of an object differ, at most `limit`: `spec.replicas`, `metadata.labels["a.b/c"]`, `spec.template.spec.containers[name=app].image`,
`metadata.finalizers[0]`. A part that is new or gone is one path. Items of a list are told apart by `name` where on both sides each has its own, else by place; a
changed order of named ones is the list's path. `metadata.resourceVersion` never counts, `metadata.managedFields` only where nothing else differs.
An absent state is an empty one.
*/
export const changedPaths = (before: JsonObject | undefined, after: JsonObject | undefined, limit: number): string[] => {
	assert.ok(limit > 0, 'at least one path is asked for');
	const [left, right] = [before ?? {}, after ?? {}];
	const search: Search = {found: [], limit, later: []};
	const pairs: Pair[] = [{before: left, after: right, path: undefined}];
	while (search.found.length < limit) {
		const pair = pairs.pop();
		if (pair === undefined) {
			break;
		}

		search.later = [];
		if (isJsonObject(pair.before) && isJsonObject(pair.after)) {
			compareObjects(search, pair.before, pair.after, pair.path);
		} else if (Array.isArray(pair.before) && Array.isArray(pair.after)) {
			compareLists(search, pair.before, pair.after, pair.path);
		}

		// The last one pushed is the next one compared; a list can be longer than a call takes arguments.
		for (const next of search.later.toReversed()) {
			pairs.push(next);
		}
	}

	assert.ok(search.found.length <= limit);
	return search.found.length === 0 && !isEqualJson(managedFieldsOf(left), managedFieldsOf(right)) ? ['metadata.managedFields'] : search.found;
};
