import type {Timeline} from '../../timeline/timeline-types.js';
import type {State} from '../state/state.js';
import {createLoader, type Loader} from './loader.js';
import type {StateStore} from './store.js';

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** Counts the session's errors, again when it grows. */
export const createErrorCounter = (timeline: Timeline, store: StateStore): Loader =>
	createLoader(() => ({key: String(store.get().length)}), async () => {
		try {
			const count = await timeline.store.countOperations({session: timeline.session.id, filter: {type: 'error'}});
			store.receive({type: 'errors', count});
		} catch (error) {
			store.receive({type: 'message', message: {text: `cannot count errors: ${messageOf(error)}`, isError: true}});
		}
	});

const keyOf = ({breakpoint}: State['breakpoints'][number], length: number): string => `${breakpoint.id} ${length} ${JSON.stringify(breakpoint.pattern)}`;

/** Finds the steps at which each breakpoint holds, one breakpoint after the other, beside everything else. */
export const createHitCounter = (timeline: Timeline, store: StateStore, signal: AbortSignal): Loader => {
	const counted = new Set<string>();

	const wanted = () => {
		const {breakpoints, length} = store.get();
		const keys = new Set(breakpoints.map(entry => keyOf(entry, length)));
		for (const old of counted) {
			if (!keys.has(old)) {
				counted.delete(old);
			}
		}

		const entry = breakpoints.find(candidate => !counted.has(keyOf(candidate, length)));
		return entry === undefined ? undefined : {key: keyOf(entry, length), breakpoint: entry.breakpoint};
	};

	return createLoader(wanted, async ({key, breakpoint}) => {
		counted.add(key);
		try {
			store.receive({type: 'breakpointSteps', id: breakpoint.id, steps: await timeline.breakpoints.steps(breakpoint, {signal})});
		} catch (error) {
			if (!signal.aborted) {
				store.receive({type: 'message', message: {text: messageOf(error), isError: true}});
			}
		}
	});
};
