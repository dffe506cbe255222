import {expect, test} from 'vitest';
import {grouped, seconds, shortDuration} from '../../../source/tui/render/time.js';

const ms = 1_000_000n;

test.each([
	[0n, '0.000'],
	[12_455n * ms, '12.455'],
	[12_455_999_999n, '12.455'],
	[86_400_000n * ms, '86400.000'],
])('%d ns since the start are %s s', (ns, text) => {
	expect(seconds(ns)).toBe(text);
});

test.each([
	[3_200_000n, '3.2'],
	[9_990_000n, '10'],
	[412n * ms, '412'],
	[999n * ms, '999'],
	[12_340n * ms, '12.3s'],
	[250_000n * ms, '4m10s'],
	[7_500_000n * ms, '2h05m'],
	[0n, '0.0'],
])('a duration of %d ns fits five characters as %s', (ns, text) => {
	expect(shortDuration(ns)).toBe(text);
	expect(text.length).toBeLessThanOrEqual(5);
});

test('large numbers are grouped', () => {
	expect(grouped(71_358)).toBe('71,358');
	expect(grouped(999)).toBe('999');
});
