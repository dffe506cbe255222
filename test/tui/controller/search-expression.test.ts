import fc from 'fast-check';
import {expect, test} from 'vitest';
import {matchesFilter} from '../../../source/expression/evaluate-filter.js';
import {searchExpression} from '../../../source/tui/controller/search-expression.js';
import {operation} from '../made-operation.js';

const made = operation({
	verb: 'update', name: 'foo-3-dep', status: 409, reason: 'Conflict', message: 'Operation cannot be fulfilled on "foo-3-dep"', actor: 'Sample-Controller', subresource: 'status',
});

test.each([
	['foo-3', true],
	['FOO-3', false],
	['conflict', true],
	['Conflict', true],
	['cONFLICT', false],
	['default/foo', true],
	['deployments.apps default', true],
	['sample', true],
	['cannot be', true],
	['status', true],
	['bar', false],
	['update deployments', true],
	['.', true],
	['(', false],
])('searching %j finds it: %s', (text, isFound) => {
	expect(searchExpression(text).test(made)).toBe(isFound);
});

test('verbs of events are found in any case', () => {
	const told = operation({kind: 'event', verb: 'MODIFIED'});
	expect(searchExpression('modified').test(told)).toBe(true);
	expect(searchExpression('Modified').test(told)).toBe(false);
});

test('what the columns rule out would never have matched', () => {
	const word = fc.constantFrom('foo', 'Foo', 'BAR', 'conflict', 'a.b/c', 'system:Node', 'Ärger', 'x', '');
	const lowerWord = word.map(text => text.toLowerCase());
	const verb = fc.constantFrom('get', 'ADDED');
	const parts = fc.record({
		name: word, reason: word, message: word, actor: word, namespace: lowerWord, subresource: lowerWord, verb,
	});
	const searched = fc.constantFrom('f', 'foo', 'Foo', 'o b', 'added', 'get', 'ä', 'node', 'default/f', 'b/c', 'CONF', 'apps', 'tem:n', '/', '  ');
	fc.assert(fc.property(parts, searched, (given, text) => {
		const candidate = operation(given);
		const {filter, test: isMatch} = searchExpression(text);
		expect(!isMatch(candidate) || matchesFilter(filter, candidate)).toBe(true);
	}), {numRuns: 2000});
});
