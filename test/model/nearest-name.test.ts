import {expect, test} from 'vitest';
import {nearestName} from '../../source/model/nearest-name.js';

const commands = ['analyze', 'compare', 'diff', 'export', 'get', 'import', 'record', 'replay', 'sessions', 'slice', 'tui', 'verify'];

test.each([
	['improt', 'import'],
	['sesions', 'sessions'],
	['session', 'sessions'],
	['anaylze', 'analyze'],
	['ge', 'get'],
	['tiu', 'tui'],
	['REPLAY', 'replay'],
	['dif', 'diff'],
	['rec', 'record'],
])('%s is answered with %s', (typed, meant) => {
	expect(nearestName(typed, commands)).toBe(meant);
});

test.each(['', 'xyzzy', 'kubernetes', 'a'.repeat(1000)])('nothing is near %j', typed => {
	expect(nearestName(typed, commands)).toBeUndefined();
});

test('of two equally near names the first is given', () => {
	expect(nearestName('bat', ['cat', 'bar'])).toBe('cat');
	expect(nearestName('x', [])).toBeUndefined();
});
