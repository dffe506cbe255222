import {setTimeout as sleep} from 'node:timers/promises';
import {
	beforeAll,
	expect,
	test,
} from 'vitest';
import type {Breakpoints, SearchOptions, Timeline} from '../../source/timeline/timeline-types.js';
import {until} from '../support/terminal.js';
import {openTui} from './open-tui.js';
import {openCapture} from './tui-session.js';

let timeline: Timeline;

beforeAll(async () => {
	timeline = await openCapture('sample-controller');
});

/** The same session, whose continue scans until it is aborted, telling how far it is. */
const endless = (): Timeline => {
	const slow = Object.create(timeline) as Timeline;
	const resume: Breakpoints['resume'] = async (_step, _direction, {signal, onProgress}: SearchOptions = {}) => {
		for (let step = 1; step < 1000; step++) {
			signal?.throwIfAborted();
			onProgress?.(step);
			await sleep(5);
		}

		return undefined;
	};

	Object.defineProperty(slow, 'breakpoints', {value: {...timeline.breakpoints, resume}});
	return slow;
};

test('a long scan shows how far it is and how to stop it; Esc stops it, and the debugger goes on', async () => {
	const tui = await openTui(endless(), {at: 56});
	const status = (): string => tui.row(23);
	await tui.press('b');
	tui.terminal.type('c');
	await until(() => /continuing\.\.\. \d+ of 135 \(Esc stops\)/v.test(status()), status);
	tui.terminal.type('jj');
	await until(() => status().includes('2 keys waiting'), status);
	tui.terminal.type('\u{1B}');
	await until(() => status().includes('stopped at step'), status);
	await tui.settle();
	expect(tui.state().cursor).toBe(56);
	await tui.press('j');
	expect(tui.state().cursor).toBe(57);
	await tui.press('kb');
	await tui.close();
});

test('^C stops a scan, and quits when there is none; q stops it and quits', async () => {
	const tui = await openTui(endless(), {at: 56});
	await tui.press('b');
	tui.terminal.type('c');
	await until(() => tui.state().task !== undefined, tui.screen);
	tui.terminal.type('\u{3}');
	await until(() => tui.state().message?.text.startsWith('stopped') === true, tui.screen);
	expect(tui.isClosed()).toBe(false);
	await tui.press('b');
	tui.terminal.type('c');
	await until(() => tui.state().task !== undefined || tui.state().message !== undefined, tui.screen);
	tui.terminal.type('\u{3}');
	await until(() => tui.isClosed(), tui.screen);
	await tui.close();
});

test('a page that fails to load says so and is not asked for again and again', async () => {
	let asked = 0;
	const broken = Object.create(timeline) as Timeline;
	Object.defineProperty(broken, 'operations', {
		async value() {
			asked++;
			throw new Error('page 3 is damaged');
		},
	});
	const tui = await openTui(broken, {at: 56});
	expect(tui.row(23)).toContain('page 3 is damaged');
	expect(tui.screen()).toContain('>    56  ...');
	await sleep(50);
	expect(asked).toBeLessThan(4);
	await tui.close();
});

test('a step that cannot be shown says why in its place, and the next one is shown', async () => {
	const broken = Object.create(timeline) as Timeline;
	Object.defineProperty(broken, 'change', {
		async value(step: number) {
			if (step === 56) {
				throw new Error('body 12 is damaged');
			}

			return timeline.change(step);
		},
	});
	const tui = await openTui(broken, {at: 56});
	expect(tui.screen()).toContain('cannot show this step: body 12 is damaged');
	await tui.press('j');
	expect(tui.screen()).toContain('replicas: 3');
	await tui.close();
});

test('a recording that grows is followed from its end, and left alone elsewhere', async () => {
	const growing = Object.create(timeline) as Timeline;
	let length = 100;
	let version = 0;
	let isOpen = true;
	const session = () => ({...timeline.session, open: isOpen, operations: length});
	Object.defineProperties(growing, {
		length: {get: () => length},
		session: {get: session},
		refresh: {value: async () => undefined},
		store: {value: {...timeline.store, dataVersion: async () => version}},
	});
	const tui = await openTui(growing, {follow: true});
	expect(tui.state().cursor).toBe(100);
	await sleep(600);
	length = 110;
	version = 1;
	await until(() => tui.state().cursor === 110, tui.screen);
	await tui.press('g');
	length = 120;
	version = 2;
	await until(() => tui.state().length === 120, tui.screen);
	expect(tui.state().cursor).toBe(1);
	await tui.settle();
	expect(tui.row(0)).toContain('of 120');
	isOpen = false;
	version = 3;
	await until(() => tui.screen().includes('the recording has ended'), tui.screen);
	expect(tui.state().isFollowing).toBe(false);
	await tui.close();
});

test('breakpoints of the panel are enabled, edited, deleted, and continue skips disabled ones', async () => {
	const tui = await openTui(timeline, {at: 56});
	await tui.press('bB<Space>');
	expect(tui.screen()).toMatch(/>o +\d+ {2}update deployments\.apps default\/foo-3-dep +1 off/v);
	await tui.press('q1gc');
	expect(tui.row(23)).toContain('no enabled breakpoint');
	await tui.press('B<Space>estatus == 409<Enter>');
	expect(tui.screen()).toMatch(/foo-3-dep if status.*0 hits/v);
	await tui.press('enonsense(<Enter>');
	expect(tui.state().message?.isError).toBe(true);
	expect(tui.state().breakpoints[0]?.breakpoint.pattern.condition).toBe('status == 409');
	await tui.press('dq');
	expect(tui.state().breakpoints).toEqual([]);
	expect(tui.isClosed()).toBe(false);
	await tui.close();
});
