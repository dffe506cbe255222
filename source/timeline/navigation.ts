import {strict as assert} from 'node:assert';
import type {Filter} from '../expression/filter.js';
import type {Operation} from '../model/operation.js';
import {sameObjectFilter} from './operation-place.js';
import type {Condition} from './operation-scan.js';
import {rangeBeyond, type Search} from './search.js';
import type {Timeline} from './timeline-types.js';

export type Navigation = Pick<Timeline, 'nextOnObject' | 'nextError' | 'nextMatch' | 'matches'>;

const exactly = (filter: Filter): Condition => ({
	filter, exact: true, needs: new Set(), test: () => true,
});

/** From a step to the next or the previous one a person looks for. */
export const createNavigation = (search: Search, length: () => number, operation: (step: number) => Promise<Operation | undefined>): Navigation => ({
	async nextOnObject(step, direction) {
		const here = await operation(step);
		if (here === undefined) {
			return undefined;
		}

		assert.equal(here.sequence, step);
		assert.ok(step <= length(), 'an operation lies in the session');
		return search.first(exactly(sameObjectFilter(here)), rangeBeyond(step, length(), direction), direction);
	},
	nextError: async (step, direction) => search.first(exactly({type: 'error'}), rangeBeyond(step, length(), direction), direction),
	nextMatch: async (step, direction, expression, options) => search.first(expression, rangeBeyond(step, length(), direction), direction, options),
	async matches(expression, options) {
		const steps = await search.all(expression, {from: 1, to: length()}, options);
		assert.ok(steps.length <= length(), 'a step matches once');
		assert.ok((steps.at(-1) ?? 0) <= length(), 'a match lies in the session');
		return steps;
	},
});
