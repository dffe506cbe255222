import {strict as assert} from 'node:assert';

/** Bytes of a pattern the tables look at: every pattern has at least these. */
export const shortestPattern = 8;
const blockBytes = 4;
const longestShift = shortestPattern - blockBytes + 1;
const tableBits = 18;

/** What was found, and which bytes it covers. `end` is exclusive. */
export type Hit<Label> = {readonly start: number; readonly end: number; readonly label: Label};

type Pattern<Label> = {readonly bytes: Uint8Array; readonly label: Label};

/**
Finds any of many byte strings in one pass (Wu and Manber 1994): it looks at one block of four bytes in up to five, so that
a body without a hit costs about a nanosecond a byte, however many patterns there are. Patterns can be added at any time.
*/
export type Scanner<Label> = {
	readonly patterns: number;
	add(bytes: Uint8Array, label: Label): void;
	/** The leftmost, then longest, hit that starts at or after `from`. */
	find(bytes: Uint8Array, from?: number): Hit<Label> | undefined;
};

const slotAt = (bytes: Uint8Array, end: number): number => {
	const block = bytes[end]! | (bytes[end - 1]! << 8) | (bytes[end - 2]! << 16) | (bytes[end - 3]! << 24); // eslint-disable-line no-bitwise -- a hash of four bytes
	return Math.imul(block, 0x9E_37_79_B1) >>> (32 - tableBits); // eslint-disable-line no-bitwise
};

const isAt = (bytes: Uint8Array, start: number, pattern: Uint8Array): boolean => {
	assert.ok(start >= 0, 'a pattern begins in the bytes');
	assert.ok(pattern.length >= shortestPattern, 'a pattern fills the window');
	if (start + pattern.length > bytes.length) {
		return false;
	}

	for (const [index, element] of pattern.entries()) {
		if (bytes[start + index] !== element) {
			return false;
		}
	}

	return true;
};

export const createScanner = <Label>(): Scanner<Label> => {
	const shifts = new Uint8Array(2 ** tableBits).fill(longestShift);
	const ending = new Map<number, Array<Pattern<Label>>>();
	let patterns = 0;
	assert.equal(shifts[0], longestShift, 'an empty scanner takes the longest steps');

	/** The longest pattern whose first bytes end at `end`. */
	const longestAt = (bytes: Uint8Array, end: number, slot: number): Hit<Label> | undefined => {
		const start = end - shortestPattern + 1;
		assert.equal(shifts[slot], 0, 'a window is looked at where one ends');
		let best: Pattern<Label> | undefined;
		for (const pattern of ending.get(slot) ?? []) {
			if (pattern.bytes.length > (best?.bytes.length ?? 0) && isAt(bytes, start, pattern.bytes)) {
				best = pattern;
			}
		}

		assert.ok(start >= 0, 'a window lies in the bytes');
		return best === undefined ? undefined : {start, end: start + best.bytes.length, label: best.label};
	};

	return {
		get patterns() {
			return patterns;
		},
		add(bytes, label) {
			assert.ok(bytes.length >= shortestPattern, 'a pattern fills the window');
			for (let end = blockBytes - 1; end < shortestPattern; end++) {
				const slot = slotAt(bytes, end);
				shifts[slot] = Math.min(shifts[slot]!, shortestPattern - 1 - end);
			}

			const slot = slotAt(bytes, shortestPattern - 1);
			assert.equal(shifts[slot], 0, 'a window that ends here is looked at');
			const others = ending.get(slot);
			if (others === undefined) {
				ending.set(slot, [{bytes, label}]);
			} else {
				others.push({bytes, label});
			}

			patterns++;
			assert.ok(patterns >= ending.size, 'every window that ends somewhere has a pattern');
		},
		find(bytes, from = 0) {
			assert.ok(from >= 0, 'a search begins in the bytes');
			if (patterns === 0) {
				return undefined;
			}

			for (let end = from + shortestPattern - 1; end < bytes.length;) {
				const slot = slotAt(bytes, end);
				const shift = shifts[slot]!;
				const hit = shift === 0 ? longestAt(bytes, end, slot) : undefined;
				if (hit !== undefined) {
					assert.ok(hit.start >= from && hit.end <= bytes.length, 'a hit lies in what was searched');
					return hit;
				}

				end += Math.max(1, shift);
			}

			return undefined;
		},
	};
};
