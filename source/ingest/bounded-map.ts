import {strict as assert} from 'node:assert';

/**
A map that forgets what was long unused when the weights of its entries pass a cap. It gives every entry that was used a second chance (the clock
algorithm): nearly as good as least recently used, and reading does not reorder anything.
*/
export type BoundedMap<Key, Value> = {
	readonly size: number;
	/** The value, which counts as used now. */
	get(key: Key): Value | undefined;
	/** The value, without counting as use. */
	peek(key: Key): Value | undefined;
	set(key: Key, value: Value, weight?: number): void;
	delete(key: Key): Value | undefined;
};

type Entry<Value> = {readonly value: Value; readonly weight: number; isUsed: boolean};

/** Eviction makes this part of the room. */
const slackPart = 64;

/**
`maximumWeight` caps the sum of weights (1 each by default: then it caps the count). `onEvict` is told of what is forgotten for want of room, not of what is
deleted or replaced. An entry heavier than the cap is evicted at once.
*/
export const createBoundedMap = <Key, Value>(maximumWeight: number, onEvict?: (key: Key, value: Value) => void): BoundedMap<Key, Value> => {
	assert.ok(maximumWeight > 0, 'a map without room');
	// A Map iterates in order of insertion: the oldest comes first.
	const entries = new Map<Key, Entry<Value>>();
	let total = 0;

	const remove = (key: Key): Value | undefined => {
		const entry = entries.get(key);
		if (entry === undefined) {
			return undefined;
		}

		assert.ok(entry.weight <= total, 'the total counts every entry');
		entries.delete(key);
		total -= entry.weight;
		assert.ok(total >= 0, 'weights do not add up');
		return entry.value;
	};

	// A little more than needed: the walk begins at the oldest, past all that was deleted since the map last grew.
	const enough = maximumWeight - Math.floor(maximumWeight / slackPart);
	const hasRoom = (): boolean => total <= enough;

	const evict = (): void => {
		const oldest = entries.entries();
		// Each entry is met twice at most: the second time it is no longer marked as used.
		for (let left = entries.size * 2; left > 0 && !hasRoom(); left -= 1) {
			const next = oldest.next();
			assert.ok(next.done !== true, 'an empty map weighs nothing');
			const [key, entry] = next.value;
			if (entry.isUsed) {
				entry.isUsed = false;
				entries.delete(key);
				entries.set(key, entry);
			} else {
				remove(key);
				onEvict?.(key, entry.value);
			}
		}

		assert.ok(hasRoom(), 'there is room again');
	};

	assert.equal(entries.size, total, 'an empty map weighs nothing');
	return {
		get size() {
			return entries.size;
		},
		get(key) {
			const entry = entries.get(key);
			if (entry !== undefined) {
				entry.isUsed = true;
			}

			return entry?.value;
		},
		peek: key => entries.get(key)?.value,
		set(key, value, weight = 1) {
			assert.ok(weight >= 0, 'a negative weight');
			assert.ok(Number.isFinite(weight), 'a weight is a number');
			remove(key);
			entries.set(key, {value, weight, isUsed: false});
			total += weight;
			if (total > maximumWeight) {
				evict();
			}
		},
		delete: remove,
	};
};
