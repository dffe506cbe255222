import {objectRows, shownDocument} from '../render/diff-pane.js';
import {layoutOf} from '../render/layout.js';
import {say, type State} from '../state/state.js';

const maximumSideways = 4096;
const sidewaysStep = 8;

/** Farthest the diff pane scrolls. */
export const lastScroll = (state: State): number => {
	const document = shownDocument(state);
	const area = layoutOf(state).diff;
	return document === undefined || area === undefined ? 0 : Math.max(0, document.lines.length - objectRows(document, area));
};

export const scrollDiff = (state: State, lines: number): State => {
	const scroll = Math.max(0, Math.min(lastScroll(state), state.diff.scroll + lines));
	return scroll === state.diff.scroll ? say(state, lines > 0 ? 'the object ends here' : 'the object begins here') : {...state, diff: {...state.diff, scroll}};
};

/** The focused pane's text, sideways. */
export const moveSideways = (state: State, direction: 1 | -1, count: number): State => {
	const by = direction * sidewaysStep * count;
	const clamp = (value: number): number => Math.max(0, Math.min(maximumSideways, value + by));
	return state.pane === 'diff'
		? {...state, diff: {...state.diff, sideways: clamp(state.diff.sideways)}}
		: {...state, sideways: clamp(state.sideways)};
};

export const toggleMode = (state: State): State => {
	const mode = state.diff.mode === 'diff' ? 'object' : 'diff';
	return say({...state, diff: {...state.diff, mode}}, mode === 'diff' ? 'what the step changed' : 'the whole object after the step');
};

/** Rows of a page of the focused pane. */
export const pageRows = (state: State): number => {
	const {list, diff} = layoutOf(state);
	return Math.max(1, (state.pane === 'diff' ? diff?.rows : list?.rows) ?? diff?.rows ?? 1);
};
