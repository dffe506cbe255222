import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {ObjectVersion} from '../../source/model/object-version.js';
import type {Happening} from '../support/har-feed.js';
import {ingestCapture} from '../support/ingest-capture.js';

/** Ends between which nothing arrived or was delivered, in another order. */
const reorderEnds = (all: readonly Happening[], seed: number): readonly Happening[] => {
	let state = seed;
	const random = (): number => {
		// A linear congruential generator: reproducible.
		state = ((state * 1_664_525) + 1_013_904_223) % 4_294_967_296;
		return state;
	};

	const reordered: Happening[] = [];
	let run: Array<{readonly rank: number; readonly happening: Happening}> = [];
	const flush = (): void => {
		reordered.push(...run.toSorted((left, right) => left.rank - right.rank).map(({happening}) => happening));
		run = [];
	};

	for (const happening of all) {
		if (happening.type === 'end') {
			run.push({rank: random(), happening});
		} else {
			flush();
			reordered.push(happening);
		}
	}

	flush();
	return reordered;
};

const describeStates = (versions: Iterable<ObjectVersion>): readonly string[] =>
	[...versions].map(({key, kind, resourceVersion, step, until}) => `${key.resource} ${key.uid} ${kind} ${resourceVersion} ${step} ${until}`).toSorted();

test.each(['sample-controller', 'conflicts-and-lost-updates', 'must-gather-operator', 'stale-cache-duplicates'])(
	'the order in which concurrent responses of %s end does not change the states',
	async name => {
		const expected = await ingestCapture(name);
		if (expected === undefined) {
			return;
		}

		await fc.assert(fc.asyncProperty(fc.integer({min: 1, max: 1_000_000}), async seed => {
			const other = await ingestCapture(name, all => reorderEnds(all, seed));
			expect(describeStates(other?.store.versions.values() ?? [])).toEqual(describeStates(expected.store.versions.values()));
			expect(other?.store.session.facts.seal).toBe(expected.store.session.facts.seal);
		}), {numRuns: 5});
	},
);
