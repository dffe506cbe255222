import {
	arrayAt,
	objectAt,
	type JsonObject,
	type JsonValue,
} from '../../model/json.js';
import {describePlace, resourceName, type ObjectPlace} from '../../model/object-key.js';
import type {ObjectVersion} from '../../model/object-version.js';
import type {Operation} from '../../model/operation.js';
import type {ObjectState, StepChange} from '../../timeline/timeline-types.js';
import {diffLines, type DiffLine} from './line-diff.js';
import {yamlLines, type Fold, type YamlLine} from './yaml-lines.js';

/** Lines of one object that are shown: one huge body must not stop the screen. */
export const maximumObjectLines = 20_000;

/** What the diff pane shows of one step. */
export type DiffDocument = {
	readonly step: number;
	readonly place: ObjectPlace | undefined;
	/** Which object. */
	readonly title: string;
	/** `rv 243 > 244 -- gen 2 > 3`. */
	readonly versions: string;
	/** Why it looks as it does, in words. */
	readonly notes: readonly string[];
	readonly lines: readonly DiffLine[];
	/** Line a person should see first; undefined: nothing changed. */
	readonly firstChange: number | undefined;
	/** The object at this step, for yank. */
	readonly object: JsonValue;
};

export type DocumentOptions = {
	/** `diff`: before and after in one text. `object`: the object after the step alone. */
	readonly mode: 'diff' | 'object';
	readonly isUnfolded: boolean;
	/** How to unfold, for the folded line. */
	readonly unfoldKey: string;
	/** What to say of a value that is no more, by its path. */
	readonly blame?: (path: string) => string | undefined;
};

const bookkeeping: ReadonlySet<string> = new Set(['metadata.resourceVersion', 'metadata.generation', 'metadata.managedFields']);
const managedFieldsPath = 'metadata.managedFields';

const foldsOf = (object: JsonValue, options: DocumentOptions): ReadonlyMap<string, Fold> => {
	const fields = arrayAt(objectAt(object, 'metadata'), 'managedFields');
	if (options.isUnfolded || fields.length === 0) {
		return new Map();
	}

	const text = `${fields.length} ${fields.length === 1 ? 'entry' : 'entries'} (${options.unfoldKey} to unfold)`;
	const {lines} = yamlLines(fields as JsonValue[], {maximumLines: maximumObjectLines});
	return new Map([[managedFieldsPath, {text, identity: lines.map(line => line.text).join('\n')}]]);
};

type Printed = {readonly lines: readonly YamlLine[]; readonly isCut: boolean};

const print = (object: JsonValue, options: DocumentOptions): Printed =>
	object === undefined ? {lines: [], isCut: false} : yamlLines(object, {maximumLines: maximumObjectLines, folds: foldsOf(object, options)});

const cutNote = (isCut: boolean): string | undefined => isCut ? `too long: only its first ${maximumObjectLines} lines are shown` : undefined;

const notesOf = (...notes: ReadonlyArray<string | undefined>): readonly string[] => notes.filter(note => note !== undefined && note !== '') as string[];

const firstChangeOf = (lines: readonly DiffLine[]): number | undefined => {
	const telling = lines.findIndex(({mark, path}) => mark !== ' ' && !bookkeeping.has(path) && !path.startsWith(managedFieldsPath));
	const first = telling === -1 ? lines.findIndex(({mark}) => mark !== ' ') : telling;
	return first === -1 ? undefined : first;
};

const arrow = (name: string, before: string | undefined, after: string | undefined): string | undefined => {
	if (before === undefined && after === undefined) {
		return undefined;
	}

	return before === after ? `${name} ${after}` : `${name} ${before ?? '-'} > ${after ?? '-'}`;
};

const numberText = (value: number | undefined): string | undefined => value === undefined ? undefined : String(value);

const versionsOf = (before: ObjectVersion | undefined, after: ObjectVersion | undefined): string => [
	arrow('rv', before?.resourceVersion, after?.resourceVersion),
	arrow('gen', numberText(before?.generation), numberText(after?.generation)),
].filter(part => part !== undefined).join(' -- ');

