import {
	afterAll,
	beforeAll,
	describe,
	expect,
	test,
} from 'vitest';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {clipboardTexts, controlSequences} from './escapes.js';
import {openTui, type OpenTui} from './open-tui.js';
import {openCapture} from './tui-session.js';

let timeline: Timeline;
let tui: OpenTui;

const listLines = (): readonly string[] => tui.terminal.rows().slice(2, 2 + 6);
const cursorLine = (): string => tui.terminal.rows().find(line => line.startsWith('>')) ?? '';
const statusLine = (): string => tui.terminal.rows().at(-1) ?? '';

beforeAll(async () => {
	timeline = await openCapture('sample-controller');
	tui = await openTui(timeline, {at: 56});
});

afterAll(async () => {
	await tui.close();
});

describe('the correction of foo-3-dep, at 80x24', () => {
	test('the header says which session, which step, when, and how many errors', () => {
		expect(tui.row(0)).toMatch(/^kubestep {2}sample-controller\s+step 56 of 135 {2}12\.455 s {2}0 breaks {2}2 errors\s*$/v);
	});

	test('the list has one line a step; the cursor\'s is marked in text and inverse', () => {
		expect(cursorLine()).toMatch(/^> {4}56 {2}12\.455 sample-controller update {5}deploy foo-3-dep\s+200 {3}3\.2$/v);
		const row = tui.terminal.rows().indexOf(cursorLine());
		expect(tui.terminal.isInverse(row, 10)).toBe(true);
		expect(tui.terminal.isInverse(row + 1, 10)).toBe(false);
		expect(tui.screen()).toMatch(/57 {2}12\.458 <- told {11}MODIFIED {3}deploy foo-3-dep\s+by 56/v);
		expect(tui.screen()).toMatch(/update = {3}foo foo-3 \/status/v);
	});

	test('the diff shows the object in place with the changed field marked and what set it before', () => {
		expect(tui.screen()).toContain('- deployments.apps default/foo-3-dep -------------- rv 243 > 244 -- gen 2 > 3 --');
		expect(tui.screen()).toContain('-   replicas: 9   <- set at 55, outside this recording\n+   replicas: 3\n    revisionHistoryLimit: 10');
	});

	test('b marks this step, fills the panel and says so; b again takes it back', async () => {
		await tui.press('b');
		expect(cursorLine()).toMatch(/^>\* {3}56/v);
		expect(tui.screen()).toMatch(/>\* {4}1 {2}update deployments\.apps default\/foo-3-dep\s+hit 1 of 1/v);
		expect(statusLine()).toContain('breakpoint 1: update deployments.apps default/foo-3-dep');
		expect(tui.row(0)).toContain('1 break ');
		await tui.press('b');
		expect(cursorLine()).toMatch(/^> {4}56/v);
		expect(statusLine()).toContain('breakpoint 1 removed');
	});
});

