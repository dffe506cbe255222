import type {BreakpointPattern} from '../../model/breakpoint.js';
import {resourceName} from '../../model/object-key.js';
import {hasStep, lowerBound} from '../state/sorted-steps.js';
import type {KnownBreakpoint, State} from '../state/state.js';
import {fit, placeholder} from '../text/fit.js';
import {
	fitRow,
	row,
	ruler,
	type Row,
} from '../text/row.js';
import type {Area} from './layout.js';

/** `update deployments.apps default/web /status 4xx if object.spec.replicas > 3`. */
export const patternText = (pattern: BreakpointPattern): string => {
	const {verb, group, resource, subresource, namespace, name, status, condition} = pattern;
	const place = [namespace, name].filter(part => part !== undefined && part !== '').join('/');
	const parts = [
		verb,
		resource === undefined ? group : resourceName({group: group ?? '', resource}),
		name === undefined && namespace !== undefined && namespace !== '' ? `in ${namespace}` : place,
		subresource === undefined || subresource === '' ? undefined : `/${subresource}`,
		status,
		condition === undefined || condition === '' ? undefined : `if ${condition}`,
	];
	const text = parts.filter(part => part !== undefined && part !== '').join(' ');
	return text === '' ? 'every operation' : text;
};

const hitsText = ({steps, breakpoint}: KnownBreakpoint, cursor: number): string => {
	if (steps === undefined) {
		return '...';
	}

	if (!breakpoint.enabled) {
		return `${steps.length} off`;
	}

	return hasStep(steps, cursor) ? `hit ${lowerBound(steps, cursor) + 1} of ${steps.length}` : `${steps.length} ${steps.length === 1 ? 'hit' : 'hits'}`;
};

/** One breakpoint's cells, of fixed width, for the table. */
export type BreakpointCells = {readonly '  ': string; readonly ' id': string; readonly breakpoint: string; readonly '      hits': string};

/** The table's columns; their names are its titles, padded as the cells are. */
export const breakpointColumns = ['  ', ' id', 'breakpoint', '      hits'] as const;

/** `hit 3 of 8`: the column grows with its texts. */
const hitsWidth = 10;
const idWidth = 3;
/** The table's own padding, one on each side of its four columns. */
const padding = 8;

/** The table measures texts by their length: what is wider than long would push its neighbours aside. */
const fitTable = (text: string, width: number): string => {
	const fitted = fit(text, width);
	return fitted.length === width ? fitted : fit([...text].map(character => /[\u{20}-\u{7E}]/v.test(character) ? character : placeholder).join(''), width);
};

const breakpointCells = (known: KnownBreakpoint, isSelected: boolean, cursor: number, {width, hits}: {readonly width: number; readonly hits: number}): BreakpointCells => {
	const isHere = known.breakpoint.enabled && known.steps !== undefined && hasStep(known.steps, cursor);
	const onOff = known.breakpoint.enabled ? '*' : 'o';
	return {
		'  ': `${isSelected || isHere ? '>' : ' '}${onOff}`,
		' id': String(known.breakpoint.id).padStart(idWidth),
		breakpoint: fitTable(patternText(known.breakpoint.pattern), Math.max(4, width - 2 - idWidth - hits - padding)),
		'      hits': fit(hitsText(known, cursor), hits, 'right'),
	};
};

/** The breakpoints there is room for (one row is the table's titles), the selected one among them. */
export const visibleBreakpoints = (state: State, area: Area): ReadonlyArray<{readonly known: KnownBreakpoint; readonly isSelected: boolean}> => {
	const rows = Math.max(0, area.rows - 1);
	const first = Math.max(0, Math.min(state.selected - Math.floor(rows / 2), state.breakpoints.length - rows));
	return state.breakpoints.slice(first, first + rows).map((known, index) => ({
		known, isSelected: state.pane === 'breakpoints' && first + index === state.selected,
	}));
};

export const breakpointTable = (state: State, area: Area): readonly BreakpointCells[] => {
	const visible = visibleBreakpoints(state, area);
	const hits = Math.max(hitsWidth, ...visible.map(({known}) => hitsText(known, state.cursor).length));
	return visible.map(({known, isSelected}) => breakpointCells(known, isSelected, state.cursor, {width: area.columns, hits}));
};

export const breakpointTitle = (state: State, width: number): Row => {
	const count = state.breakpoints.length;
	const text = count === 0 ? 'no breakpoints (b sets one on this operation)' : 'breakpoints';
	return ruler([{text: '- ', tone: 'dim'}, {text, tone: state.pane === 'breakpoints' ? 'title' : 'plain'}], '', width);
};

/** One breakpoint of the table as text. */
export const breakpointText = (cells: BreakpointCells): string => ` ${breakpointColumns.map(column => cells[column]).join('  ')}`;

/** The same table as text: for a plain frame, and where the table component cannot be loaded. */
export const breakpointRows = (state: State, area: Area): readonly Row[] => {
	const cells = breakpointTable(state, area);
	const titles = cells.slice(0, 1).map(({breakpoint, '      hits': hits}) => row(breakpointText({
		'  ': '  ', ' id': ' id', breakpoint: fit('breakpoint', breakpoint.length), '      hits': fit('      hits', hits.length),
	}), 'dim'));
	const rows = cells.map(cell => row(breakpointText(cell)));
	return Array.from({length: area.rows}, (_, index) => fitRow([...titles, ...rows][index] ?? [], area.columns));
};
