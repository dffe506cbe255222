import type {ReactNode} from 'react';
import stringWidth from 'string-width';
import type {ActorCount, Session} from '../model/session.js';
import type {CommandOutput} from './command.js';
import {durationText, rfc3339} from './printers/session-json.js';
import {safeCell, textTable} from './printers/text-table.js';

/** A session with who did what in it, most first. */
export type ListedSession = {readonly session: Session; readonly actors: readonly ActorCount[]};

const shownActors = 3;
/** A drawn table takes its time: 1.5 ms a row. */
const maximumDrawnRows = 100;

const actorsText = ({actors}: ListedSession): string => {
	const shown = actors.slice(0, shownActors).map(({actor, operations}) => `${actor} (${operations})`);
	return [...shown, ...actors.length > shownActors ? [`${actors.length - shownActors} more`] : []].join(', ');
};

const stateText = ({session}: ListedSession): string => {
	const lost = session.gaps.reduce((sum, gap) => sum + gap.operations, 0);
	const parts = [
		...session.open ? ['open'] : [],
		...session.redacted ? [] : ['not redacted'],
		...session.gaps.length > 0 ? [`${session.gaps.length} ${session.gaps.length === 1 ? 'gap' : 'gaps'} (${lost} lost)`] : [],
	];
	return parts.length === 0 ? 'whole' : parts.join(', ');
};

/** The columns of `sessions`, one row each. */
export const sessionRow = (listed: ListedSession): Readonly<Record<string, string>> => ({
	session: safeCell(listed.session.id),
	source: listed.session.source,
	requests: String(listed.session.requests),
	events: String(listed.session.events),
	started: rfc3339(listed.session.startedAt).replace(/\.\d+Z$/v, 'Z'),
	took: durationText(listed.session.durationNs),
	state: stateText(listed),
	actors: safeCell(actorsText(listed)),
});

/** The table as ink-table draws it; undefined where it cannot, or is wider than the screen. */
const drawnTable = async (rows: ReadonlyArray<Readonly<Record<string, string>>>, columns: number): Promise<string | undefined> => {
	const [ink, {createElement}, {loadTable}] = await Promise.all([import('ink'), import('react'), import('../tui/components/ink-table.js')]);
	const Table = loadTable<Readonly<Record<string, string>>>(); // eslint-disable-line @typescript-eslint/naming-convention -- a component
	if (Table === undefined) {
		return undefined;
	}

	const Plain = ({children}: {readonly children?: ReactNode}): ReactNode => createElement(ink.Text, undefined, children); // eslint-disable-line @typescript-eslint/naming-convention
	const table = createElement(Table, {
		data: rows, header: Plain, cell: Plain, skeleton: Plain,
	});
	const drawn = ink.renderToString(table, {columns: 10_000});
	const [border = ''] = drawn.split('\n', 1);
	const width = stringWidth(border);
	return width <= columns ? `${drawn}\n` : undefined;
};

/** Prints sessions for a person: a drawn table where a screen has the room, plain columns elsewhere. */
export const printSessionTable = async (listed: readonly ListedSession[], output: CommandOutput): Promise<void> => {
	const rows = listed.map(one => sessionRow(one));
	const [first] = rows;
	if (first === undefined) {
		return;
	}

	const drawn = output.isTerminal && rows.length <= maximumDrawnRows ? await drawnTable(rows, output.columns) : undefined;
	await output.print(drawn ?? textTable([Object.keys(first).map(header => header.toUpperCase()), ...rows.map(row => Object.values(row))]));
};
