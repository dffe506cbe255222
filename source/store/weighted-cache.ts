import {strict as assert} from 'node:assert';

/** A map that forgets its longest unused entries once they weigh more than its capacity. */
export type WeightedCache<Key, Value> = {
	get(key: Key): Value | undefined;
	/** Keeps a value; its weight counts against the capacity. A value heavier than the whole cache is not kept. */
	set(key: Key, value: Value, weight: number): void;
	clear(): void;
	readonly weight: number;
};

export const createWeightedCache = <Key, Value>(capacity: number): WeightedCache<Key, Value> => {
	assert.ok(capacity > 0, 'a cache holds something');
	const entries = new Map<Key, {readonly value: Value; readonly weight: number}>();
	let total = 0;

	const remove = (key: Key): void => {
		const entry = entries.get(key);
		if (entry === undefined) {
			return;
		}

		entries.delete(key);
		total -= entry.weight;
	};

	return {
		get(key) {
			const entry = entries.get(key);
			if (entry === undefined) {
				return undefined;
			}

			entries.delete(key);
			entries.set(key, entry);
			return entry.value;
		},
		set(key, value, weight) {
			assert.ok(weight >= 0, 'a weight is not negative');
			remove(key);
			if (weight > capacity) {
				return;
			}

			entries.set(key, {value, weight});
			total += weight;
			for (const oldest of entries.keys()) {
				if (total <= capacity) {
					break;
				}

				remove(oldest);
			}

			assert.ok(total <= capacity, 'a cache stays within its capacity');
		},
		clear() {
			entries.clear();
			total = 0;
		},
		get weight() {
			return total;
		},
	};
};
