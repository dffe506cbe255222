import {positionCount, positionOf, stepAt} from '../state/positions.js';
import {hasStep} from '../state/sorted-steps.js';
import type {State} from '../state/state.js';
import {fitRow, plainText, type Row} from '../text/row.js';
import type {Area} from './layout.js';
import {
	listColumns,
	listLine,
	listTitles,
	type ListColumn,
} from './list-columns.js';
import {operationCells} from './operation-cells.js';

/** `*` an enabled breakpoint holds here, `o` only disabled ones do. */
const breakpointMark = (state: State, step: number): string => {
	const holding = state.breakpoints.filter(({steps}) => steps !== undefined && hasStep(steps, step));
	if (holding.length === 0) {
		return ' ';
	}

	return holding.some(({breakpoint}) => breakpoint.enabled) ? '*' : 'o';
};

const stepColumn = (columns: readonly ListColumn[], step: number): string => {
	const width = columns.find(({cell}) => cell === 'step')?.width ?? 5;
	return String(step).padStart(width);
};

/** One row of the list, before it is cut to the pane. */
const operationRow = (state: State, step: number, columns: readonly ListColumn[]): Row => {
	const isCursor = step === state.cursor;
	const pointer = isCursor ? '>' : ' ';
	if (step === 0) {
		return [{text: `${pointer} ${stepColumn(columns, 0)}  before the first operation`, tone: isCursor ? 'cursor' : 'dim'}];
	}

	const mark = breakpointMark(state, step);
	const operation = state.operations.get(step);
	if (operation === undefined) {
		return [{text: `${pointer}${mark}${stepColumn(columns, step)}  ...`, tone: isCursor ? 'cursor' : 'dim'}];
	}

	const cells = operationCells(operation);
	const line = listLine(cells, columns);
	const hidden = state.view?.hidden === step ? '  (not matching the filter)' : '';
	const tone = isCursor ? 'cursor' : cells.tone;
	const isBroken = mark === '*' && !isCursor;
	return [{text: pointer, tone}, {text: mark, tone: isBroken ? 'breakpoint' : tone}, {text: line + hidden, tone}];
};

const columnsFor = (state: State, width: number): readonly ListColumn[] => listColumns(width, {
	length: state.length,
	durationNs: state.session.durationNs,
	hasReconciles: state.session.capabilities.includes('reconciles'),
});

/** The list's title line and exactly `area.rows` rows below it. */
export const listRows = (state: State, area: Area): readonly Row[] => {
	const {rows, columns: width} = area;
	const columns = columnsFor(state, width);
	const last = positionCount(state);
	const visible = Array.from({length: rows}, (_, index): Row => {
		const position = state.top + index;
		const step = stepAt(state, position);
		const isCursor = position === positionOf(state, state.cursor);
		return position >= last ? fitRow([], width) : fitRow(operationRow(state, step, columns), width, {from: 0, pad: isCursor ? 'cursor' : 'plain'});
	});
	const titles: Row = [{text: listTitles(columns), tone: state.pane === 'list' ? 'title' : 'dim'}];
	return [fitRow(titles, width), ...visible].map(row => state.sideways === 0 ? row : shift(row, state.sideways, width));
};

/** Sideways: the marks stay, the rest moves under them. */
const shift = (row: Row, sideways: number, width: number): Row => {
	const marks = plainText(row).slice(0, 2);
	const [tone] = row.map(span => span.tone);
	return fitRow([{text: marks, tone: tone ?? 'plain'}, ...fitRow(row, width, {from: 2 + sideways, pad: tone ?? 'plain'})], width);
};

/** Cells of the list that do not fit are few: the object's name is what is cut. Full text of the row at the cursor, for the status line. */
export const longestSideways = 200;
