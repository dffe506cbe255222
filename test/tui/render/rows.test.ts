import {describe, expect, test} from 'vitest';
import type {Breakpoint} from '../../../source/model/breakpoint.js';
import {breakpointRows, patternText} from '../../../source/tui/render/breakpoint-cells.js';
import {diffRows, scrollFor} from '../../../source/tui/render/diff-pane.js';
import {headerRow} from '../../../source/tui/render/header.js';
import {layoutOf, type Area} from '../../../source/tui/render/layout.js';
import {listRows} from '../../../source/tui/render/operation-list.js';
import {screenRows} from '../../../source/tui/render/screen.js';
import {shortResource} from '../../../source/tui/render/short-names.js';
import {statusRow} from '../../../source/tui/render/status-line.js';
import {wrap} from '../../../source/tui/render/wrap.js';
import type {DiffDocument} from '../../../source/tui/diff/diff-document.js';
import type {State} from '../../../source/tui/state/state.js';
import {plainText, type Row} from '../../../source/tui/text/row.js';
import {madeState, session} from '../made-state.js';

const texts = (rows: readonly Row[]): readonly string[] => rows.map(row => plainText(row).trimEnd());

const text = (row: Row | undefined): string => plainText(row ?? []).trimEnd();

const breakpoint = (id: number, isEnabled = true): Breakpoint => ({
	id, enabled: isEnabled, pattern: {
		verb: 'update', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web',
	},
});

const document = (parts: Partial<DiffDocument> = {}): DiffDocument => ({
	step: 1, place: undefined, title: 'deployments.apps default/web', versions: 'rv 1 > 2 -- gen 1 > 2', notes: [], firstChange: undefined, object: undefined,
	lines: Array.from({length: 40}, (_, index) => ({mark: ' ', text: `line ${index}`, path: ''})), ...parts,
});

const withDocument = (made: DiffDocument, parts: Partial<State> = {}): State => {
	const state = madeState(parts);
	return {...state, diff: {...state.diff, document: made}};
};

describe('header', () => {
	test.each([
		[80, /^kubestep {2}nightly\s+step 1 of 100 {2}0\.000 s {2}0 breaks {2}3 errors$/v],
		[50, /^nightly\s+step 1 of 100 {2}0\.000 s {2}0 breaks$/v],
		[32, /^nightly\s+step 1 of 100 {2}0\.000 s$/v],
		[20, /^nigh~ {2}step 1 of 100$/v],
		[10, /^step 1 of~$/v],
	])('at %d columns it keeps what is most wanted', (width, expected) => {
		const header = text(headerRow(madeState({errors: 3}), width));
		expect(header).toHaveLength(width);
		expect(header).toMatch(expected);
	});

	test('gaps and following are said', () => {
		const gaps = [{
			from: 5, to: 6, operations: 12, bytes: 100, reason: 'store full',
		}];
		const header = text(headerRow(madeState({session: {...session, gaps}, isFollowing: true}), 120));
		expect(header).toContain('1 gap');
		expect(header).toContain('following');
	});
});

describe('operation list', () => {
	test('marks are text: > the cursor, * an enabled breakpoint, o a disabled one', () => {
		const state = madeState({
			cursor: 3,
			breakpoints: [{breakpoint: breakpoint(1), steps: Int32Array.of(3, 5)}, {breakpoint: breakpoint(2, false), steps: Int32Array.of(4, 5)}],
		});
		const rows = listRows(state, {rows: 7, columns: 80}).map(row => text(row).slice(0, 7));
		expect(rows.slice(1)).toEqual(['      0', '      1', '      2', '>*    3', ' o    4', ' *    5', '      6']);
	});

	test('step 0 is before everything, rows past the end are empty, rows not loaded yet say so', () => {
		const state = madeState({length: 2, cursor: 0, operations: new Map()});
		const rows = texts(listRows(state, {rows: 5, columns: 80}));
		expect(rows[1]).toBe('>     0  before the first operation');
		expect(rows[2]).toBe('      1  ...');
		expect(rows.slice(4)).toEqual(['', '']);
	});

	test('sideways, the marks stay', () => {
		const row = listRows(madeState({sideways: 10, cursor: 1}), {rows: 3, columns: 80})[2];
		expect(plainText(row!)).toHaveLength(80);
		expect(text(row)).toMatch(/^> \S/v);
		expect(text(row)).toContain('web-1');
	});
});

