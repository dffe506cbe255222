import fc from 'fast-check';
import {expect, test} from 'vitest';
import {compileExpression} from '../../source/expression/compile-expression.js';
import {matchesFilter} from '../../source/expression/evaluate-filter.js';
import {integers, operations, texts} from './arbitrary-operation.js';

const textName = fc.constantFrom('verb', 'namespace', 'name', 'group', 'resource', 'path', 'userAgent', 'actor', 'reason', 'message', 'kind', 'end');
const intName = fc.constantFrom('status', 'generation', 'cause', 'responseSize', 'sequence', 'step');
const boolName = fc.constantFrom('error', 'noise', 'noop', 'redacted', 'dryRun', 'force');
const text = fc.constantFrom(...texts, 'get', 'update', 'ADDED', 'request').map(value => JSON.stringify(value));
const integer = fc.constantFrom(...integers).map(String);
const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const seconds = fc.constantFrom('0.0', '1.0', '0.999999999', '1.5', '12.5', '1.0000000005', '-1.0');
const durations = fc.constantFrom('0s', '1s', '1500ms', '1ns', '-1ns', '12.5s').map(value => `duration("${value}")`);

const columnTests = fc.oneof(
	fc.tuple(textName, fc.constantFrom('==', '!='), text).map(parts => parts.join(' ')),
	fc.tuple(text, fc.constantFrom('==', '!='), textName).map(parts => parts.join(' ')),
	fc.tuple(textName, fc.array(text, {maxLength: 3})).map(([name, values]) => `${name} in [${values.join(', ')}]`),
	fc.tuple(textName, fc.constantFrom('startsWith', 'endsWith', 'contains'), text).map(([name, call, value]) => `${name}.${call}(${value})`),
	fc.tuple(intName, comparison, integer).map(parts => parts.join(' ')),
	fc.tuple(integer, comparison, intName).map(parts => parts.join(' ')),
	fc.tuple(intName, fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom('0.5', '200.0', '408.9')).map(parts => parts.join(' ')),
	fc.tuple(intName, fc.array(integer, {maxLength: 3})).map(([name, values]) => `${name} in [${values.join(', ')}]`),
	fc.tuple(fc.constantFrom('time', 'durationMs'), comparison, seconds).map(parts => parts.join(' ')),
	fc.tuple(fc.constant('duration'), comparison, durations).map(parts => parts.join(' ')),
	boolName,
	fc.tuple(boolName, fc.constantFrom('==', '!='), fc.constantFrom('true', 'false')).map(parts => parts.join(' ')),
	fc.constantFrom('true', 'false'),
);

/** Conditions that columns cannot answer, some of which fail on every row, or on some. */
const rowTests = fc.constantFrom(
	'object.spec.replicas == 3',
	'"spec.replicas" in changed',
	'changed[0] == "status"',
	'name == namespace',
	'name.size() > 2',
	'name.matches("^web")',
	'hx == "a"',
	'dyn(status) > "x"',
	'1 / (status - status) == 1',
	'status + 1 > 300',
);

const joined = (leaf: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.letrec<{condition: string}>(tie => ({
	condition: fc.oneof(
		{maxDepth: 4, withCrossShrink: true},
		leaf,
		fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
		tie('condition').map(inner => `!(${inner})`),
		fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([condition, left, right]) => `(${condition}) ? (${left}) : (${right})`),
	),
})).condition;

const anyConditions = joined(fc.oneof(columnTests, rowTests));
const bodies = fc.constantFrom(undefined, {object: {spec: {replicas: 3}}}, {object: {spec: {replicas: 4}}}, {object: {}});

test('a filter made of columns only is exact: it passes the operations for which the condition is true, and no other', () => {
	fc.assert(fc.property(joined(columnTests), fc.array(operations, {minLength: 1, maxLength: 8}), (source, rows) => {
		const compiled = compileExpression(source);
		expect(compiled.exact, source).toBe(true);
		for (const operation of rows) {
			expect(matchesFilter(compiled.filter, operation), source).toBe(compiled.test(operation));
		}
	}), {numRuns: 1500});
});

test('the filter of any condition passes every operation for which the condition is true, also under negation and where parts of it fail', () => {
	fc.assert(fc.property(anyConditions, fc.array(operations, {minLength: 1, maxLength: 8}), bodies, (source, rows, row) => {
		const compiled = compileExpression(source);
		for (const operation of rows) {
			const isMatch = compiled.test(operation, row);
			const isPasses = matchesFilter(compiled.filter, operation);
			expect(isPasses || !isMatch, source).toBe(true);
			if (compiled.exact) {
				expect(isPasses, source).toBe(isMatch);
			}
		}
	}), {numRuns: 1500});
});

test('a condition that mixes columns and bodies is narrowed by its columns', () => {
	expect(compileExpression('verb == "update" && object.spec.replicas == 3')).toMatchObject({
		exact: false,
		filter: {
			type: 'text', column: 'verb', test: 'equals', value: 'update',
		},
	});
	expect(compileExpression('!(verb == "update" || object.spec.replicas == 3)')).toMatchObject({
		exact: false,
		filter: {
			type: 'not',
			filter: {
				type: 'text', column: 'verb', test: 'equals', value: 'update',
			},
		},
	});
});
