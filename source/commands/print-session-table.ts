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

type Row = Readonly<Record<string, string>>;

const plainTable = (rows: readonly Row[], headers: readonly string[]): string =>
	textTable([headers.map(header => header.toUpperCase()), ...rows.map(row => headers.map(header => row[header] ?? ''))]);

/** What a narrow screen goes without, first first. */
const dispensable = ['started', 'source', 'actors', 'state'] as const;

const fittingColumns = (rows: readonly Row[], columns: number): readonly string[] => {
	let headers = Object.keys(rows[0] ?? {});
	for (const header of dispensable) {
		const width = Math.max(...plainTable(rows, headers).split('\n').map(line => stringWidth(line)));
		headers = width > columns ? headers.filter(name => name !== header) : headers;
	}

	return headers;
};

/** Prints sessions for a person: a drawn table where a screen has the room, plain columns elsewhere. */
export const printSessionTable = async (listed: readonly ListedSession[], output: CommandOutput): Promise<void> => {
	const rows = listed.map(one => sessionRow(one));
	const [first] = rows;
	if (first === undefined) {
		return;
	}

	if (output.isTerminal && rows.length <= maximumDrawnRows) {
		// Ink takes its time to load, and nobody needs it in a pipe.
		const {drawnTable} = await import('./printers/drawn-table.js');
		const drawn = drawnTable(rows, output.columns);
		if (drawn !== undefined) {
			return output.print(drawn);
		}
	}

	const headers = output.isTerminal ? fittingColumns(rows, output.columns) : Object.keys(first);
	await output.print(plainTable(rows, headers));
};
