import {expect, test} from 'vitest';
import {plainFrame} from '../../source/tui/plain-frame.js';
import {openCapture} from './tui-session.js';

test('a plain frame shows the step, its list and its diff, without escapes, in the rows asked for', async () => {
	const frame = await plainFrame(await openCapture('sample-controller'), {at: 56, columns: 80, rows: 24});
	const lines = frame.split('\n');
	expect(lines.length).toBeLessThanOrEqual(25);
	expect(frame).not.toContain('\u{1B}');
	expect(frame).toContain('step 56 of 135');
	expect(frame).toMatch(/^> {4}56 {2}12\.455 sample-controller update/mv);
	expect(frame).toContain('\n-   replicas: 9   <- set at 55, outside this recording\n+   replicas: 3\n');
	expect(frame).not.toContain('q quit');
	expect(lines.every(line => line.length <= 80)).toBe(true);
});

test('it is the same every time, and complete at any size', async () => {
	const timeline = await openCapture('stale-cache-duplicates');
	for (const [columns, rows] of [[80, 24], [200, 60], [40, 10], [1, 1]] as const) {
		const first = await plainFrame(timeline, {at: 10, columns, rows});
		expect(await plainFrame(timeline, {at: 10, columns, rows})).toBe(first);
		expect(first).not.toContain(' ...\n');
		expect(first.split('\n').length).toBeLessThanOrEqual(Math.max(rows, 1) + 1);
	}
});

test('without a step it begins at the first operation', async () => {
	expect(await plainFrame(await openCapture('stale-cache-duplicates'), {columns: 80, rows: 24})).toContain('step 1 of 38');
});