describe('diff pane', () => {
	const area = {rows: 10, columns: 80};

	const titleOf = (pane: Area): string => {
		const state = withDocument(document());
		return text(diffRows(state, pane)[0]);
	};

	test('its title names the object and what became of its versions', () => {
		expect(titleOf(area)).toMatch(/^- deployments\.apps default\/web -+ rv 1 > 2 -- gen 1 > 2 --$/v);
	});

	test('a narrow one keeps the resourceVersion, then the name', () => {
		expect(titleOf({rows: 5, columns: 50})).toMatch(/web -+ rv 1 > 2 --$/v);
		expect(titleOf({rows: 5, columns: 30})).toBe('- deployments.apps default/web');
	});

	test('notes stand above the object, wrapped', () => {
		const noted = document({notes: ['refused: 409 Conflict: Operation cannot be fulfilled on deployments.apps "web": the object has been modified']});
		const state = withDocument(noted);
		const rows = texts(diffRows(state, area));
		expect(rows[1]).toBe('  refused: 409 Conflict: Operation cannot be fulfilled on deployments.apps');
		expect(rows[2]).toBe('  "web": the object has been modified');
		expect(rows[3]).toBe('  line 0');
		expect(rows).toHaveLength(11);
	});

	test('the diff of another step is never passed off as this one\'s', () => {
		const stale = withDocument(document(), {cursor: 2});
		const slow = {...stale, diff: {...stale.diff, isSlow: true}};
		expect(texts(diffRows(slow, area)).slice(0, 2)).toEqual([expect.stringMatching(/^- step 2 -+$/v), '  ...']);
	});

	test('a step that cannot be read says why', () => {
		const state = madeState();
		const failed = {...state, diff: {...state.diff, failure: {step: 1, text: 'body 7 is damaged'}}};
		expect(text(diffRows(failed, area)[1])).toBe('  cannot show this step: body 7 is damaged');
	});

	test.each([
		['nothing changed', undefined, 5, 0],
		['the first change is in sight', 7, 0, 0],
		['it is below', 30, 0, 27],
		['it is above', 3, 20, 0],
		['it is in sight of a pane that was scrolled', 25, 20, 20],
	])('where %s, the pane starts where that is', (_what, firstChange, current, scroll) => {
		expect(scrollFor(document({firstChange}), area, current)).toBe(scroll);
	});
});

describe('breakpoints', () => {
	test.each([
		[{
			verb: 'update', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web', subresource: 'status',
		}, 'update deployments.apps default/web /status'],
		[{
			verb: 'list', group: '', resource: 'pods', namespace: 'default',
		}, 'list pods in default'],
		[{status: '4xx'}, '4xx'],
		[{condition: 'status == 409'}, 'if status == 409'],
		[{verb: 'get', condition: 'path == "/api"'}, 'get if path == "/api"'],
		[{}, 'every operation'],
	])('%j reads %s', (pattern, words) => {
		expect(patternText(pattern)).toBe(words);
	});

	test('the panel says which hit one is at, and which are off', () => {
		const state = madeState({
			cursor: 5,
			breakpoints: [{breakpoint: breakpoint(1), steps: Int32Array.of(3, 5, 9)}, {breakpoint: breakpoint(2, false), steps: Int32Array.of(4)}, {breakpoint: breakpoint(3), steps: undefined}],
		});
		const rows = texts(breakpointRows(state, {rows: 4, columns: 80}));
		expect(rows[0]).toMatch(/id {2}breakpoint\s+hits$/v);
		expect(rows[1]).toMatch(/^ >\* {4}1 {2}update deployments\.apps default\/web\s+hit 2 of 3$/v);
		expect(rows[2]).toMatch(/^ {2}o {4}2 .*1 off$/v);
		expect(rows[3]).toMatch(/\.\.\.$/v);
	});

	test('of many, those around the selected one are shown', () => {
		const state = madeState({
			pane: 'breakpoints', selected: 50, breakpoints: Array.from({length: 100}, (_, index) => ({breakpoint: breakpoint(index + 1), steps: new Int32Array()})),
		});
		expect(texts(breakpointRows(state, {rows: 5, columns: 80})).join('\n')).toMatch(/>\* {3}51 /v);
	});
});

