import path from 'node:path';
import {Linter} from 'eslint';
import {describe, expect, test} from 'vitest';
import {housePlugin} from '../../scripts/lint-rules/plugin.js';

const root = path.resolve(import.meta.dirname, '../..');

/** Messages of one of our rules on a snippet that pretends to be a file of the project. */
const messagesOf = (rule: string, code: string, file = 'source/model/snippet.js'): readonly string[] =>
	new Linter({cwd: root}).verify(code, {
		files: ['**/*.js', '**/*.ts'],
		plugins: {house: housePlugin},
		rules: {[`house/${rule}`]: 'error'},
		languageOptions: {ecmaVersion: 'latest', sourceType: 'module'},
	}, {filename: path.join(root, file)}).map(({message}) => message);

describe('room-imports', () => {
	test.each([
		['source/model/a.js', 'import {x} from "../store/b.js"', 'model may import nothing of ours; not store'],
		['source/store/a.js', 'import {x} from "../ingest/b.js"', 'store may import model, expression; not ingest'],
		['source/timeline/a.js', 'export * from "../import/b.js"', 'timeline may import model, kubernetes, expression, store; not import'],
		['source/timeline/deep/a.js', 'export {x} from "../../tui/b.js"', 'timeline may import model, kubernetes, expression, store; not tui'],
		['source/tui/a.js', 'await import("../commands/b.js")', 'not commands'],
		['source/tui/a.js', 'import {x} from "../../test/b.js"', 'tui imports a file outside source/'],
		['source/cellar/a.js', 'import {x} from "../model/b.js"', 'cellar is no room of the house'],
		['source/index.js', 'import {x} from "./tui/b.js"', 'is no room of the house'],
	])('in %s refuses %s', (file, code, message) => {
		expect(messagesOf('room-imports', code, file)).toEqual([expect.stringContaining(message)]);
	});

	test.each([
		['source/model/a.js', 'import {x} from "./b.js"; import fs from "node:fs"'],
		['source/store/sqlite/a.js', 'import {x} from "../open-store.js"; import {y} from "../../model/b.js"'],
		['source/commands/a.js', 'await import("../tui/b.js"); import {x} from "../import/b.js"'],
		['source/cli.ts', 'await import("./commands/main.js")'],
		['test/model/a.js', 'import {x} from "../../source/tui/b.js"'],
	])('in %s lets %s pass', (file, code) => {
		expect(messagesOf('room-imports', code, file)).toEqual([]);
	});
});

describe('no-recursion', () => {
	test.each([
		['a function that calls itself', 'function walk(x) { return x.next ? walk(x.next) : x; }'],
		['an arrow that calls itself', 'const walk = x => x.children.length + walk(x.first);'],
		['two functions that call each other', 'const even = n => n === 0 || odd(n - 1); const odd = n => n !== 0 && even(n - 1);'],
		['three in a circle', 'function a() { b(); } function b() { c(); } function c() { a(); }'],
		['a call from a callback inside', 'function walk(x) { x.children.forEach(child => { walk(child); }); }'],
		['handing itself to map', 'function walk(x) { return x.children.map(walk); }'],
		['a method over this', 'class Tree { walk(x) { return this.walk(x.next); } }'],
		['an object\'s method over this', 'const tree = {walk(x) { return this.walk(x.next); }};'],
		['an object\'s method over its name', 'const tree = {walk: x => tree.walk(x.next)};'],
		['an async function that awaits itself', 'const poll = async () => { await poll(); };'],
		['a constructor that makes its own kind', 'function Node() { this.next = new Node(); }'],
	])('refuses %s', (_what, code) => {
		expect(messagesOf('no-recursion', code)).toContainEqual(expect.stringContaining('use an explicit stack'));
	});

	test.each([
		['a walk with a stack', 'function walk(x) { const stack = [x]; while (stack.length > 0) { stack.pop(); } }'],
		['a chain of calls', 'const a = () => b(); const b = () => c(); const c = () => 1;'],
		['another function of the same name', 'const walk = () => { const step = () => 1; return step(); }; const step = () => walk();'],
		['a method of something else with the same name', 'class Store { close() { this.database.close(); } }'],
		['a timer that comes back on an empty stack', 'const tick = () => { setTimeout(() => { tick(); }, 10); };'],
		['a parameter of the same name', 'function visit(visit) { return visit(1); }'],
	])('lets pass %s', (_what, code) => {
		expect(messagesOf('no-recursion', code)).toEqual([]);
	});
});

describe('bounded-loops', () => {
	test.each(['while (true) {}', 'while (1) {}', 'for (;;) {}', 'for (let i = 0;; i++) {}', 'do {} while (true);'])('refuses %s', code => {
		expect(messagesOf('bounded-loops', code)).toEqual([expect.stringContaining('a loop without an end')]);
	});

	test.each(['while (stack.length > 0) {}', 'for (const x of xs) {}', 'for (let i = 0; i < 10; i++) {}', 'do {} while (more());', 'while (false) {}'])('lets %s pass', code => {
		expect(messagesOf('bounded-loops', code)).toEqual([]);
	});
});

describe('no-module-state', () => {
	test.each([
		'let count = 0; export const next = () => { count += 1; };',
		'export let current;',
		'var old = 1;',
		'const cache = new Map(); export const put = (k, v) => { cache.set(k, v); };',
		'const list = []; export const add = x => { list.push(x); };',
		'const table = {}; table.a = 1;',
		'const counts = {a: 0}; export const up = () => { counts.a++; };',
		'export const table = {a: 1}; delete table.a;',
	])('refuses %s', code => {
		expect(messagesOf('no-module-state', code)).toEqual([expect.stringContaining('module state')]);
	});

	test.each([
		'const names = new Set(["a"]); export const has = x => names.has(x);',
		'export const make = () => { let n = 0; const list = []; list.push(n); return () => { n += 1; return n; }; };',
		'const list = [1]; export const copy = () => [...list].sort();',
		'for (let i = 0; i < 2; i++) { console.log(i); }',
	])('lets %s pass', code => {
		expect(messagesOf('no-module-state', code)).toEqual([]);
	});
});

describe('one-optional-link', () => {
	test.each(['a?.b?.c;', 'a?.b.c?.d;', 'a?.()?.b;', 'a?.[0]?.b.c;'])('refuses %s', code => {
		expect(messagesOf('one-optional-link', code)).toEqual(['2 optional links in one chain: parse the data into a type of ours first']);
	});

	test.each(['a?.b.c;', 'a.b?.c;', 'f(a?.b, c?.d);'])('lets %s pass', code => {
		expect(messagesOf('one-optional-link', code)).toEqual([]);
	});
});
