import {jumpTo} from '../state/positions.js';
import {lowerBound} from '../state/sorted-steps.js';
import {
	complain,
	say,
	type KnownBreakpoint,
	type State,
} from '../state/state.js';
import {ask, only, type Update} from './commands.js';
import {openPrompt} from './prompt.js';

export const selectedBreakpoint = (state: State): KnownBreakpoint | undefined => state.breakpoints[state.selected];

export const select = (state: State, by: number): State =>
	({...state, selected: Math.max(0, Math.min(state.breakpoints.length - 1, state.selected + by))});

export const togglePanel = (state: State): State => ({...state, pane: state.pane === 'breakpoints' ? 'list' : 'breakpoints'});

export const enableSelected = (state: State): Update => {
	const known = selectedBreakpoint(state);
	return known === undefined ? only(state) : ask(state, {type: 'enableBreakpoint', id: known.breakpoint.id, enabled: !known.breakpoint.enabled});
};

export const removeSelected = (state: State): Update => {
	const known = selectedBreakpoint(state);
	return known === undefined ? only(state) : ask(state, {type: 'removeBreakpoint', id: known.breakpoint.id});
};

export const editSelected = (state: State): Update => {
	const known = selectedBreakpoint(state);
	return only(known === undefined ? state : openPrompt(state, 'condition', known.breakpoint.pattern.condition ?? '', known.breakpoint.id));
};

/** To the selected breakpoint's next hit. */
export const toNextHit = (state: State): Update => {
	const known = selectedBreakpoint(state);
	if (known?.steps === undefined) {
		return only(say(state, 'its hits are still being counted'));
	}

	const {steps, breakpoint} = known;
	const next = steps[lowerBound(steps, state.cursor + 1)];
	if (next !== undefined) {
		return only(jumpTo(state, next));
	}

	return only(steps.length === 0
		? complain(state, `breakpoint ${breakpoint.id} never holds in this session`)
		: say(state, `breakpoint ${breakpoint.id} has no hit after step ${state.cursor}; its first is at step ${steps[0]}`));
};
