import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {jsonText, withoutManagedFields, yamlText} from '../../../source/commands/printers/object-text.js';
import {safeCell, textTable} from '../../../source/commands/printers/text-table.js';

const object = {
	kind: 'ConfigMap', apiVersion: 'v1', metadata: {name: 'x', uid: 'u', managedFields: [{manager: 'm'}]}, data: {b: 'yes', a: '1', c: 'x\ny\n'},
};

describe('an object as text', () => {
	test('is YAML as kubectl writes it: keys in order, texts that look like something else quoted, sequences not indented', () => {
		expect(yamlText({
			...withoutManagedFields(object), list: [{a: 1}, 'on'], when: '2026-11-23T10:00:00Z', empty: {}, none: [],
		})).toBe([
			'apiVersion: v1',
			'data:',
			'  a: "1"',
			'  b: "yes"',
			'  c: |',
			'    x',
			'    y',
			'empty: {}',
			'kind: ConfigMap',
			'list:',
			'- a: 1',
			'- "on"',
			'metadata:',
			'  name: x',
			'  uid: u',
			'none: []',
			'when: "2026-11-23T10:00:00Z"',
			'',
		].join('\n'));
	});

	test('is JSON as kubectl writes it: keys in order, four blanks', () => {
		expect(jsonText({b: 1, a: [{d: 1, c: 2}]})).toBe('{\n    "a": [\n        {\n            "c": 2,\n            "d": 1\n        }\n    ],\n    "b": 1\n}\n');
	});

	test('keeps every digit of an integer beyond 2^53', () => {
		expect(jsonText({n: 9_007_199_254_740_993n})).toContain('"n": 9007199254740993');
		expect(yamlText({big: 9_007_199_254_740_993n})).toBe('big: 9007199254740993\n');
	});

	test('keeps a key called __proto__', () => {
		const tricky = JSON.parse('{"__proto__": {"x": 1}, "a": 1}') as Record<string, never>;
		expect(jsonText(tricky)).toContain('"__proto__"');
		expect(yamlText(tricky)).toContain('__proto__:');
	});

	test('sends no terminal escape, and reads back as what it was', () => {
		const evil = {name: '\u{1B}[31mred\u{9B}2J', text: 'a\u{7}\nb'};
		for (const text of [jsonText(evil), yamlText(evil)]) {
			expect(text.replaceAll('\n', '')).not.toMatch(/\p{Control}/v);
			expect(parse(text)).toEqual(evil);
		}
	});

	test('leaves managedFields out without touching the original', () => {
		expect(withoutManagedFields(object).metadata).toEqual({name: 'x', uid: 'u'});
		expect(object.metadata.managedFields).toHaveLength(1);
	});
});

describe('a table', () => {
	test('is laid out as kubectl does: columns as wide as their widest cell, three blanks between, at least six', () => {
		expect(textTable([['NAME', 'READY', 'AGE'], ['web', '1/1', '3m'], ['a-long-name', '0/1', '']])).toBe([
			'NAME          READY   AGE',
			'web           1/1     3m',
			'a-long-name   0/1',
			'',
		].join('\n'));
	});

	test('counts wide characters as two cells', () => {
		expect(textTable([['名前', 'x'], ['abcde', 'y']])).toBe('名前    x\nabcde   y\n');
	});

	test('shows the first line of a cell, and nothing a terminal would obey', () => {
		expect(safeCell('one\ntwo')).toBe('one...');
		expect(safeCell('\u{1B}[31mred\u{202E}txt\u{9B}')).toBe('^[[31mred?txt?');
	});
});
