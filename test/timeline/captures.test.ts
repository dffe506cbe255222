import fc from 'fast-check';
import {
	afterAll,
	beforeAll,
	describe,
	expect,
	test,
} from 'vitest';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {capturePath} from '../support/captures.js';
import {captureSession, type CapturedSession} from './captured-session.js';
import {walkStops} from './breakpoint-oracle.js';
import {
	expectSameStates,
	stateAt,
	statesBackwards,
	statesByJumps,
	statesBySteps,
} from './walk-states.js';

const close = async (timeline: Timeline): Promise<void> => timeline.store.close();

describe.each(['sample-controller', 'stale-cache-duplicates', 'must-gather-operator'])('%s', name => {
	const capture = capturePath(`${name}.har.gz`);
	if (capture === undefined) {
		test.skip(`the capture ${name} is not here`);
		return;
	}

	let session: CapturedSession;
	let timeline: Timeline;
	let expected: readonly string[];

	beforeAll(async () => {
		session = await captureSession(capture);
		timeline = await session.open();
		expected = await statesBySteps(timeline);
	});
	afterAll(async () => {
		await close(timeline);
		session.remove();
	});

	test('the state at every step is byte-identical by single steps, by a jump and by stepping back', async () => {
		expect(new Set(expected).size).toBeGreaterThan(5);
		const back = await session.open();
		expectSameStates(await statesBackwards(back), expected);
		await close(back);
		expectSameStates(await statesByJumps(async () => session.open(), close), expected);
	});

	test('one timeline asked in any order gives the same states', async () => {
		const anyWalk = fc.array(fc.nat(timeline.length), {minLength: 1, maxLength: 40});
		await fc.assert(fc.asyncProperty(anyWalk, async walk => {
			for (const step of walk) {
				await timeline.change(step);
				expect(await stateAt(timeline, step) === expected[step]).toBe(true);
			}
		}), {numRuns: 20});
	});

	test('the state differs from that of the step before only where the step says what it did', async () => {
		for (let step = 1; step <= timeline.length; step++) {
			const entered = await timeline.store.versionsEnteredAt(session.id, step, 10_000);
			const isChanged = expected[step] !== expected[step - 1];
			expect([step, isChanged && entered.length === 0]).toEqual([step, false]);
		}
	});

	test('every step says what it did, or why nothing', async () => {
		for (let step = 0; step <= timeline.length; step++) {
			const change = await timeline.change(step);
			if (change.type === 'changed') {
				expect([step, change.before === undefined && change.after === undefined]).toEqual([step, false]);
			} else if (change.type !== 'read') {
				expect([step, change.note]).toEqual([step, expect.stringMatching(/\S/v)]);
			}
		}
	});

	test('continue and reverse-continue stop at the same steps', async () => {
		const walker = await session.open();
		for (const pattern of [{verb: 'update'}, {verb: 'MODIFIED', condition: 'object.metadata.name.startsWith("f")'}, {status: '4xx'}, {condition: 'durationMs > 5.0'}]) {
			await walker.breakpoints.add(pattern);
		}

		const forward = await walkStops(walker, 'forward');
		const backward = await walkStops(walker, 'backward');
		expect(backward.toReversed()).toEqual(forward);
		const hits = new Set<number>();
		for (const breakpoint of await walker.breakpoints.list()) {
			for (const step of await walker.breakpoints.steps(breakpoint)) {
				hits.add(step);
			}
		}

		expect(forward.map(({step}) => step)).toEqual([...hits].toSorted((left, right) => left - right));
		await close(walker);
	});
});

const sample = capturePath('sample-controller.har.gz');

test.skipIf(sample === undefined)('foo-3-dep of the sample controller is at 9 replicas at one step, told to it by somebody outside, and back at 3 by its correction', async () => {
	const session = await captureSession(sample!);
	const timeline = await session.open();
	const place = {
		group: 'apps', resource: 'deployments', namespace: 'default', name: 'foo-3-dep',
	};
	const history = await timeline.history(place, 100);
	const replicas: unknown[] = [];
	for (const {step} of history) {
		const state = await timeline.objectAt(step, place);
		replicas.push((state!.object.spec as {replicas: unknown}).replicas);
	}

	const at = replicas.indexOf(9);
	expect(replicas.slice(at - 1, at + 2)).toEqual([3, 9, 3]);
	expect(replicas.filter(count => count === 9)).toHaveLength(1);
	const [wrong, corrected] = [history[at]!.step, history[at + 1]!.step];
	expect(await timeline.change(wrong)).toMatchObject({type: 'changed', place, note: 'by somebody outside this recording (field manager kubectl)'});
	expect(await timeline.operation(corrected)).toMatchObject({verb: 'update'});
	expect(await timeline.change(corrected)).toMatchObject({
		type: 'changed', before: {object: {spec: {replicas: 9}}}, after: {object: {spec: {replicas: 3}}}, note: undefined,
	});
	const told = await timeline.nextOnObject(corrected, 'forward');
	const event = await timeline.operation(told!);
	expect(await timeline.causeOf(event!)).toMatchObject({sequence: corrected});
	expect(await timeline.change(told!)).toMatchObject({before: {object: {spec: {replicas: 9}}}, after: {object: {spec: {replicas: 3}}}, note: expect.stringMatching(new RegExp(`^told now: happened at step ${corrected} `, 'v')) as unknown});
	await close(timeline);
	session.remove();
});