const partialNote = (state: ObjectState | undefined): string | undefined => {
	if (state === undefined || state.whole) {
		return undefined;
	}

	return state.version.rest === undefined
		? 'only its metadata is known'
		: `metadata is new, the rest is as of step ${state.version.rest.step}`;
};

type Changed = Extract<StepChange, {type: 'changed'}>;

const withBlame = (lines: readonly DiffLine[], blame: DocumentOptions['blame']): readonly DiffLine[] =>
	blame === undefined
		? lines
		: lines.map(line => {
			const comment = line.mark === '-' && !bookkeeping.has(line.path) ? blame(line.path) : undefined;
			return comment === undefined ? line : {...line, comment};
		});

const changedDocument = (step: number, change: Changed, options: DocumentOptions): DiffDocument => {
	const {place, before, after, note} = change;
	const shown = after ?? before;
	const fresh = print(after?.object, options);
	const old = print(before?.object, options);
	const isWhole = options.mode === 'object';
	const {lines, isRough} = isWhole
		? {lines: (after === undefined ? old : fresh).lines.map(({text, path}): DiffLine => ({mark: ' ', text, path})), isRough: false}
		: diffLines(old.lines, fresh.lines);
	return {
		step,
		place,
		title: describePlace(place),
		versions: versionsOf(before?.version, after?.version),
		notes: notesOf(
			note,
			partialNote(shown),
			isRough ? 'too different to compare line by line: all removed, then all added' : undefined,
			cutNote(fresh.isCut || old.isCut),
		),
		lines: withBlame(lines, options.blame),
		firstChange: firstChangeOf(lines),
		object: shown?.object,
	};
};

const enteredLine = (version: ObjectVersion): DiffLine => {
	const isEnd = version.kind === 'end';
	const rv = version.resourceVersion === undefined ? '' : `  rv ${version.resourceVersion}`;
	return {mark: isEnd ? '-' : '+', text: `${describePlace(version.key)}${rv}${isEnd ? '  gone' : ''}`, path: ''};
};

/** What an operation that is about no single object is about. */
export const describeTarget = (operation: Operation | undefined): string => {
	if (operation === undefined) {
		return '';
	}

	const {group = '', resource, namespace = '', path} = operation;
	return resource === undefined || resource === '' ? `${operation.verb} ${path ?? ''}` : `${operation.verb} ${resourceName({group, resource})}${namespace === '' ? '' : ` in ${namespace}`}`;
};

const objectLines = (object: JsonValue, options: DocumentOptions): {readonly lines: readonly DiffLine[]; readonly isCut: boolean} => {
	const {lines, isCut} = print(object, options);
	return {lines: lines.map(({text, path}) => ({mark: ' ', text, path})), isCut};
};

const readVersions = (object: JsonValue): string => {
	const metadata: JsonObject = objectAt(object, 'metadata') ?? {};
	const {resourceVersion: version, generation} = metadata;
	const parts = [
		typeof version === 'string' ? `rv ${version}` : undefined,
		typeof generation === 'number' || typeof generation === 'bigint' ? `gen ${generation}` : undefined,
	];
	return parts.filter(part => part !== undefined).join(' -- ');
};

/** The diff pane's text for one step. Pure; the caller loads what it needs. */
export const diffDocument = (step: number, operation: Operation | undefined, change: StepChange, options: DocumentOptions): DiffDocument => {
	if (change.type === 'changed') {
		return changedDocument(step, change, options);
	}

	if (change.type === 'many') {
		const lines = change.entered.slice(0, maximumObjectLines).map(version => enteredLine(version));
		return {
			step, place: undefined, title: describeTarget(operation), versions: '', notes: notesOf(change.note), lines, firstChange: undefined, object: undefined,
		};
	}

	const {place, object, note} = change;
	const {lines, isCut} = objectLines(object, options);
	return {
		step,
		place,
		title: place === undefined ? describeTarget(operation) : describePlace(place),
		versions: readVersions(object),
		notes: notesOf(note ?? (change.type === 'read' ? 'as read' : undefined), cutNote(isCut)),
		lines,
		firstChange: undefined,
		object,
	};
};
