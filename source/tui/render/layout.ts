import type {State} from '../state/state.js';

/** A pane's cells. `rows` are those of its content; its title takes one more. */
export type Area = {readonly rows: number; readonly columns: number};

/**
Where the panes are. `stacked`: one under the other; `wide`: list and diff side by side, breakpoints and history below; `single`: one pane alone
(a small window, or a zoomed pane).
*/
export type Layout = {
	readonly kind: 'stacked' | 'wide' | 'single';
	readonly list: Area | undefined;
	readonly diff: Area | undefined;
	readonly breakpoints: Area | undefined;
	readonly history: Area | undefined;
	readonly hasFooter: boolean;
};

export const smallColumns = 60;
export const smallRows = 12;
export const wideColumns = 120;

/** Rows of the screen that are no pane's: the header and the status line; the footer of keys. */
const headerRows = 1;
const statusRows = 1;

/** Rows a list of breakpoints asks for: its column titles and each of them, so many at most. */
const breakpointRows = (state: State, most: number): number => {
	const count = state.breakpoints.length;
	return count === 0 ? 0 : Math.min(count + 1, most);
};

const single = (state: State, hasFooter: boolean): Layout => {
	const {columns, rows} = state.size;
	const area = {rows: Math.max(0, rows - headerRows - statusRows - Number(hasFooter) - 1), columns};
	return {
		kind: 'single',
		list: state.pane === 'list' ? area : undefined,
		diff: state.pane === 'diff' ? area : undefined,
		breakpoints: state.pane === 'breakpoints' ? area : undefined,
		history: undefined,
		hasFooter,
	};
};

const stacked = (state: State): Layout => {
	const {columns, rows} = state.size;
	const most = state.pane === 'breakpoints' ? Math.max(3, Math.floor(rows / 3)) : 3;
	const panel = breakpointRows(state, most);
	// Header, list titles, diff title, panel title, footer, status.
	const rest = rows - 6 - panel;
	const list = Math.max(3, Math.floor(rest * 0.42));
	return {
		kind: 'stacked',
		list: {rows: list, columns},
		diff: {rows: rest - list, columns},
		breakpoints: {rows: panel, columns},
		history: undefined,
		hasFooter: true,
	};
};

const wide = (state: State): Layout => {
	const {columns, rows} = state.size;
	const left = Math.min(Math.floor(columns * 0.57), 132);
	// Room for the object's history is always there, so that nothing moves when the object changes.
	const below = Math.max(3, Math.floor(rows / 5));
	// Header, list titles, panel title, footer, status.
	const above = rows - 5 - below;
	return {
		kind: 'wide',
		list: {rows: above, columns: left},
		diff: {rows: above, columns: columns - left - 3},
		breakpoints: {rows: below, columns: left},
		history: {rows: below, columns: columns - left - 3},
		hasFooter: true,
	};
};

export const layoutOf = (state: State): Layout => {
	const {columns, rows} = state.size;
	const isSmall = columns < smallColumns || rows < smallRows;
	if (isSmall || state.isZoomed) {
		return single(state, !isSmall);
	}

	return columns >= wideColumns ? wide(state) : stacked(state);
};
