import fc from 'fast-check';
import {parse} from 'yaml';
import {expect, test} from 'vitest';
import type {JsonValue} from '../../../source/model/json.js';
import {changedPaths} from '../../../source/kubernetes/changed-paths.js';
import {yamlLines} from '../../../source/tui/diff/yaml-lines.js';

const print = (value: JsonValue, maximumLines = 20_000): string => yamlLines(value, {maximumLines}).lines.map(({text}) => text).join('\n');

test('an object is printed as kubectl prints it: keys in order, lists not indented', () => {
	expect(print({
		kind: 'Deployment',
		apiVersion: 'apps/v1',
		metadata: {
			name: 'web', labels: {}, creationTimestamp: '2026-11-23T08:51:56Z', finalizers: [],
		},
		spec: {
			replicas: 3,
			template: {spec: {containers: [{name: 'app', ports: [{containerPort: 80}, {containerPort: 443}], args: ['-v', '--on']}]}},
		},
	})).toBe([
		'apiVersion: apps/v1',
		'kind: Deployment',
		'metadata:',
		'  creationTimestamp: "2026-11-23T08:51:56Z"',
		'  finalizers: []',
		'  labels: {}',
		'  name: web',
		'spec:',
		'  replicas: 3',
		'  template:',
		'    spec:',
		'      containers:',
		'      - args:',
		'        - -v',
		'        - --on',
		'        name: app',
		'        ports:',
		'        - containerPort: 80',
		'        - containerPort: 443',
	].join('\n'));
});

test.each([
	['true', '"true"'],
	['yes', '"yes"'],
	['null', '"null"'],
	['', '""'],
	['12', '"12"'],
	['1e3', '"1e3"'],
	['0x1f', '"0x1f"'],
	['10m', '10m'],
	['1.2.3', '1.2.3'],
	['2026-11-23', '"2026-11-23"'],
	['12:30:45', '"12:30:45"'],
	['a: b', '\'a: b\''],
	['# no', '\'# no\''],
	['it\'s', 'it\'s'],
	['\'s', '\'\'\'s\''],
	['*ref', '\'*ref\''],
	['- x', '\'- x\''],
	['-x', '-x'],
	['trail ', '\'trail \''],
	['\u{1B}[31m', String.raw`"\e[31m"`],
	['a\u{202E}b', String.raw`"a\u202eb"`],
	['tab\there', String.raw`"tab\there"`],
	['{}', '\'{}\''],
])('the string %j is printed as %s', (text, printed) => {
	expect(print({key: text})).toBe(`key: ${printed}`);
});

test('texts of several lines are blocks', () => {
	expect(print({data: {'a.conf': 'one\n\n  two\n', b: 'no end\nhere', c: 'kept\n\n'}})).toBe([
		'data:', '  a.conf: |', '    one', '', '      two', '  b: |-', '    no end', '    here', '  c: |+', '    kept', '',
	].join('\n'));
});

test('what is printed reads back as the same value', () => {
	fc.assert(fc.property(fc.json({maxDepth: 5}), text => {
		const value = JSON.parse(text) as JsonValue;
		const printed = print(value);
		expect(parse(printed, {version: '1.1', schema: 'core'})).toEqual(value);
	}), {numRuns: 1000});
});

test('integers beyond 2^53 keep every digit', () => {
	expect(print({big: 9_007_199_254_740_993n})).toBe('big: 9007199254740993');
});

test('printing stops at the line limit, also in one huge list, text or depth', () => {
	const deep: JsonValue = {};
	let inner = deep as {a?: JsonValue};
	for (let depth = 0; depth < 5000; depth++) {
		inner.a = {};
		inner = inner.a;
	}

	for (const value of [Array.from({length: 300_000}, (_, index) => index), {text: 'x\n'.repeat(300_000)}, deep]) {
		const {lines, isCut} = yamlLines(value, {maximumLines: 1000});
		expect(lines).toHaveLength(1000);
		expect(isCut).toBe(true);
	}
});

test('one endless line is cut and says by how much', () => {
	expect(print({text: 'x'.repeat(10_000)})).toMatch(/x \(and \d+ characters more\)$/v);
});

test('a line knows its field as the changed fields of an operation are written', () => {
	const before = {metadata: {labels: {'a.b/c': '1'}}, spec: {replicas: 9, containers: [{name: 'app', image: 'a'}], args: ['x', 'y']}};
	const after = {metadata: {labels: {'a.b/c': '2'}}, spec: {replicas: 3, containers: [{name: 'app', image: 'b'}], args: ['x', 'z']}};
	const paths = yamlLines(after, {maximumLines: 100}).lines.map(({path}) => path);
	const changed = changedPaths(before, after, 10);
	expect(changed).toHaveLength(4);
	expect(paths).toEqual(expect.arrayContaining(changed));
});

test('a folded part is one line', () => {
	const folds = new Map([['metadata.managedFields', {text: '2 entries (z to unfold)', identity: 'x'}]]);
	expect(yamlLines({metadata: {managedFields: [{}, {}], name: 'web'}}, {maximumLines: 10, folds}).lines.map(({text}) => text)).toEqual([
		'metadata:', '  managedFields: 2 entries (z to unfold)', '  name: web',
	]);
});
