import {diffArrays, diffWordsWithSpace} from 'diff';
import type {YamlLine} from './yaml-lines.js';

/** Characters from..to-1 of a line that differ from its counterpart. */
export type WordRange = readonly [from: number, to: number];

/** `~` is a folded part that differs. */
export type DiffLine = {
	readonly mark: ' ' | '+' | '-' | '~';
	readonly text: string;
	readonly path: string;
	readonly words?: readonly WordRange[];
	/** What is known of where the line's value came from. */
	readonly comment?: string;
};

/** Bounds of one comparison: ms, edits, and the length of lines whose words are compared. */
const maximumMilliseconds = 200;
const maximumEdits = 5000;
const maximumWordLine = 2000;
const maximumWordEdits = 400;

const identityOf = (line: YamlLine): string => line.identity ?? line.text;
const isSame = (left: YamlLine, right: YamlLine): boolean => identityOf(left) === identityOf(right);

type Run = {readonly kind: 'same' | 'changed'; readonly removed: readonly YamlLine[]; readonly added: readonly YamlLine[]};

const commonStart = (before: readonly YamlLine[], after: readonly YamlLine[]): number => {
	const shorter = Math.min(before.length, after.length);
	for (let index = 0; index < shorter; index++) {
		if (!isSame(before[index]!, after[index]!)) {
			return index;
		}
	}

	return shorter;
};

const commonEnd = (before: readonly YamlLine[], after: readonly YamlLine[], start: number): number => {
	const shorter = Math.min(before.length, after.length) - start;
	for (let count = 0; count < shorter; count++) {
		if (!isSame(before.at(-1 - count)!, after.at(-1 - count)!)) {
			return count;
		}
	}

	return shorter;
};

/** The lines between what both begin and end with, as runs; undefined: too different to compare in time. */
const runsOf = (before: readonly YamlLine[], after: readonly YamlLine[]): readonly Run[] | undefined => {
	const changes = diffArrays([...before], [...after], {
		comparator: isSame, timeout: maximumMilliseconds, maxEditLength: maximumEdits,
	});
	if (changes === undefined) {
		return undefined;
	}

	const runs: Run[] = [];
	for (const {added, removed, value} of changes) {
		const last = runs.at(-1);
		if (!added && !removed) {
			runs.push({kind: 'same', removed: [], added: value});
		} else if (last?.kind === 'changed') {
			runs[runs.length - 1] = {kind: 'changed', removed: removed ? [...last.removed, ...value] : last.removed, added: added ? [...last.added, ...value] : last.added};
		} else {
			runs.push({kind: 'changed', removed: removed ? value : [], added: added ? value : []});
		}
	}

	return runs;
};

const wordsOf = (before: string, after: string): {readonly removed: readonly WordRange[]; readonly added: readonly WordRange[]} | undefined => {
	if (before.length > maximumWordLine || after.length > maximumWordLine) {
		return undefined;
	}

	const changes = diffWordsWithSpace(before, after, {maxEditLength: maximumWordEdits});
	if (!changes?.some(change => !change.added && !change.removed && change.value.trim() !== '')) {
		return undefined;
	}

	const removed: WordRange[] = [];
	const added: WordRange[] = [];
	let [left, right] = [0, 0];
	for (const change of changes) {
		const {length} = change.value;
		if (change.removed) {
			removed.push([left, left + length]);
		} else if (change.added) {
			added.push([right, right + length]);
		}

		left += change.added ? 0 : length;
		right += change.removed ? 0 : length;
	}

	return {removed, added};
};

const same = ({text, path}: YamlLine): DiffLine => ({mark: ' ', text, path});

/** One line that took another's place: both with their words marked; two folds that differ are one line. */
const pairLines = (removed: YamlLine, added: YamlLine): readonly DiffLine[] => {
	if (removed.identity !== undefined && added.identity !== undefined) {
		return [{mark: '~', text: added.text, path: added.path}];
	}

	const words = wordsOf(removed.text, added.text);
	return [
		{
			mark: '-', text: removed.text, path: removed.path, words: words?.removed,
		},
		{
			mark: '+', text: added.text, path: added.path, words: words?.added,
		},
	];
};

const indexByPath = (lines: readonly YamlLine[]): ReadonlyMap<string, number[]> => {
	const indexes = new Map<string, number[]>();
	for (const [index, {path}] of lines.entries()) {
		const known = indexes.get(path);
		if (known === undefined) {
			indexes.set(path, [index]);
		} else {
			known.push(index);
		}
	}

	return indexes;
};

const plus = ({text, path}: YamlLine): DiffLine => ({mark: '+', text, path});

/** Lines of a changed run: those of one field side by side, what has no counterpart alone. */
const changedLines = ({removed, added}: Run): readonly DiffLine[] => {
	const lines: DiffLine[] = [];
	const indexes = indexByPath(added);
	let next = 0;
	for (const line of removed) {
		const from = next;
		const counterpart = indexes.get(line.path)?.find(index => index >= from);
		if (counterpart === undefined) {
			lines.push({mark: '-', text: line.text, path: line.path});
			continue;
		}

		lines.push(...added.slice(next, counterpart).map(between => plus(between)), ...pairLines(line, added[counterpart]!));
		next = counterpart + 1;
	}

	return [...lines, ...added.slice(next).map(rest => plus(rest))];
};

/** Two objects' lines as one text: what stayed in its place, what went (`-`), came (`+`), differs (`~`). `isRough`: they are too different to compare in time. */
export const diffLines = (before: readonly YamlLine[], after: readonly YamlLine[]): {readonly lines: readonly DiffLine[]; readonly isRough: boolean} => {
	const start = commonStart(before, after);
	const end = commonEnd(before, after, start);
	const [old, fresh] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
	const runs = runsOf(old, fresh);
	const middle = (runs ?? [{kind: 'changed', removed: old, added: fresh} as const])
		.flatMap(run => run.kind === 'same' ? run.added.map(line => same(line)) : changedLines(run));
	return {
		lines: [...after.slice(0, start).map(line => same(line)), ...middle, ...after.slice(after.length - end).map(line => same(line))],
		isRough: runs === undefined,
	};
};
