import {expect, test} from 'vitest';
import {progressMeter, progressText} from '../../source/commands/progress-line.js';
import {sessionName} from '../../source/commands/session-name.js';

const mebibyte = 1024 * 1024;

test('progress shows the share, the rate and the time left', () => {
	expect(progressText('x', {phase: 'reading', done: 5 * mebibyte, total: 20 * mebibyte}, 2000)).toBe('x: reading 25 % of 20.0 MiB, 2.5 MiB/s, 6 s left');
	expect(progressText('x', {phase: 'reading', done: mebibyte, total: 200 * mebibyte}, 1000)).toBe('x: reading 0 % of 200.0 MiB, 1.0 MiB/s, 3 min 19 s left');
	expect(progressText('x', {phase: 'reading', done: 0, total: 20 * mebibyte}, 2000)).toBe('x: reading 0 % of 20.0 MiB, 0.0 MiB/s');
});

test('operations are counted one by one once the input is read', () => {
	expect(progressText('x', {phase: 'writing', done: 500, total: 2000}, 1000)).toBe('x: writing 25 % of 2000, 500/s, 3 s left');
});

test('progress of an unknown whole shows what came and how fast', () => {
	expect(progressText('stdin', {phase: 'reading', done: 3 * mebibyte, total: undefined}, 1500)).toBe('stdin: reading 3.0 MiB, 2.0 MiB/s');
});

test('nothing is shown in the first second, and five lines a second after it', () => {
	let time = 0;
	const meter = progressMeter('x', () => time);
	const shown: number[] = [];
	for (time = 0; time < 2000; time += 50) {
		if (meter({phase: 'reading', done: time, total: 2000}) !== undefined) {
			shown.push(time);
		}
	}

	expect(shown).toEqual([1000, 1200, 1400, 1600, 1800]);
});

test.each([
	['/a/b/sample-controller.har.gz', 'sample-controller'],
	['sample-controller.audit.jsonl.gz', 'sample-controller.audit'],
	['audit.log', 'audit'],
	['old.db', 'old'],
	['plain', 'plain'],
	['.har', '.har'],
	['-', 'stdin'],
	['a#b\u{1B}.har', 'a_b_'],
])('%s becomes session %s', (file, name) => {
	expect(sessionName(file)).toBe(name);
});
