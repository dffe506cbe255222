import type {DiffDocument} from '../diff/diff-document.js';
import type {DiffLine} from '../diff/line-diff.js';
import type {State} from '../state/state.js';
import {
	fitRow,
	row,
	rowWidth,
	ruler,
	type Row,
	type Span,
	type Tone,
} from '../text/row.js';
import type {Area} from './layout.js';
import {wrap} from './wrap.js';

type Tones = {readonly line: Tone; readonly word: Tone};

const tonesOf: Readonly<Record<DiffLine['mark'], Tones>> = {
	' ': {line: 'plain', word: 'plain'},
	'+': {line: 'added', word: 'addedWord'},
	'-': {line: 'removed', word: 'removedWord'},
	'~': {line: 'changed', word: 'changed'},
};

const wordSpans = (line: DiffLine, tones: Tones): readonly Span[] => {
	const spans: Span[] = [];
	let at = 0;
	for (const [from, to] of line.words ?? []) {
		spans.push({text: line.text.slice(at, from), tone: tones.line}, {text: line.text.slice(from, to), tone: tones.word});
		at = to;
	}

	return [...spans, {text: line.text.slice(at), tone: tones.line}].filter(({text}) => text !== '');
};

/** One line of the diff: its mark stays where it is, its text moves sideways. */
const lineRow = (line: DiffLine, width: number, sideways: number): Row => {
	const tones = tonesOf[line.mark];
	const comment: readonly Span[] = line.comment === undefined ? [] : [{text: `   <- ${line.comment}`, tone: 'note'}];
	const text = fitRow([...wordSpans(line, tones), ...comment], width - 2, {from: sideways});
	return fitRow([{text: `${line.mark} `, tone: tones.line}, ...text], width);
};

/** The document to show: none while one for another step would mislead. */
export const shownDocument = ({diff, cursor}: State): DiffDocument | undefined =>
	diff.document !== undefined && (diff.document.step === cursor || !diff.isSlow) && diff.failure?.step !== cursor ? diff.document : undefined;

/** Lines that say why, above the object: at most two, one in a low pane. */
export const noteLines = (document: DiffDocument, area: Area): readonly string[] => {
	const most = area.rows >= 6 ? 3 : Math.min(1, area.rows - 1);
	return wrap(document.notes.join('; '), area.columns - 2, most).filter(line => line !== '');
};

/** Rows of the pane that are left for the object. */
export const objectRows = (document: DiffDocument, area: Area): number => Math.max(0, area.rows - noteLines(document, area).length);

const titleRow = (state: State, document: DiffDocument | undefined, width: number): Row => {
	const tone: Tone = state.pane === 'diff' ? 'title' : 'plain';
	const title = document === undefined ? `step ${state.cursor}` : document.title;
	const mode = state.diff.mode === 'object' ? ' (whole)' : '';
	const left: Row = [{text: '- ', tone: 'dim'}, {text: `${title}${mode}`, tone}];
	const versions = document?.versions ?? '';
	// Where there is no room for both, the resourceVersion alone.
	const isRoomy = rowWidth(left) + versions.length + 7 <= width;
	return ruler(left, isRoomy ? versions : versions.split(' -- ', 1).join(''), width);
};

const emptyPane = (state: State): readonly Row[] => {
	const {failure} = state.diff;
	const isFailed = failure?.step === state.cursor;
	return [isFailed ? row(`  cannot show this step: ${failure.text}`, 'error') : row('  ...', 'dim')];
};

/** The pane's title line and exactly `area.rows` rows below it. */
export const diffRows = (state: State, area: Area): readonly Row[] => {
	const {columns: width, rows} = area;
	const document = shownDocument(state);
	const title = titleRow(state, document, width);
	if (document === undefined) {
		return [title, ...fill(emptyPane(state), area)];
	}

	const notes = noteLines(document, area).map((line): Row => row(`  ${line}`, 'note'));
	const lines = document.lines.slice(state.diff.scroll, state.diff.scroll + rows - notes.length).map(line => lineRow(line, width, state.diff.sideways));
	return [title, ...fill([...notes, ...lines], area)];
};

/** Exactly the area's rows, each of its width. */
export const fill = (rows: readonly Row[], area: Area): readonly Row[] =>
	Array.from({length: area.rows}, (_, index) => fitRow(rows[index] ?? [], area.columns));

/** Where the pane should start: where it is if the first change is visible there, else with the change a third from the top; at the top where nothing changed. */
export const scrollFor = (document: DiffDocument, area: Area, current: number): number => {
	const {firstChange} = document;
	if (firstChange === undefined) {
		return 0;
	}

	const rows = objectRows(document, area);
	const last = Math.max(0, document.lines.length - rows);

	const isVisible = (scroll: number): boolean => firstChange >= scroll && firstChange < scroll + Math.max(1, rows - 1);
	const kept = Math.min(current, last);
	return isVisible(kept) ? kept : Math.min(last, Math.max(0, firstChange - Math.floor(rows / 3)));
};
