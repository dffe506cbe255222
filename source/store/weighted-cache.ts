import {strict as assert} from 'node:assert';

/** A map that forgets what was long unused once its entries weigh more than its capacity. */
export type WeightedCache<Key, Value> = {
	get(key: Key): Value | undefined;
	/** Keeps a value; its weight counts against the capacity. A value heavier than half the cache is not kept. */
	set(key: Key, value: Value, weight: number): void;
	clear(): void;
	readonly weight: number;
};

type Generation<Key, Value> = Map<Key, {readonly value: Value; readonly weight: number}>;

/**
Two generations: what is used moves to the young one; when that holds half the capacity it becomes the old one, and what is still in the old one is forgotten. Nearly
as good as least recently used, and reading reorders nothing (a Map that is deleted from and added to on every read is several times slower).
*/
export const createWeightedCache = <Key, Value>(capacity: number): WeightedCache<Key, Value> => {
	assert.ok(capacity > 0, 'a cache holds something');
	assert.ok(Number.isFinite(capacity), 'a cache is bounded');
	let young: Generation<Key, Value> = new Map();
	let old: Generation<Key, Value> = new Map();
	let youngWeight = 0;
	let oldWeight = 0;

	const keep = (key: Key, value: Value, weight: number): void => {
		assert.ok(weight <= capacity / 2, 'an entry weighs half the capacity at most');
		if (youngWeight + weight > capacity / 2) {
			old = young;
			oldWeight = youngWeight;
			young = new Map();
			youngWeight = 0;
		}

		young.set(key, {value, weight});
		youngWeight += weight;
		assert.ok(youngWeight + oldWeight <= capacity, 'a cache stays within its capacity');
	};

	/** The entry, out of the cache. */
	const take = (key: Key): {readonly value: Value; readonly weight: number} | undefined => {
		const fromYoung = young.get(key);
		const fromOld = fromYoung === undefined ? old.get(key) : undefined;
		young.delete(key);
		old.delete(key);
		youngWeight -= fromYoung?.weight ?? 0;
		oldWeight -= fromOld?.weight ?? 0;
		assert.ok(youngWeight >= 0 && oldWeight >= 0, 'weights add up');
		assert.ok(young.size > 0 || youngWeight === 0, 'an empty generation weighs nothing');
		return fromYoung ?? fromOld;
	};

	return {
		get(key) {
			const known = young.get(key);
			if (known !== undefined) {
				return known.value;
			}

			const entry = old.size === 0 ? undefined : take(key);
			if (entry !== undefined) {
				keep(key, entry.value, entry.weight);
			}

			return entry?.value;
		},
		set(key, value, weight) {
			assert.ok(weight >= 0, 'a weight is not negative');
			take(key);
			if (weight <= capacity / 2) {
				keep(key, value, weight);
			}
		},
		clear() {
			young = new Map();
			old = new Map();
			youngWeight = 0;
			oldWeight = 0;
		},
		get weight() {
			return youngWeight + oldWeight;
		},
	};
};