describe('status line', () => {
	test('says what is under way and how to stop it', () => {
		const state = madeState({task: {label: 'searching', step: 45_000}, length: 71_358, waitingKeys: 2});
		const line = text(statusRow(state, 80));
		expect(line).toBe(' searching... 45,000 of 71,358 (Esc stops, 2 keys waiting)');
	});

	test('a prompt longer than the line keeps its caret in sight', () => {
		const state = madeState({
			prompt: {
				kind: 'filter', text: 'x'.repeat(100), caret: 100, breakpoint: undefined, back: 0,
			},
		});
		const row = statusRow(state, 40);
		expect(plainText(row)).toHaveLength(40);
		expect(row.some(({tone}) => tone === 'caret')).toBe(true);
	});

	test('a pending key tells what it waits for', () => {
		const row = statusRow(madeState({pendingKey: 'y'}), 80);
		expect(text(row)).toContain('yank: k kubectl, c curl, y YAML');
	});
});

describe('layout', () => {
	test.each([
		[80, 24, 'stacked'], [60, 12, 'stacked'], [119, 40, 'stacked'], [120, 24, 'wide'], [200, 60, 'wide'], [59, 24, 'single'], [80, 11, 'single'], [10, 5, 'single'],
	])('%dx%d is %s', (columns, rows, kind) => {
		expect(layoutOf(madeState({size: {columns, rows}})).kind).toBe(kind);
	});

	test('every size from 1x1 to 130x40 has exactly its rows and columns, in every pane, zoomed, with help, prompt and breakpoints', () => {
		const states: ReadonlyArray<Partial<State>> = [
			{}, {pane: 'diff'}, {pane: 'breakpoints'}, {pane: 'diff', isZoomed: true}, {help: 3}, {
				prompt: {
					kind: 'command', text: 'break', caret: 5, breakpoint: undefined, back: 0,
				},
			}, {breakpoints: [{breakpoint: breakpoint(1), steps: new Int32Array()}]}, {message: {text: 'said', isError: true}},
		];
		for (let columns = 1; columns <= 130; columns += 3) {
			for (let rows = 1; rows <= 40; rows++) {
				for (const parts of states) {
					const drawn = screenRows(withDocument(document({notes: ['why']}), {...parts, size: {columns, rows}}));
					expect(drawn.length, `${columns}x${rows}`).toBe(rows);
					expect(new Set(drawn.map(row => plainText(row).length)), `${columns}x${rows}`).toEqual(new Set([columns]));
				}
			}
		}
	});

	test('a window of three lines shows the cursor\'s row', () => {
		const state = madeState({cursor: 50, size: {columns: 40, rows: 3}});
		const rows = screenRows(state);
		expect(texts(rows)).toContainEqual(expect.stringContaining('>    50'));
	});
});

test.each([
	['deployments', 'apps', 'Deployment', 'deploy'],
	['pods', '', 'Pod', 'pod'],
	['pods', '', 'Status', 'pod'],
	['foos', 'samplecontroller.k8s.io', 'Foo', 'foo'],
	['policies', 'example.com', 'Policy', 'policy'],
	['widgets', 'example.com', undefined, 'widgets'],
	['widgets', 'example.com', 'Scale', 'widgets'],
	['deployments', 'other.example.com', 'Deployment', 'deployment'],
])('%s.%s with kind %s is called %s', (resource, group, objectKind, name) => {
	expect(shortResource({resource, group, objectKind})).toBe(name);
});

test('text is wrapped at words, long words are broken, and what does not fit ends with ~', () => {
	expect(wrap('one two three', 7, 5)).toEqual(['one two', 'three']);
	expect(wrap('abcdefghij', 4, 5)).toEqual(['abcd', 'efgh', 'ij']);
	expect(wrap('one two three four', 7, 2)).toEqual(['one two', 'three~']);
});
