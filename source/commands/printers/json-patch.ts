import {isJsonObject, type JsonObject, type JsonValue} from '../../model/json.js';

/** One operation of RFC 6902. `path` is a JSON Pointer; `value` is absent for a removal. */
export type PatchOperation = {readonly op: 'add' | 'remove' | 'replace'; readonly path: string; readonly value?: JsonValue};

type Pair = {readonly before: JsonValue; readonly after: JsonValue; readonly path: string};

const pointer = (path: string, key: string | number): string =>
	`${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const ownValue = (object: JsonObject, key: string): JsonValue => Object.hasOwn(object, key) ? object[key] : undefined;

/** Whether two values are equal, at any depth. */
export const isEqualJson = (left: JsonValue, right: JsonValue): boolean => {
	const pairs: Array<readonly [JsonValue, JsonValue]> = [[left, right]];
	while (pairs.length > 0) {
		const [a, b] = pairs.pop() ?? [];
		if (a === b) {
			continue;
		}

		if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
			pairs.push(...a.map((item, index) => [item, b[index]] as const));
		} else if (isJsonObject(a) && isJsonObject(b) && Object.keys(a).length === Object.keys(b).length) {
			pairs.push(...Object.entries(a).map(([key, value]) => [value, ownValue(b, key)] as const));
		} else {
			return false;
		}
	}

	return true;
};

const diffObjects = (before: JsonObject, after: JsonObject, path: string): {readonly operations: readonly PatchOperation[]; readonly inner: readonly Pair[]} => {
	const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
	const operations: PatchOperation[] = [];
	const inner: Pair[] = [];
	for (const key of keys) {
		if (!Object.hasOwn(after, key)) {
			operations.push({op: 'remove', path: pointer(path, key)});
		} else if (Object.hasOwn(before, key)) {
			inner.push({before: before[key], after: after[key], path: pointer(path, key)});
		} else {
			operations.push({op: 'add', path: pointer(path, key), value: after[key]});
		}
	}

	return {operations, inner};
};

/** How many items two arrays share at their beginning and, of the rest, at their end. */
const commonEnds = (before: readonly JsonValue[], after: readonly JsonValue[]): {readonly head: number; readonly tail: number} => {
	const shorter = Math.min(before.length, after.length);
	let head = 0;
	while (head < shorter && isEqualJson(before[head], after[head])) {
		head++;
	}

	let tail = 0;
	while (tail < shorter - head && isEqualJson(before.at(-1 - tail), after.at(-1 - tail))) {
		tail++;
	}

	return {head, tail};
};

const diffArrays = (before: readonly JsonValue[], after: readonly JsonValue[], path: string): {readonly operations: readonly PatchOperation[]; readonly inner: readonly Pair[]} => {
	const {head, tail} = commonEnds(before, after);
	const beforeEnd = before.length - tail;
	const afterEnd = after.length - tail;
	const shared = Math.min(beforeEnd, afterEnd);
	const inner: Pair[] = [];
	for (let index = head; index < shared; index++) {
		inner.push({before: before[index], after: after[index], path: pointer(path, index)});
	}

	const operations: PatchOperation[] = [];
	// From the end, so that each position still means what it says.
	for (let index = beforeEnd - 1; index >= shared; index--) {
		operations.push({op: 'remove', path: pointer(path, index)});
	}

	for (let index = shared; index < afterEnd; index++) {
		operations.push({op: 'add', path: pointer(path, index), value: after[index]});
	}

	return {operations, inner};
};

/** JSON Patch (RFC 6902) that makes `after` of `before`; undefined on either side: the object did not exist. */
export const jsonPatch = (before: JsonValue, after: JsonValue): readonly PatchOperation[] => {
	if (before === undefined) {
		return after === undefined ? [] : [{op: 'add', path: '', value: after}];
	}

	if (after === undefined) {
		return [{op: 'remove', path: ''}];
	}

	const patch: PatchOperation[] = [];
	const pairs: Pair[] = [{before, after, path: ''}];
	while (pairs.length > 0) {
		const pair = pairs.pop();
		if (pair === undefined || isEqualJson(pair.before, pair.after)) {
			continue;
		}

		if (isJsonObject(pair.before) && isJsonObject(pair.after)) {
			const {operations, inner} = diffObjects(pair.before, pair.after, pair.path);
			patch.push(...operations);
			pairs.push(...inner.toReversed());
		} else if (Array.isArray(pair.before) && Array.isArray(pair.after)) {
			const {operations, inner} = diffArrays(pair.before, pair.after, pair.path);
			patch.push(...operations);
			pairs.push(...inner.toReversed());
		} else {
			patch.push({op: 'replace', path: pair.path, value: pair.after});
		}
	}

	return patch;
};