describe('going somewhere', () => {
	test('10j in one packet goes ten steps; so do ten j', async () => {
		await tui.press('56g10j');
		expect(tui.state().cursor).toBe(66);
		await tui.press('56gjjjjjjjjjj');
		expect(tui.state().cursor).toBe(66);
	});

	test('c and C go to breakpoints, with counts, and say when there is none', async () => {
		await tui.press('56gb1gc');
		expect(cursorLine()).toMatch(/^>\* {3}56/v);
		await tui.press('c');
		expect(statusLine()).toContain('no breakpoint holds after step 56');
		await tui.press('GC');
		expect(tui.state().cursor).toBe(56);
		await tui.press('b');
		await tui.press('1g:break status == 409<Enter>cC');
		expect(statusLine()).toContain('no breakpoint holds before');
		expect(tui.state().operations.get(tui.state().cursor)?.status).toBe(409);
		await tui.press('Bdq');
	});

	test('keys behind a task wait for it: cj is the step after the breakpoint', async () => {
		await tui.press('56gb1gcj');
		expect(tui.state().cursor).toBe(57);
		await tui.press('56gb');
	});

	test('e finds what was refused, o what happened to the same object', async () => {
		await tui.press('1ge');
		expect(cursorLine()).toContain('!');
		await tui.press('56go');
		expect(tui.state().operations.get(tui.state().cursor)?.name).toBe('foo-3-dep');
		await tui.press('O');
		expect(tui.state().cursor).toBe(56);
	});

	test('a search goes to the next match, n and N on and back; a miss says so', async () => {
		await tui.press('1g/FOO-4-dep<Enter>');
		expect(statusLine()).toContain('"FOO-4-dep" not found after step 1');
		await tui.press('/foo-4-dep<Enter>');
		const first = tui.state().cursor;
		expect(tui.state().operations.get(first)?.name).toBe('foo-4-dep');
		await tui.press('n');
		expect(tui.state().cursor).toBeGreaterThan(first);
		await tui.press('N');
		expect(tui.state().cursor).toBe(first);
	});

	test('a filter leaves the steps that match, stepping honours it, and an empty one shows all', async () => {
		await tui.press('1g&verb == "create"<Enter>');
		expect(tui.state().view?.source).toBe('verb == "create"');
		expect(listLines().filter(line => line.includes('create')).length).toBeGreaterThan(3);
		expect(listLines().every(line => !line.includes('MODIFIED'))).toBe(true);
		expect(statusLine()).toContain('16 of 135 steps match');
		await tui.press('jj');
		expect(cursorLine()).toContain('create');
		expect(statusLine()).toContain('& verb == "create"');
		expect(tui.row(0)).toContain('3/16 shown');
		await tui.press('&<Enter>');
		expect(tui.state().view).toBeUndefined();
	});

	test('an expression that does not compile says where, and changes nothing', async () => {
		await tui.press('&verb === 3<Enter>');
		expect(tui.state().view).toBeUndefined();
		expect(tui.state().message?.isError).toBe(true);
		await tui.press(':break nosuch == 1<Enter>');
		expect(tui.state().message?.isError).toBe(true);
		expect(tui.state().breakpoints).toHaveLength(0);
	});

	test('marks come back', async () => {
		await tui.press('56gma10g\'a');
		expect(tui.state().cursor).toBe(56);
		await tui.press('\'\'');
		expect(tui.state().cursor).toBe(10);
	});

	test('the command line takes steps, times and names', async () => {
		await tui.press(':20<Enter>');
		expect(tui.state().cursor).toBe(20);
		await tui.press(':12.455s<Enter>');
		expect(tui.state().cursor).toBeGreaterThanOrEqual(55);
		expect(tui.state().cursor).toBeLessThanOrEqual(57);
		await tui.press(':nxt<Enter>');
		expect(statusLine()).toContain('did you mean :next?');
	});
});

