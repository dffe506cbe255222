import {positionOf} from '../state/positions.js';
import type {State} from '../state/state.js';
import {fitRow, row, type Row} from '../text/row.js';
import {breakpointRows, breakpointTitle} from './breakpoint-cells.js';
import {diffRows} from './diff-pane.js';
import {footerRow} from './footer.js';
import {headerRow} from './header.js';
import {helpRows} from './help.js';
import {historyRows} from './history-pane.js';
import {layoutOf, type Area, type Layout} from './layout.js';
import {listRows} from './operation-list.js';
import {statusRow} from './status-line.js';

/**
The screen as rows, each exactly as wide as the window: those above the breakpoint table, the table's place, with what stands to its right, and those
below it. They add up to the window's height.
*/
export type Screen = {
	readonly above: readonly Row[];
	readonly table: {readonly area: Area; readonly beside: readonly Row[]} | undefined;
	readonly below: readonly Row[];
};

const joint: Row = [{text: ' | ', tone: 'dim'}];

const sideBySide = (left: readonly Row[], right: readonly Row[]): readonly Row[] =>
	left.map((leftRow, index) => [...leftRow, ...joint, ...(right[index] ?? [])]);

const bottom = (state: State, layout: Layout): readonly Row[] => {
	const {columns} = state.size;
	const status = fitRow(statusRow(state, columns), columns);
	return layout.hasFooter ? [footerRow(state, columns), status] : [status];
};

const singleScreen = (state: State, layout: Layout, header: Row): Screen => {
	const {columns} = state.size;
	const below = bottom(state, layout);
	if (layout.breakpoints !== undefined) {
		return {above: [header, breakpointTitle(state, columns)], table: {area: layout.breakpoints, beside: []}, below};
	}

	const rows = layout.diff === undefined ? listRows(state, layout.list!) : diffRows(state, layout.diff);
	return {above: [header, ...rows], table: undefined, below};
};

const fullScreen = (state: State, layout: Layout, header: Row): Screen => {
	const {columns} = state.size;
	const {list, diff, breakpoints, history} = layout;
	const below = bottom(state, layout);
	const [listed, changed] = [listRows(state, list!), diffRows(state, diff!)];
	if (layout.kind === 'stacked') {
		return {above: [header, ...listed, ...changed, breakpointTitle(state, columns)], table: {area: breakpoints!, beside: []}, below};
	}

	const [historyTitle = [], ...beside] = historyRows(state, history!);
	const titles = sideBySide([breakpointTitle(state, breakpoints!.columns)], [historyTitle]);
	return {
		above: [header, ...sideBySide(listed, changed), ...titles],
		table: {area: breakpoints!, beside: beside.map(right => [...joint, ...right])},
		below,
	};
};

/** A window too low for header, pane and status line shows the cursor's row, or what there is to say. */
const tiny = (state: State): Screen => {
	const {columns, rows} = state.size;
	const listed = listRows({...state, top: Math.max(0, positionOf(state, state.cursor) - Math.floor(rows / 2))}, {rows: Math.max(1, rows), columns});
	const isPrompting = state.prompt !== undefined || state.message !== undefined || state.task !== undefined;
	const above = isPrompting ? [statusRow(state, columns)] : listed.slice(1);
	return {above: Array.from({length: rows}, (_, index) => fitRow(above[index] ?? row(''), columns)), table: undefined, below: []};
};

const fewestRows = 4;

/** Everything a person sees, from the state alone. */
export const screenOf = (state: State): Screen => {
	const {columns, rows} = state.size;
	if (rows < fewestRows) {
		return tiny(state);
	}

	if (state.help !== undefined) {
		return {above: helpRows(state), table: undefined, below: []};
	}

	const layout = layoutOf(state);
	const header = fitRow(headerRow(state, columns), columns);
	return layout.kind === 'single' ? singleScreen(state, layout, header) : fullScreen(state, layout, header);
};

/** The same as plain rows, the table among them. */
export const screenRows = (state: State): readonly Row[] => {
	const {above, table, below} = screenOf(state);
	if (table === undefined) {
		return [...above, ...below];
	}

	const tableRows = breakpointRows(state, table.area);
	return [...above, ...tableRows.map((left, index) => [...left, ...(table.beside[index] ?? [])]), ...below];
};
