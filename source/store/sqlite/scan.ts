import {strict as assert} from 'node:assert';
import {setImmediate as nextTurn} from 'node:timers/promises';

/** More than the slices of the longest session. */
const maximumParts = 16_384;

/** Does work for each part of a scan, one part in one turn of the event loop, until it says that it has enough. */
export const scanInTurns = async <Part>(parts: readonly Part[], work: (part: Part) => 'more' | 'enough'): Promise<void> => {
	assert.ok(parts.length <= maximumParts, 'a scan of one session has a bounded number of parts');
	for (const [index, part] of parts.entries()) {
		if (index > 0) {
			await nextTurn(); // eslint-disable-line no-await-in-loop -- one part after the other is what leaves the event loop free
		}

		if (work(part) === 'enough') {
			return;
		}
	}
};