describe('looking', () => {
	test('J and K scroll the diff without moving in time', async () => {
		await tui.press('56g');
		const before = tui.state().diff.scroll;
		await tui.press('3J');
		expect(tui.state()).toMatchObject({cursor: 56, diff: {scroll: before + 3}});
		await tui.press('3K');
		expect(tui.state().diff.scroll).toBe(before);
	});

	test('z unfolds managedFields on the whole screen, and gives the place back', async () => {
		await tui.press('56g<Tab>z500K');
		expect(tui.state().diff.document?.lines.some(({text}) => text.includes('managedFields:') && !text.includes('entries'))).toBe(true);
		expect(tui.screen()).not.toContain('operation  object');
		await tui.press('z<S-Tab>');
		expect(tui.state().diff.document?.lines.some(({text}) => text.includes('1 entry (Tab z to unfold)'))).toBe(true);
	});

	test('d shows the whole object, without marks', async () => {
		await tui.press('56gd');
		expect(tui.screen()).toContain('(whole)');
		expect(tui.state().diff.document?.lines.every(({mark}) => mark === ' ')).toBe(true);
		await tui.press('d');
	});

	test('? shows the keys, scrolls, and q closes it', async () => {
		await tui.press('?');
		expect(tui.screen()).toContain('step forward, with a count: 10j');
		await tui.press('<Space>');
		expect(tui.screen()).not.toContain('step forward, with a count: 10j');
		await tui.press('q');
		expect(tui.screen()).toContain('foo-3-dep');
		expect(tui.isClosed()).toBe(false);
	});

	test('a count shows at the right of the status line while it is typed', async () => {
		await tui.press('12');
		expect(statusLine()).toMatch(/12\s*$/v);
		await tui.press('<Esc>');
		expect(statusLine().trim()).toBe('');
	});

	test('Y copies a command through the terminal\'s clipboard', async () => {
		await tui.press('56gY');
		const text = clipboardTexts(tui.copied.join('')).at(-1);
		expect(text).toBe('kubectl replace --raw \'/apis/apps/v1/namespaces/default/deployments/foo-3-dep?fieldManager=sample-controller\' -f object.json');
		expect(statusLine()).toContain('copied: kubectl replace');
	});

	test('^L draws the whole screen anew', async () => {
		const before = tui.screen();
		tui.terminal.stdout.write('\u{1B}[5;5Hgarbage from another program');
		await tui.press('<^L>');
		expect(tui.screen().split('\n').slice(0, -1)).toEqual(before.split('\n').slice(0, -1));
	});
});

describe('the window', () => {
	test('a wide one has the diff beside the list, and the object\'s history below', async () => {
		await tui.press('56gb');
		await tui.resize(200, 60);
		const rows = tui.terminal.rows();
		expect(rows[1]).toMatch(/step .* namespace .*\| - deployments\.apps default\/foo-3-dep/v);
		expect(tui.screen()).toMatch(/history of deployments\.apps default\/foo-3-dep/v);
		expect(tui.screen()).toMatch(/> {6}56 {2}rv 244 {6}gen 3 {6}12\.455 update {5}sample-controller/v);
		expect(tui.screen()).toMatch(/\* {4}\d {2}update deployments\.apps default\/foo-3-dep\s+hit 1 of 1 {2}\|/v);
		await tui.press('b');
	});

	test('a small one has the list alone, and Tab shows the diff', async () => {
		await tui.press('56g');
		await tui.resize(50, 10);
		expect(tui.screen()).toContain('foo-3-dep');
		expect(tui.screen()).not.toContain('replicas');
		await tui.press('<Tab>');
		expect(tui.screen()).toContain('replicas: 3');
		await tui.press('<S-Tab>');
		await tui.resize(80, 24);
		expect(tui.screen()).toContain('replicas: 3');
	});
});

describe('looks', () => {
	test('without colours the marks and the inverse cursor stay; a dumb terminal gets text alone', async () => {
		for (const [theme, pattern] of [['mono', /^3[0-7]m/v], ['none', /^\d+m/v]] as const) {
			const plain = await openTui(timeline, {at: 56, theme});
			expect(controlSequences(plain.terminal.written).filter(sequence => pattern.test(sequence))).toEqual([]);
			expect(plain.screen()).toContain('\n>    56');
			expect(plain.screen()).toContain('\n-   replicas: 9');
			await plain.close();
		}
	});

	test('leaving restores the terminal: main screen, cursor, cooked keys', async () => {
		const other = await openTui(timeline, {at: 56});
		expect(other.terminal.isAlternate).toBe(true);
		expect(other.terminal.isRaw).toBe(true);
		await other.press('q');
		expect(other.isClosed()).toBe(true);
		expect(other.terminal.isAlternate).toBe(false);
		expect(other.terminal.isRaw).toBe(false);
		expect(other.terminal.written).toContain('\u{1B}[?25h');
	});
});
