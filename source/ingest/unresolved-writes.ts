import {strict as assert} from 'node:assert';
import {
	arrayAt,
	isJsonObject,
	type JsonObject,
	type JsonValue,
	objectAt,
	stringAt,
} from '../model/json.js';
import {createBoundedMap} from './bounded-map.js';

/** Bytes of bodies of unknown outcome remembered, one write per object. */
const maximumUnresolvedBytes = 16 * 1024 * 1024;
/** Values compared for one match. */
const maximumComparisons = 20_000;

/** A write that was aborted, got a 5xx or no answer (design: rule 5). */
export type UnresolvedWrite = {
	readonly sequence: number;
	readonly verb: string;
	readonly subresource: string;
	readonly patchType: string | undefined;
	/** Name under which the apiserver would book its fields. */
	readonly manager: string;
	/** ResourceVersion it was bound to; undefined: any. */
	readonly resourceVersion: string | undefined;
	/** Bytes of its request body. */
	readonly size: number;
	/** Decoded request body, redacted. */
	readonly body: JsonValue;
};

export type SeenVersion = {readonly object: JsonValue; /** The version before it. */ readonly previous: string | undefined};

export type UnresolvedWrites = {
	add(place: string, write: UnresolvedWrite): void;
	/** The unresolved write that must have produced a version nobody claims, if its content says so beyond doubt; it is resolved then. */
	resolve(place: string, seen: SeenVersion): number | undefined;
};

/** Writes whose body says what the object is to be. */
const contentVerbs: ReadonlySet<string> = new Set(['create', 'update', 'patch']);

/** Parts of an object that the server sets, or that another endpoint owns. */
const serverFields: ReadonlySet<string> = new Set(['metadata', 'status', 'apiVersion', 'kind']);

const isPlain = (value: JsonValue): boolean => typeof value !== 'object' || value === null;

/** Whether everything `asked` says is so in `found`; null asks for absence, arrays must be alike in length. */
const doesContain = (found: JsonValue, asked: JsonValue): boolean => {
	const pending: Array<readonly [JsonValue, JsonValue]> = [[found, asked]];
	for (let count = 0; pending.length > 0; count += 1) {
		if (count > maximumComparisons) {
			return false;
		}

		assert.ok(count <= maximumComparisons, 'a bounded comparison');
		const [left, right] = pending.pop()!;
		if (isPlain(right)) {
			const isAbsent = left === undefined && (right === null || right === undefined);
			if (left !== right && !isAbsent) {
				return false;
			}
		} else if (Array.isArray(right)) {
			if (!Array.isArray(left) || left.length !== right.length || right.length > maximumComparisons) {
				return false;
			}

			pending.push(...right.map((item, index) => [left[index], item] as const));
		} else if (isJsonObject(right)) {
			const entries = Object.entries(right);
			if (!isJsonObject(left) || entries.length > maximumComparisons) {
				return false;
			}

			pending.push(...entries.map(([key, item]) => [Object.hasOwn(left, key) ? left[key] : undefined, item] as const));
		}
	}

	assert.equal(pending.length, 0, 'every value was compared');
	return true;
};

/** What a write asks for: its fields but those of the server, and labels, annotations and finalizers. */
const askedOf = (write: UnresolvedWrite, body: JsonObject): JsonObject => {
	assert.ok(contentVerbs.has(write.verb), 'it says what the object is to be');
	const isPatch = write.verb === 'patch';
	const asked: JsonObject = {};
	for (const [key, value] of Object.entries(body)) {
		if (!serverFields.has(key) || (key === 'status' && (isPatch || write.subresource === 'status'))) {
			asked[key] = value;
		}
	}

	const metadata = objectAt(body, 'metadata');
	const ownMetadata: JsonObject = {};
	for (const key of ['labels', 'annotations', 'finalizers']) {
		if (metadata !== undefined && Object.hasOwn(metadata, key)) {
			ownMetadata[key] = metadata[key];
		}
	}

	assert.ok(!Object.hasOwn(asked, 'metadata'), 'metadata is asked for by its parts');
	return Object.keys(ownMetadata).length === 0 ? asked : {...asked, metadata: ownMetadata};
};

const isManagedBy = (object: JsonObject, manager: string): boolean =>
	arrayAt(objectAt(object, 'metadata'), 'managedFields').some(entry => stringAt(entry, 'manager') === manager);

const isMatch = (write: UnresolvedWrite, seen: SeenVersion): boolean => {
	// JSON patches and deletes cannot be recognised by content.
	const isContent = contentVerbs.has(write.verb);
	// An update bound to a version produces the very next one.
	const isNext = write.resourceVersion === undefined || write.resourceVersion === seen.previous;
	if (!isContent || !isNext || !isJsonObject(write.body) || !isJsonObject(seen.object)) {
		return false;
	}

	assert.ok(write.sequence > 0, 'steps count from 1');
	const asked = askedOf(write, write.body);
	assert.ok(!Object.hasOwn(asked, 'kind'), 'a kind is not asked for');
	return Object.keys(asked).length > 0 && isManagedBy(seen.object, write.manager) && doesContain(seen.object, asked);
};

export const createUnresolvedWrites = (): UnresolvedWrites => {
	const writes = createBoundedMap<string, UnresolvedWrite>(maximumUnresolvedBytes);

	return {
		add(place, write) {
			assert.ok(write.manager !== '', 'every writer has a manager name');
			writes.set(place, write, write.size + 1);
		},
		resolve(place, seen) {
			const write = writes.peek(place);
			if (write === undefined || !isMatch(write, seen)) {
				return undefined;
			}

			assert.ok(seen.object !== undefined, 'a version that was seen');
			writes.delete(place);
			assert.ok(write.sequence > 0, 'steps count from 1');
			return write.sequence;
		},
	};
};
