import {setTimeout as sleep} from 'node:timers/promises';
import {
	beforeAll,
	expect,
	test,
} from 'vitest';
import type {StepChange, Timeline} from '../../source/timeline/timeline-types.js';
import {until} from '../support/terminal.js';
import {openTui} from './open-tui.js';
import {openCapture} from './tui-session.js';

/** Bytes to the terminal per step at 80x24 (design: *Speed and size*). */
const cursorBudget = 600;
const diffBudget = 2048;

let timeline: Timeline;

beforeAll(async () => {
	timeline = await openCapture('sample-controller');
});

test('a step with its new diff stays within 2 KiB, wherever in the session', async () => {
	const tui = await openTui(timeline, {at: 1});
	for (let step = 2; step <= timeline.length; step++) {
		tui.terminal.takeBytes();
		await tui.press('j');
		expect(tui.terminal.takeBytes(), `step ${step}`).toBeLessThanOrEqual(diffBudget);
		expect(tui.state().cursor).toBe(step);
	}

	await tui.close();
});

test('moving the cursor in the list stays within 600 bytes while the diff is on its way', async () => {
	const waiting: Array<() => void> = [];
	const slow = Object.create(timeline) as Timeline;
	Object.defineProperty(slow, 'change', {
		async value(step: number): Promise<StepChange> {
			if (step > 30) {
				await new Promise<void>(resolve => {
					waiting.push(resolve);
				});
			}

			return timeline.change(step);
		},
	});
	const tui = await openTui(slow, {at: 30});
	const {terminal} = tui;
	const release = async (): Promise<void> => {
		for (const resolve of waiting.splice(0)) {
			resolve();
		}

		await tui.settle();
	};

	// Within the window: when the cursor leaves it, the list moves by half a page and is drawn anew.
	for (const step of [31, 32, 33]) {
		terminal.takeBytes();
		terminal.type('j');
		await until(() => tui.screen().includes(`>    ${step}`), tui.screen);
		const bytes = terminal.takeBytes();
		expect(bytes, `step ${step}`).toBeLessThanOrEqual(cursorBudget);
		expect(tui.state().diff.document?.step).toBe(step - 1);
		await release();
	}

	terminal.type('j');
	await until(() => tui.screen().includes('\n- step 34 ---'), tui.screen);
	expect(tui.screen()).toContain('\n  ...');
	await release();
	await tui.settle();
	expect(tui.state().diff.document?.step).toBe(34);
	await tui.close();
});

test('held-down j asks for few diffs: those it passes are never loaded', async () => {
	let asked = 0;
	const counting = Object.create(timeline) as Timeline;
	Object.defineProperty(counting, 'change', {
		async value(step: number): Promise<StepChange> {
			asked++;
			await sleep(5);
			return timeline.change(step);
		},
	});
	const tui = await openTui(counting, {at: 1});
	asked = 0;
	for (let packet = 0; packet < 10; packet++) {
		tui.terminal.type('jjjjj');
	}

	await tui.settle();
	expect(tui.state().cursor).toBe(51);
	expect(tui.state().diff.document?.step).toBe(51);
	expect(asked).toBeLessThan(10);
	await tui.close();
});

test('idle writes nothing', async () => {
	const tui = await openTui(timeline, {at: 56});
	await tui.press('bj');
	tui.terminal.takeBytes();
	await sleep(700);
	expect(tui.terminal.takeBytes()).toBe(0);
	await tui.close();
});

test('following a recording that does not grow writes nothing', async () => {
	const open = Object.create(timeline) as Timeline;
	Object.defineProperties(open, {
		session: {value: {...timeline.session, open: true}},
		refresh: {value: async () => undefined},
	});
	let version = 0;
	Object.defineProperty(open, 'store', {value: {...timeline.store, dataVersion: async () => ++version}});
	const tui = await openTui(open, {follow: true});
	expect(tui.state().cursor).toBe(timeline.length);
	expect(tui.row(0)).toContain('following');
	tui.terminal.takeBytes();
	await sleep(1200);
	expect(version).toBeGreaterThan(0);
	expect(tui.terminal.takeBytes()).toBe(0);
	await tui.close();
});
