import {keyGroups} from '../keys/keymap.js';
import type {State} from '../state/state.js';
import {
	fitRow,
	row,
	ruler,
	type Row,
} from '../text/row.js';
import {wrap} from './wrap.js';

const keysWidth = 18;

const marks: ReadonlyArray<readonly [string, string]> = [
	['>  *  o', 'cursor, breakpoint, disabled breakpoint'],
	['<- told', 'a watch event, as delivered to the operator (<~: reconstructed)'],
	['by 56', 'the step of the write this event carries'],
	['=  !  ?', 'changed nothing, error, nobody knows whether it took effect'],
	['+  -  ~', 'line came, went, differs (folded)'],
];

const entry = (keys: string, text: string, width: number): readonly Row[] => {
	const room = Math.max(10, width - keysWidth - 2);
	return wrap(text, room, 4).map((line, index): Row => [
		{text: `  ${(index === 0 ? keys : '').padEnd(keysWidth)}`, tone: 'title'}, {text: line, tone: 'plain'},
	]);
};

/** Every line of the help, from the one table. */
export const helpLines = (width: number): readonly Row[] => [
	...keyGroups.flatMap(group => [
		row(group.title, 'note'),
		...group.bindings.flatMap(binding => {
			const where = binding.contexts.includes('session') ? '' : ' (in the breakpoint panel)';
			return entry(binding.keys.join(' '), `${binding.help}${where}`, width);
		}),
		row(''),
	]),
	row('Marks', 'note'),
	...marks.flatMap(([sign, meaning]) => entry(sign, meaning, width)),
];

/** Lines of the help in a window. */
const helpRoom = (state: State): number => Math.max(0, state.size.rows - 2);

/** Farthest the help scrolls. */
export const lastHelpScroll = (state: State): number => Math.max(0, helpLines(state.size.columns).length - helpRoom(state));

/** The help over the whole screen: exactly `rows` rows. */
export const helpRows = (state: State): readonly Row[] => {
	const {columns, rows} = state.size;
	const lines = helpLines(columns);
	const room = helpRoom(state);
	const first = Math.max(0, Math.min(lines.length - room, state.help ?? 0));
	const shown = lines.slice(first, first + room);
	const body = Array.from({length: room}, (_, index) => fitRow(shown[index] ?? [], columns));
	const title = ruler([{text: '- ', tone: 'dim'}, {text: 'keys', tone: 'title'}], `${Math.min(lines.length, first + room)} of ${lines.length} lines`, columns);
	const footer = fitRow([{text: ' j/k scroll  Space page  q close', tone: 'dim'}], columns);
	return [title, ...body, footer].slice(0, rows);
};
