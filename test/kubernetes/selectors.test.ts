import {expect, test} from 'vitest';
import {isNameOrNamespaceSelector, parseFieldSelector, parseLabelSelector} from '../../source/kubernetes/selectors.js';
import type {JsonObject} from '../../source/model/json.js';

const labelled = (labels: Record<string, string>): JsonObject => ({metadata: {name: 'x', labels}});

test.each([
	['a=b', {a: 'b'}, true],
	['a==b', {a: 'c'}, false],
	['a!=b', {}, true],
	['a!=b', {a: 'b'}, false],
	['a in (b, c)', {a: 'c'}, true],
	['a in (b,c)', {}, false],
	['a notin (b)', {}, true],
	['a notin (b)', {a: 'b'}, false],
	['a', {a: ''}, true],
	['a', {}, false],
	['!a', {}, true],
	['!a', {a: 'x'}, false],
	['a=', {a: ''}, true],
	['a=,b', {a: '', b: '1'}, true],
	['a in ()', {a: ''}, true],
	['a in (,b)', {a: ''}, true],
	['a in (b,)', {a: 'b'}, true],
	['in in (in,notin)', {in: 'notin'}, true],
	['a>5', {a: '6'}, true],
	['a>5', {a: '5'}, false],
	['a<5', {a: '-1'}, true],
	['a<5', {a: 'x'}, false],
	['a<5', {}, false],
	['a > 9007199254740993', {a: '9007199254740994'}, true],
	['example.com/a-b_c.d = x , !z', {'example.com/a-b_c.d': 'x'}, true],
	['a=b,c!=d,e in (f,g),!h', {a: 'b', e: 'g'}, true],
	['', {a: 'b'}, true],
	['constructor', {}, false],
])('label selector %s on %j is %s', (text, labels, expected) => {
	expect(parseLabelSelector(text).matches(labelled(labels))).toBe(expected);
});

test.each([
	['a=b,', 'found \'\', expected: identifier after \',\''],
	[',a', 'found \',\', expected: !, identifier, or \'end of string\''],
	['a b', 'unable to parse requirement: found \'b\', expected: in, notin, =, ==, !=, gt, lt'],
	['a in b', 'unable to parse requirement: found \'b\' expected: \'(\''],
	['a in (b', 'unable to parse requirement: found \'\', expected: \',\' or \')\''],
	['a=b c', 'found \'c\', expected: \',\' or \'end of string\''],
	['!a=b', 'found \'=\', expected: \',\' or \'end of string\''],
	['!', 'unable to parse requirement: found \'\', expected: identifier'],
	['a>x', 'for \'Gt\', \'Lt\' operators, the value must be an integer'],
	['-a=b', 'name part must consist of alphanumeric characters'],
	['a/b/c', 'a valid label key must consist of'],
	['UPPER/x', 'prefix part a lowercase RFC 1123 subdomain'],
	['a=b$', 'a valid label must be an empty string or consist of'],
	[`a=${'x'.repeat(64)}`, 'must be no more than 63'],
])('label selector %s is refused', (text, message) => {
	expect(() => parseLabelSelector(text)).toThrow(TypeError);
	expect(() => parseLabelSelector(text)).toThrow(message);
});

test.each([
	['metadata.name=web', true],
	['metadata.name==web,status.phase!=Failed', true],
	['status.phase=Failed', false],
	['spec.nodeName=', true],
	['spec.unschedulable=false', true],
	['spec.active=true', true],
	['status.replicas=0', true],
	['spec.text=a\\,b\\=c\\\\', true],
	['spec.list=', true],
	['metadata.__proto__=', true],
	['', true],
])('field selector %s is %s', (text, expected) => {
	const object = {metadata: {name: 'web'}, spec: {active: true, text: 'a,b=c\\', list: [1]}, status: {phase: 'Running'}};
	expect(parseFieldSelector(text).matches(object)).toBe(expected);
});

test('selectors that select everything say so, and nonsense is refused', () => {
	expect(parseLabelSelector('').isEmpty).toBe(true);
	expect(parseFieldSelector('').isEmpty).toBe(true);
	expect(parseFieldSelector('a=b').isEmpty).toBe(false);
	for (const text of ['nonsense', 'a=b=c', String.raw`a=b\x`, 'a=b\\']) {
		expect(() => parseFieldSelector(text)).toThrow(TypeError);
	}

	expect(() => parseFieldSelector('foo')).toThrow('invalid selector: \'foo\'; can\'t understand \'foo\'');
	expect(() => parseLabelSelector('a,'.repeat(100_000))).toThrow(TypeError);
});

test('a watch is by name or namespace only where nothing else selects', () => {
	expect(isNameOrNamespaceSelector('', 'metadata.name=a')).toBe(true);
	expect(isNameOrNamespaceSelector('', 'metadata.name==a,metadata.namespace=b')).toBe(true);
	for (const [labels, fields] of [
		['', ''],
		['a=b', 'metadata.name=a'],
		['', 'metadata.name!=a'],
		['', 'metadata.name=a,status.phase=Running'],
		['', 'metadata.name=a,metadata.name=b'],
		['', 'x'],
	] as const) {
		expect(isNameOrNamespaceSelector(labels, fields)).toBe(false);
	}
});
