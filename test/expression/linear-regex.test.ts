import fc from 'fast-check';
import {expect, test} from 'vitest';
import {compileExpression} from '../../source/expression/compile-expression.js';
import {compileRegex} from '../../source/expression/linear-regex.js';
import {operationWith} from './arbitrary-operation.js';

/** Pieces whose meaning RE2 and JavaScript share; JavaScript's engine is the oracle. */
const atoms = fc.constantFrom('a', 'b', 'ab', '.', '[ab]', '[^a]', '[a-c]', String.raw`\d`, String.raw`\w`, String.raw`\.`, '^', '$', String.raw`\b`, '(?:a|b)', '(a)', '😀', '-', 'A');
const quantifiers = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?');
const assertions = new Set(['^', '$', String.raw`\b`]);
const quantified = fc.tuple(atoms, quantifiers).map(([atom, quantifier]) => assertions.has(atom) ? atom : atom + quantifier);
const patterns = fc.letrec<{pattern: string}>(tie => ({
	pattern: fc.oneof(
		{maxDepth: 3, withCrossShrink: true},
		fc.array(quantified, {maxLength: 4}).map(parts => parts.join('')),
		fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `${left}|${right}`),
		fc.tuple(tie('pattern'), quantifiers).map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
		fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(${left})${right}`),
	),
})).pattern;
const subjects = fc.string({unit: fc.constantFrom('a', 'b', 'c', 'A', '1', '.', '-', ' ', '😀', '\n'), maxLength: 8});

test('a pattern finds what JavaScript\'s engine finds', () => {
	fc.assert(fc.property(patterns, fc.array(subjects, {minLength: 1, maxLength: 5}), (pattern, texts) => {
		const linear = compileRegex(pattern);
		const oracle = new RegExp(pattern, 'u'); // eslint-disable-line require-unicode-regexp -- RE2 has no sets
		for (const text of texts) {
			expect(linear.test(text), `${pattern} on ${JSON.stringify(text)}`).toBe(oracle.test(text));
		}
	}), {numRuns: 3000});
});

test.each([
	['(?i)conflict', 'CONFLICT'],
	['(?i:web)-[A-Z]', 'WEB-X'],
	['^web-(?:0|[1-9][0-9]*)$', 'web-17'],
	['(?P<name>a+)b', 'aab'],
	['(?m)^second$', 'first\nsecond'],
	['(?s)a.b', 'a\nb'],
	[String.raw`\Aabc\z`, 'abc'],
	['[[:digit:]]{3}', 'x409'],
	['[^[:space:]]', 'x'],
	[String.raw`\x41\x{1F600}`, 'A😀'],
	['[]a]', ']'],
	['[a-]', '-'],
	['a{,2}', 'a{,2}'],
	['', ''],
	['|a', 'zzz'],
	['(|a)+b', 'aab'],
])('%s matches %j', (pattern, text) => {
	expect(compileRegex(pattern).test(text)).toBe(true);
});

test.each([
	['(?i)conflict', 'conflic'],
	['^web$', 'a\nweb'],
	['a.b', 'a\nb'],
	['[[:alpha:]]', '1'],
	['(?-i)web', 'WEB'],
])('%s does not match %j', (pattern, text) => {
	expect(compileRegex(pattern).test(text)).toBe(false);
});

test.each([
	'(',
	')',
	'a)',
	'[a',
	'*',
	'a**',
	'(?=a)',
	'(?<!a)',
	String.raw`(a)\1`,
	String.raw`\p{L}`,
	'a{3,1}',
	'a{2000}',
	'((((a{99}){99}){99}){99})',
	'[z-a]',
	'\\',
	'a'.repeat(2000),
	'(?z)a',
	String.raw`\x{110000}`,
])('%s is refused', pattern => {
	expect(() => compileRegex(pattern)).toThrow(/^it /v);
});

test('patterns that make a backtracking engine hang are answered at once', () => {
	const text = `${'a'.repeat(20_000)}!`;
	for (const pattern of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '(.*a){12}$', 'a*a*a*a*a*b']) {
		expect(compileExpression(`message.matches("${pattern}")`).test(operationWith({message: text}))).toBe(false);
	}
});

test('a pattern that is wrong is refused when the condition is compiled; one that a body brings does not match', () => {
	expect(() => compileExpression('name.matches("a(")')).toThrow('the pattern of matches is not one: it lacks a closing parenthesis');
	const compiled = compileExpression('name.matches(object.pattern)');
	expect(compiled.test(operationWith({name: 'web'}), {object: {pattern: 'w.b'}})).toBe(true);
	expect(compiled.test(operationWith({name: 'web'}), {object: {pattern: '('}})).toBe(false);
});
