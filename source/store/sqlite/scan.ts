import {setImmediate as nextTurn} from 'node:timers/promises';

/** Does work for each part of a scan, one part in one turn of the event loop, until it says that it has enough. */
export const scanInTurns = async <Part>(parts: readonly Part[], work: (part: Part) => 'more' | 'enough'): Promise<void> => {
	for (const [index, part] of parts.entries()) {
		if (index > 0) {
			await nextTurn(); // eslint-disable-line no-await-in-loop -- one part after the other is what leaves the event loop free
		}

		if (work(part) === 'enough') {
			return;
		}
	}
};
