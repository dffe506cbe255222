import {displayWidth, fit, sanitize} from '../text/fit.js';
import type {OperationCells} from './operation-cells.js';
import {seconds} from './time.js';

export type ListColumn = {
	readonly cell: Exclude<keyof OperationCells, 'tone'>;
	readonly title: string;
	readonly width: number;
	readonly align: 'left' | 'right';
};

/** How long a session is decides how wide its numbers are; a page shows the columns it has. */
export type ListFacts = {readonly length: number; readonly durationNs: bigint; readonly hasReconciles: boolean};

/** Cells of `>` and `*`. */
export const markWidth = 2;

const narrowest = 14;
const roomy = 22;

const column = (cell: ListColumn['cell'], title: string, width: number, align: ListColumn['align'] = 'left'): ListColumn => ({
	cell, title, width, align,
});

const actorWidth = (width: number): number => Math.min(20, Math.max(14, Math.floor(width / 4.7)));

const objectWidth = (columns: readonly ListColumn[], width: number): number =>
	width - markWidth - columns.reduce((sum, {width: own}) => sum + own + 1, 0);

/** Columns of the list that fit: step, operation and object always, the others in order of use. */
export const listColumns = (width: number, facts: ListFacts): readonly ListColumn[] => {
	const step = column('step', 'step', Math.max(5, String(facts.length).length + 1), 'right');
	const time = column('time', 'time', Math.max(7, seconds(facts.durationNs).length), 'right');
	const verb = column('verb', 'operation', 10);
	// Those with a whole place belong to every list; the others come where there is much room.
	const wanted = [
		{place: 4, entry: column('code', 'code', 5, 'right')},
		{place: 1, entry: time},
		{place: 5, entry: column('ms', 'ms', 5, 'right')},
		{place: 2, entry: column('actor', 'actor', actorWidth(width))},
		{place: 3.5, entry: column('namespace', 'namespace', 12)},
		{place: 4.1, entry: column('version', 'version', 11, 'right')},
		{place: 4.2, entry: column('manager', 'manager', 12)},
		...(facts.hasReconciles ? [{place: 4.3, entry: column('reconcile', 'reconcile', 9)}] : []),
	];
	let chosen = [{place: 0, entry: step}, {place: 3, entry: verb}];
	for (const candidate of wanted) {
		const more = [...chosen, candidate];
		const isExtra = candidate.place % 1 !== 0;
		const least = isExtra ? roomy : narrowest;
		if (objectWidth(more.map(({entry}) => entry), width) >= least) {
			chosen = more;
		}
	}

	const columns = chosen.toSorted((left, right) => left.place - right.place).map(({entry}) => entry);
	const afterVerb = columns.findIndex(({cell}) => cell === 'verb') + 1;
	const object = column('object', 'object', Math.max(1, objectWidth(columns, width)));
	return columns.toSpliced(afterVerb, 0, object);
};

/** Titles of the columns, one line. */
export const listTitles = (columns: readonly ListColumn[]): string =>
	`${' '.repeat(markWidth)}${columns.map(({title, width, align}) => fit(title, width, align)).join(' ')}`;

/** Of `kube-controller-manager/deployment-controller` the end says more than the beginning. */
const fitActor = (actor: string, width: number): string => {
	const isTooLong = displayWidth(sanitize(actor)) > width;
	const component = actor.slice(actor.indexOf('/') + 1);
	return fit(isTooLong && component !== actor ? `~${component}` : actor, width);
};

/** The name is cut before the subresource is. */
const fitObject = (object: string, width: number): string => {
	const below = / \/[a-z]+$/v.exec(object)?.[0] ?? '';
	const name = object.slice(0, object.length - below.length);
	const isCut = displayWidth(sanitize(object)) > width && width > below.length + 6;
	return isCut ? fit(name, width - below.length) + below : fit(object, width);
};

const fitCell = (cells: OperationCells, {cell, width, align}: ListColumn): string => {
	const text = cells[cell];
	if (cell === 'actor') {
		return fitActor(text, width);
	}

	return cell === 'object' ? fitObject(text, width) : fit(text, width, align);
};

/** One operation's cells in their columns. Who caused an event takes the columns of code and duration together. */
export const listLine = (cells: OperationCells, columns: readonly ListColumn[]): string => {
	const codeAt = columns.findIndex(({cell}) => cell === 'code');
	const room = columns[codeAt + 1];
	// An event has no duration.
	const isJoined = cells.ms === '' && codeAt !== -1 && room?.cell === 'ms';
	const joined = isJoined ? columns.toSpliced(codeAt, 2, {...columns[codeAt]!, width: columns[codeAt]!.width + 1 + room.width}) : columns;
	return joined.map(each => fitCell(cells, each)).join(' ');
};
