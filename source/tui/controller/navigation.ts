import type {SearchOptions, Stop, Timeline} from '../../timeline/timeline-types.js';
import type {Direction, Travel} from '../keys/effect.js';
import {patternText} from '../render/breakpoint-cells.js';
import type {State} from '../state/state.js';
import {searchExpression} from './search-expression.js';

/** Where a journey ended, and what to say of it. `step` undefined: it found nothing. */
export type Arrival = {readonly step: number | undefined; readonly text: string; readonly isError: boolean};

type Next = (step: number) => Promise<number | undefined>;

const side = (direction: Direction): string => direction === 'forward' ? 'after' : 'before';

type Found = {readonly step: number | undefined; readonly found: number};

/** The count'th step the question gives, or the last there is. */
const travel = async (start: number, count: number, next: Next): Promise<Found> => {
	let step: number | undefined;
	for (let found = 0; found < count; found++) {
		const following = await next(step ?? start); // eslint-disable-line no-await-in-loop -- each starts where the last ended
		if (following === undefined) {
			return {step, found};
		}

		step = following;
	}

	return {step, found: count};
};

const arrival = (found: Found, count: number, nothing: string, there: string): Arrival => {
	const isShort = found.found < count && found.step !== undefined;
	const text = isShort ? `only ${found.found} of ${count}: ${nothing}` : there;
	return {step: found.step, text: found.step === undefined ? nothing : text, isError: found.step === undefined};
};

const resume = async (timeline: Timeline, state: State, effect: Extract<Travel, {type: 'resume'}>, options: SearchOptions): Promise<Arrival> => {
	const stops: Stop[] = [];
	const found = await travel(state.cursor, effect.count, async step => {
		const stop = await timeline.breakpoints.resume(step, effect.direction, options);
		stops.push(...(stop === undefined ? [] : [stop]));
		return stop?.step;
	});
	const [hit] = stops.at(-1)?.breakpoints ?? [];
	const words = hit === undefined ? '' : `breakpoint ${hit.id}: ${patternText(hit.pattern)}`;
	return arrival(found, effect.count, `no breakpoint holds ${side(effect.direction)} step ${found.step ?? state.cursor}`, words);
};

const search = async (timeline: Timeline, state: State, effect: Extract<Travel, {type: 'search'}>, options: SearchOptions): Promise<Arrival> => {
	const expression = searchExpression(effect.text);
	const found = await travel(state.cursor, effect.count, async step => timeline.nextMatch(step, effect.direction, expression, options));
	return arrival(found, effect.count, `"${effect.text}" not found ${side(effect.direction)} step ${found.step ?? state.cursor}`, `/${effect.text}`);
};

/** Goes where a command leads: breakpoints, the same object, errors, matches. */
export const travelTo = async (timeline: Timeline, state: State, effect: Travel, options: SearchOptions): Promise<Arrival> => {
	const {direction, count} = effect;
	switch (effect.type) {
		case 'resume': {
			return resume(timeline, state, effect, options);
		}

		case 'search': {
			return search(timeline, state, effect, options);
		}

		case 'sameObject': {
			const found = await travel(state.cursor, count, async step => timeline.nextOnObject(step, direction));
			return arrival(found, count, `no operation on this object ${side(direction)} step ${found.step ?? state.cursor}`, '');
		}

		case 'nextError': {
			const found = await travel(state.cursor, count, async step => timeline.nextError(step, direction));
			return arrival(found, count, `no error ${side(direction)} step ${found.step ?? state.cursor}`, '');
		}
	}
};
