import {expect, test} from 'vitest';
import {densityOf} from '../../scripts/assertion-density.js';

const lines = (count: number): string => 'a();\n'.repeat(count);

test('functions below ten lines are not counted, nor are the assertions outside longer ones', () => {
	expect(densityOf(`const f = (x: number): void => {\nassert(x > 0);\n${lines(6)}}`)).toEqual({functions: 0, assertions: 0});
	expect(densityOf(`const f = (x: number): void => {\nassert(x > 0);\n${lines(7)}}`)).toEqual({functions: 1, assertions: 1});
});

test('every method of assert counts, in closures too', () => {
	expect(densityOf(`function f(): void {\nassert.ok(a);\nassert.equal(a, b);\nconst g = () => { assert(c); };\n${lines(9)}}`))
		.toEqual({functions: 1, assertions: 3});
});

test('something else called assert-like does not count', () => {
	expect(densityOf(`function f(): void {\nexpect.assert(a);\nassertTrue(b);\n// assert(c)\n${lines(9)}}`)).toEqual({functions: 1, assertions: 0});
});

test('a file that cannot be parsed is an error, not a zero', () => {
	expect(() => densityOf('const = ;')).toThrow();
});
