import {
	goTo,
	jumpTo,
	positionCount,
	positionOf,
	stepAt,
} from '../state/positions.js';
import {
	complain,
	say,
	type Pane,
	type State,
} from '../state/state.js';
import type {Effect} from './effect.js';

/** What a command made of the state, and what is still to be done. */
export type Update = {readonly state: State; readonly effects: readonly Effect[]};

/** What was typed before the key, or after the command's name. */
export type Input = {readonly count: number | undefined; readonly argument: string};

export type Run = (state: State, input: Input) => Update;

export const only = (state: State): Update => ({state, effects: []});
export const ask = (state: State, effect: Effect): Update => ({state, effects: [effect]});

const endWords = (state: State, isForward: boolean): string => {
	if (!isForward) {
		return 'already at the start: step 0, before the first operation';
	}

	return state.view === undefined ? `already at the end: step ${state.length}` : 'already at the last step the filter shows';
};

/** Moves by rows of the list, which are steps, or the steps a filter leaves. */
export const moveBy = (state: State, rows: number): State => {
	const position = positionOf(state, state.cursor);
	const target = Math.max(0, Math.min(positionCount(state) - 1, position + rows));
	return target === position ? say(state, endWords(state, rows > 0)) : goTo(state, stepAt(state, target));
};

export const toPosition = (state: State, position: number): State => {
	const target = Math.max(0, Math.min(positionCount(state) - 1, position));
	return jumpTo(state, stepAt(state, target));
};

/** To a step by number; the nearest there is, with a word about it, where there is none. */
export const toStep = (state: State, step: number): State => {
	const target = jumpTo(state, step);
	return step > state.length ? say(target, `the session ends at step ${state.length}`) : target;
};

export const toPercent = (state: State, percent: number): State =>
	toPosition(state, Math.round((Math.min(100, percent) / 100) * (positionCount(state) - 1)));

export const toEnd = (state: State, input: Input): Update =>
	only(input.count === undefined ? toPosition(state, positionCount(state) - 1) : toStep(state, input.count));

export const toStart = (state: State, input: Input): Update =>
	only(input.count === undefined ? toPosition(state, state.view === undefined ? Math.min(1, state.length) : 1) : toStep(state, input.count));

export const back = (state: State): Update => {
	const last = state.jumps.at(-1);
	return only(last === undefined ? say(state, 'no jump to go back from') : {...goTo(state, last), jumps: state.jumps.slice(0, -1)});
};

/** `''`: to where the last jump was from, and back again. */
export const swapJump = (state: State): State => {
	const last = state.jumps.at(-1);
	return last === undefined ? say(state, 'no jump to go back from') : {...goTo(state, last), jumps: [...state.jumps.slice(0, -1), state.cursor]};
};

export const goToMark = (state: State, letter: string): State => {
	const mark = state.marks.find(candidate => candidate.letter === letter);
	return mark === undefined ? complain(state, `no mark ${letter}: m${letter} sets it here`) : jumpTo(state, mark.step);
};

export const setMark = (state: State, letter: string): Update => {
	if (!/^[a-z]$/v.test(letter)) {
		return only(complain(state, 'a mark is a letter from a to z'));
	}

	const marks = [...state.marks.filter(mark => mark.letter !== letter), {letter, step: state.cursor}];
	const marked = say({...state, marks}, `mark ${letter}: '${letter} comes back here`);
	return ask(marked, {type: 'saveMark', letter, step: state.cursor});
};

const panes = ['list', 'diff', 'breakpoints'] as const;

export const nextPane = (state: State, direction: 1 | -1): State => {
	const reachable = panes.filter(pane => pane !== 'breakpoints' || state.breakpoints.length > 0);
	const index = reachable.indexOf(state.pane);
	const pane: Pane = reachable[(index + direction + reachable.length) % reachable.length] ?? 'list';
	return {...state, pane};
};

const wallWords = (state: State): string => {
	const operation = state.operations.get(state.cursor);
	const moment = operation === undefined ? undefined : new Date(state.session.startedAt + Number(operation.arrivedAt / 1_000_000n));
	return moment === undefined || Number.isNaN(moment.getTime()) ? '' : `, ${moment.toISOString()}`;
};

/** `=`: where one is, and what of the session cannot be seen. */
export const whereAmI = (state: State): State => {
	const {session, cursor, length, view} = state;
	const percent = length === 0 ? 0 : Math.round((cursor / length) * 100);
	const gaps = session.gaps.length === 0 ? '' : `, ${session.gaps.length} gaps (${session.gaps.reduce((sum, gap) => sum + gap.operations, 0)} operations lost)`;
	const filter = view === undefined ? '' : `, filter shows ${view.matching.length}`;
	return say(state, `step ${cursor} of ${length} (${percent} %)${wallWords(state)}, ${session.source}${filter}${gaps}`);
};
