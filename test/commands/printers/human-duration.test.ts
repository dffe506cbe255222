import {expect, test} from 'vitest';
import {ageAt, humanDuration} from '../../../source/commands/printers/human-duration.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

// The table of apimachinery's TestHumanDuration.
test.each([
	[second, '1s'],
	[70 * second, '70s'],
	[190 * second, '3m10s'],
	[70 * minute, '70m'],
	[47 * hour, '47h'],
	[49 * hour, '2d1h'],
	[(8 * day) + (2 * hour), '8d'],
	[367 * day, '367d'],
	[(2 * year) + (25 * day), '2y25d'],
	[(8 * year) + (2 * day), '8y'],
	[-2 * second, '<invalid>'],
	[-second, '0s'],
	[0, '0s'],
	[2 * minute, '2m'],
	[10 * minute, '10m'],
	[(3 * hour) - second, '179m'],
	[3 * hour, '3h'],
	[(7 * hour) + (59 * minute), '7h59m'],
	[8 * hour, '8h'],
	[2 * day, '2d'],
	[2 * year, '2y'],
])('%d ms is %s', (milliseconds, text) => {
	expect(humanDuration(milliseconds)).toBe(text);
});

test('an age counts to the moment asked for', () => {
	expect(ageAt('2026-11-23T10:00:00Z', Date.parse('2026-11-23T10:03:10Z'))).toBe('3m10s');
	expect(ageAt(undefined, 0)).toBe('<unknown>');
	expect(ageAt('yesterday', 0)).toBe('<unknown>');
});
