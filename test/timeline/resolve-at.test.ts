import {expect, test} from 'vitest';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {createTimelineStore} from '../support/timeline-store.js';
import {madeOperation, storeSession} from './made-session.js';

/** 200 steps, half a second apart; steps 40 and 90 failed. */
const openSession = async (failed: readonly number[] = [40, 90]): Promise<Timeline> => {
	const store = createTimelineStore();
	const operations = Array.from({length: 200}, (_, index) =>
		madeOperation(index + 1, {arrivedAt: BigInt(index) * 500_000_000n, status: failed.includes(index + 1) ? 409 : 200}));
	await storeSession(store, 's', {operations, versions: [], bodies: []}, {durationNs: 100_000_000_000n});
	return openTimeline(store);
};

test.each([
	['0', 0],
	['5', 5],
	['200', 200],
	['end', 200],
	['0%', 0],
	['50%', 100],
	['12.5%', 25],
	['100%', 200],
	['first-error', 40],
	['0s', 1],
	['499ms', 1],
	['500ms', 2],
	['12.5s', 26],
	['1m2s', 125],
	['0.5m', 61],
	['100s', 200],
	['1500000us', 4],
	['1m0.25s500ms', 122],
	[' 7 ', 7],
])('--at %s is step %i', async (at, step) => {
	const timeline = await openSession();
	expect(await timeline.resolveAt(at)).toBe(step);
});

test.each(['', 'later', '-1', '1.5', '5s3', 's', '50%%', 'finding:1', '1e3', '٣', `1${'0'.repeat(100)}`])('--at %j is refused, and the error says what is accepted', async at => {
	const timeline = await openSession();
	await expect(timeline.resolveAt(at)).rejects.toMatchObject({exitCode: 2, message: expect.stringMatching(/step.*50%.*end.*first-error.*12\.5s/v) as unknown});
});

test.each([['201', /0 to 200/v], ['101%', /0% to 100%/v], ['101s', /0s to 100s/v], ['1h', /0s to 100s/v]])('--at %s is out of range, and the error names the range', async (at, range) => {
	const timeline = await openSession();
	await expect(timeline.resolveAt(at)).rejects.toMatchObject({exitCode: 2, message: expect.stringMatching(range) as unknown});
});

test('--at first-error is refused where nothing failed', async () => {
	const timeline = await openSession([]);
	await expect(timeline.resolveAt('first-error')).rejects.toMatchObject({exitCode: 2, message: expect.stringMatching(/no operation/v) as unknown});
});

test('the only step of an empty session is 0', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', {operations: [], versions: [], bodies: []});
	const timeline = await openTimeline(store);
	expect(await Promise.all(['0', 'end', '50%', '0s'].map(async at => timeline.resolveAt(at)))).toEqual([0, 0, 0, 0]);
	expect(await timeline.change(0)).toMatchObject({type: 'nothing'});
});
