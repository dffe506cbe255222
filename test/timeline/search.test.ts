import {expect, test} from 'vitest';
import {compileExpression} from '../../source/expression/compile-expression.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {createTimelineStore} from '../support/timeline-store.js';
import {encodeJson, madeOperation, storeSession} from './made-session.js';

const length = 6000;

/** Every operation reads the same object, those of `others` another one; each 1000th is refused. */
const openLong = async (others: readonly number[] = []): Promise<Timeline> => {
	const store = createTimelineStore();
	const operations = Array.from({length}, (_, index) => madeOperation(index + 1, {
		status: (index + 1) % 1000 === 0 ? 409 : 200, responseBody: others.includes(index + 1) ? 2 : 1, responseSize: 100, resource: 'pods', group: '', namespace: 'default', name: `p-${index % 10}`,
	}));
	await storeSession(store, 's', {operations, versions: [], bodies: [encodeJson({spec: {replicas: 3}}), encodeJson({spec: {replicas: 4}})]});
	return openTimeline(store);
};

const never = 'object.spec.replicas == 4';

test('a long scan reports how far it is, ends at the end, and lets the event loop turn', async () => {
	const timeline = await openLong();
	const progress: number[] = [];
	let turns = 0;
	const count = (): void => {
		turns++;
		counting = setImmediate(count);
	};

	let counting = setImmediate(count);
	const found = await timeline.nextMatch(0, 'forward', compileExpression(never), {
		onProgress(step) {
			progress.push(step);
		},
	});
	clearImmediate(counting);
	expect(found).toBeUndefined();
	expect(progress.at(-1)).toBe(length);
	expect(progress).toEqual(progress.toSorted((left, right) => left - right));
	expect(turns).toBeGreaterThan(length / 64);
});

test.each(['forward', 'backward'] as const)('an aborted scan rejects with the reason, going %s', async direction => {
	const timeline = await openLong();
	const controller = new AbortController();
	const reason = new Error('the person pressed Esc');
	let reports = 0;
	const search = timeline.nextMatch(direction === 'forward' ? 0 : length + 1, direction, compileExpression(never), {
		signal: controller.signal,
		onProgress() {
			reports++;
			controller.abort(reason);
		},
	});
	await expect(search).rejects.toBe(reason);
	expect(reports).toBe(1);
});

test('searches and breakpoints whose signal is aborted already do not begin', async () => {
	const timeline = await openLong();
	const reason = new Error('too late');
	const options = {signal: AbortSignal.abort(reason)};
	const breakpoint = await timeline.breakpoints.add({status: '409'});
	await expect(timeline.nextMatch(0, 'forward', compileExpression('status == 409'), options)).rejects.toBe(reason);
	await expect(timeline.matches(compileExpression('status == 409'), options)).rejects.toBe(reason);
	await expect(timeline.matches(compileExpression(never), options)).rejects.toBe(reason);
	await expect(timeline.breakpoints.resume(0, 'forward', options)).rejects.toBe(reason);
	await expect(timeline.breakpoints.steps(breakpoint, options)).rejects.toBe(reason);
});

test.each([1, 2, 63, 64, 65, 66, 1087, 1088, 1089, 1090, 2111, 2112, 2113, 2114])('a match %i steps away is found, wherever the pages of a scan meet', async distance => {
	const timeline = await openLong([3000]);
	const expression = compileExpression(never);
	expect(await timeline.nextMatch(3000 - distance, 'forward', expression)).toBe(3000);
	expect(await timeline.nextMatch(3000 + distance, 'backward', expression)).toBe(3000);
	expect([...await timeline.matches(expression)]).toEqual([3000]);
});

test('all matches of a long session are found, by columns and by bodies', async () => {
	const timeline = await openLong();
	const expected = [1000, 2000, 3000, 4000, 5000, 6000];
	expect([...await timeline.matches(compileExpression('status == 409'))]).toEqual(expected);
	expect([...await timeline.matches(compileExpression('status == 409 && object.spec.replicas == 3'))]).toEqual(expected);
	expect(await timeline.matches(compileExpression('object.spec.replicas == 3'))).toHaveLength(length);
});
