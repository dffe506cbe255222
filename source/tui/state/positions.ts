import {objectRows, scrollFor} from '../render/diff-pane.js';
import {layoutOf, type Area} from '../render/layout.js';
import {hasStep, lowerBound, withStep} from './sorted-steps.js';
import {maximumJumps, type State, type View} from './state.js';

/*
A position is a row of the list: 0 is step 0, before everything; then the steps in order, or those a filter leaves.
*/

export const positionCount = ({view, length}: State): number => 1 + (view === undefined ? length : view.shown.length);

export const stepAt = ({view}: State, position: number): number =>
	view === undefined || position <= 0 ? Math.max(0, position) : view.shown[position - 1] ?? 0;

/** Position of a step, or of the next one that is shown. */
export const positionOf = ({view}: State, step: number): number => {
	if (view === undefined || step <= 0) {
		return Math.max(0, step);
	}

	const last = Math.max(0, view.shown.length - 1);
	return Math.min(lowerBound(view.shown, step), last) + 1;
};

const isShown = (view: View, step: number): boolean => step === 0 || hasStep(view.matching, step);

/** The view with the cursor's step in it, matching or not. */
export const showStep = (view: View | undefined, step: number): View | undefined => {
	if (view === undefined) {
		return undefined;
	}

	return isShown(view, step)
		? {...view, shown: view.matching, hidden: undefined}
		: {...view, shown: withStep(view.matching, step), hidden: step};
};

/** To a step, wherever it is. */
export const goTo = (state: State, step: number): State => {
	const cursor = Math.max(0, Math.min(state.length, step));
	return {...state, cursor, view: showStep(state.view, cursor)};
};

/** To a step, remembering where from. */
export const jumpTo = (state: State, step: number): State => {
	const target = goTo(state, step);
	return target.cursor === state.cursor ? target : {...target, jumps: [...state.jumps, state.cursor].slice(-maximumJumps)};
};

/** Keeps the cursor's row in the window: where it left it, the window moves by half its height. */
const settleList = (state: State, rows: number): State => {
	const position = positionOf(state, state.cursor);
	const last = Math.max(0, positionCount(state) - rows);
	const isVisible = position >= state.top && position < state.top + rows;
	const wanted = isVisible ? state.top : position - Math.floor(rows / 2);
	const top = Math.max(0, Math.min(last, wanted));
	return top === state.top ? state : {...state, top};
};

/** Keeps the first change in the diff pane's sight, unless the person scrolled it elsewhere. */
const settleDiff = (state: State, area: Area): State => {
	const {diff} = state;
	if (diff.document === undefined) {
		return state;
	}

	const last = Math.max(0, diff.document.lines.length - objectRows(diff.document, area));
	const scroll = diff.isScrolled ? Math.min(last, diff.scroll) : scrollFor(diff.document, area, diff.scroll);
	return scroll === diff.scroll ? state : {...state, diff: {...diff, scroll}};
};

/** The state with its panes scrolled to what matters. */
export const settle = (state: State): State => {
	const {list, diff} = layoutOf(state);
	const listed = list === undefined || list.rows === 0 ? state : settleList(state, list.rows);
	return diff === undefined || diff.rows === 0 ? listed : settleDiff(listed, diff);
};
