import {expect, test} from 'vitest';
import {isTask, type Effect} from '../../../source/tui/keys/effect.js';
import {bindings} from '../../../source/tui/keys/keymap.js';
import {press, pressAll} from '../../../source/tui/keys/press.js';
import type {State} from '../../../source/tui/state/state.js';
import {madeState} from '../made-state.js';

const breakpoint = {id: 1, enabled: true, pattern: {verb: 'update'}};

/** Keys one after the other: the state, and what they asked for. Names longer than a letter in angle brackets. */
const type = (state: State, keys: string): {readonly state: State; readonly effects: readonly Effect[]} => {
	const tokens = keys.match(/<[^<>]+>|./gv)?.map(token => token.length > 1 ? token.slice(1, -1) : token.replace(' ', 'Space')) ?? [];
	return pressAll(state, tokens, () => false);
};

const cursorAfter = (keys: string, parts: Partial<State> = {}): number => type(madeState(parts), keys).state.cursor;

test.each([
	['j', 2],
	['jjj', 4],
	['10j', 11],
	['1<0>j', 11],
	['k', 0],
	['<Down><Down><Up>', 2],
	['G', 100],
	['<End>', 100],
	['gG', 100],
	['Gg', 1],
	['<Home>', 1],
	['50G', 50],
	['70g', 70],
	['50%', 50],
	['999j', 100],
	['999k', 0],
	['<^D>', 4],
	['<^D><^U>', 1],
	['<Space>', 8],
	['<PgDn><PgUp>', 1],
	['5j<Esc>j', 7],
	['5<Esc>j', 2],
	['50G\'\'', 1],
	['50G\'\'\'\'', 50],
	['50G60G<^O><^O>', 1],
	[':25<Enter>', 25],
	[':50%<Enter>', 50],
	[':last<Enter>', 100],
	[':next 5<Enter>', 6],
	['<Enter>', 2],
	['200G', 100],
])('from step 1 of 100, %s goes to step %d', (keys, step) => {
	expect(cursorAfter(keys)).toBe(step);
});

test('at either end a step says so and stays', () => {
	expect(type(madeState({cursor: 100}), 'j').state).toMatchObject({cursor: 100, message: {text: 'already at the end: step 100'}});
	expect(type(madeState({cursor: 0}), 'k').state).toMatchObject({cursor: 0, message: {text: 'already at the start: step 0, before the first operation'}});
});

test('stepping honours the filter, and a step outside of it is shown as such', () => {
	const matching = Int32Array.of(10, 20, 30);
	const view = {
		source: 'x', matching, shown: matching, hidden: undefined,
	};
	const filtered = madeState({cursor: 10, view});
	expect(type(filtered, 'j').state.cursor).toBe(20);
	expect(type(filtered, 'G').state.cursor).toBe(30);
	const outside = type(filtered, ':25<Enter>').state;
	expect(outside.view?.hidden).toBe(25);
	expect([...outside.view!.shown]).toEqual([10, 20, 25, 30]);
	const next = type(outside, 'j').state;
	expect(next.cursor).toBe(30);
	expect([...next.view!.shown]).toEqual([10, 20, 30]);
});

test('the window moves by half its height when the cursor leaves it', () => {
	const {state} = type(madeState(), '5j');
	expect(state.top).toBe(0);
	const left = type(state, 'j').state;
	expect(left.top).toBeGreaterThan(2);
	expect(left.top).toBeLessThanOrEqual(left.cursor);
});

test.each([
	['c', [{type: 'resume', direction: 'forward', count: 1}]],
	['3C', [{type: 'resume', direction: 'backward', count: 3}]],
	['o', [{type: 'sameObject', direction: 'forward', count: 1}]],
	['E', [{type: 'nextError', direction: 'backward', count: 1}]],
	['b', [{type: 'toggleBreakpoint'}]],
	['/foo-3<Enter>', [{
		type: 'search', text: 'foo-3', direction: 'forward', count: 1,
	}]],
	['/foo<Enter>N', [{
		type: 'search', text: 'foo', direction: 'forward', count: 1,
	}, {
		type: 'search', text: 'foo', direction: 'backward', count: 1,
	}]],
	['*', [{
		type: 'search', text: 'web-1', direction: 'forward', count: 1,
	}]],
	['&verb == "get"<Enter>', [{type: 'filter', source: 'verb == "get"'}]],
	['&<Enter>', [{type: 'filter', source: ''}]],
	[':break status == 409<Enter>', [{type: 'addBreakpoint', pattern: {condition: 'status == 409'}}]],
	[':filter x<Enter>', [{type: 'filter', source: 'x'}]],
	[':12.5s<Enter>', [{type: 'resolve', at: '12.5s'}]],
	[':first-error<Enter>', [{type: 'resolve', at: 'first-error'}]],
	['ma', [{type: 'saveMark', letter: 'a', step: 1}]],
	['yk', [{type: 'yank', form: 'kubectl'}]],
	['yc', [{type: 'yank', form: 'curl'}]],
	['yy', [{type: 'yank', form: 'yaml'}]],
	['Y', [{type: 'yank', form: 'kubectl'}]],
	['q', [{type: 'quit'}]],
	['Q', [{type: 'quit'}]],
	['<^C>', [{type: 'quit'}]],
	[':q<Enter>', [{type: 'quit'}]],
	['<^L>', [{type: 'redraw'}]],
	['<^Z>', [{type: 'suspend'}]],
	['<Esc>', []],
	['?q', []],
	['?<Esc>', []],
	[':break<Esc>', []],
	['zq', []],
])('%s asks for %j', (keys, effects) => {
	expect(type(madeState({}, [breakpoint]), keys).effects).toEqual(effects);
});

test.each([
	['c', {}, /no enabled breakpoint/v],
	['C', {}, /no enabled breakpoint/v],
	['B', {}, /no breakpoints yet/v],
	['b', {cursor: 0}, /before the first operation/v],
	['o', {cursor: 0}, /before the first operation/v],
	['n', {}, /nothing searched yet/v],
	['%', {}, /type a number first/v],
	['F', {}, /complete/v],
	['x', {}, /x does nothing: \? lists the keys/v],
	['\'z', {}, /no mark z/v],
	['m1', {}, /a letter from a to z/v],
	['yz', {}, /copies nothing/v],
	['<^O>', {}, /no jump to go back from/v],
	[':brek<Enter>', {}, /did you mean :break\?/v],
	[':frobnicate<Enter>', {}, /no command :frobnicate; \? lists them/v],
	[':last words<Enter>', {}, /takes no text/v],
])('%s, which cannot act, says why', (keys, parts, message) => {
	const {state, effects} = type(madeState(parts), keys);
	expect(effects).toEqual([]);
	expect(state.message?.text).toMatch(message);
});

test('a disabled breakpoint is none to continue to', () => {
	expect(type(madeState({}, [{...breakpoint, enabled: false}]), 'c').effects).toEqual([]);
});

test('in the breakpoint panel j selects, Space, d, e and Enter act on the selected one, q goes back', () => {
	const two = [breakpoint, {id: 7, enabled: false, pattern: {verb: 'get', condition: 'status == 409'}}];
	const panel = type(madeState({}, two), 'Bj').state;
	expect(panel).toMatchObject({pane: 'breakpoints', selected: 1, cursor: 1});
	expect(type(panel, ' ').effects).toEqual([{type: 'enableBreakpoint', id: 7, enabled: true}]);
	expect(type(panel, 'd').effects).toEqual([{type: 'removeBreakpoint', id: 7}]);
	expect(type(panel, 'e').state.prompt).toMatchObject({kind: 'condition', text: 'status == 409', breakpoint: 7});
	expect(type(panel, 'e<^U>status == 500<Enter>').effects).toEqual([{type: 'saveCondition', id: 7, condition: 'status == 500'}]);
	expect(type(panel, 'q').state.pane).toBe('list');
	expect(type(panel, '<Esc>').state.pane).toBe('list');
	expect(type(panel, 'g').state.message?.text).toMatch(/in the breakpoint panel/v);
});

test('Enter in the panel goes to the next hit, and says when there is none', () => {
	const known = madeState({pane: 'breakpoints', breakpoints: [{breakpoint, steps: Int32Array.of(5, 50)}]});
	const first = type(known, '<Enter>').state;
	expect(first.cursor).toBe(5);
	expect(type(first, '<Enter>').state.cursor).toBe(50);
	expect(type({...known, cursor: 60}, '<Enter>').state).toMatchObject({cursor: 60, message: {text: 'breakpoint 1 has no hit after step 60; its first is at step 5'}});
});

test('a prompt is edited as in a shell', () => {
	const prompt = (keys: string): unknown => type(madeState({
		promptHistory: {
			command: ['first', 'second'], search: [], filter: [], condition: [],
		},
	}), `:${keys}`).state.prompt;
	expect(prompt('abc<Left>x')).toMatchObject({text: 'abxc', caret: 3});
	expect(prompt('ab cd<^W>')).toMatchObject({text: 'ab '});
	expect(prompt('abc<^U>')).toMatchObject({text: ''});
	expect(prompt('abc<Home>x<End>y')).toMatchObject({text: 'xabcy'});
	expect(prompt('<Up>')).toMatchObject({text: 'second'});
	expect(prompt('<Up><Up><Up>')).toMatchObject({text: 'first'});
	expect(prompt('<Up><Down>')).toMatchObject({text: ''});
	expect(prompt('a<Delete><Backspace>')).toMatchObject({text: ''});
	expect(prompt('<Backspace>')).toBeUndefined();
	expect(prompt('x'.repeat(5000))).toMatchObject({text: 'x'.repeat(2000)});
});

test('keys after a task wait for it', () => {
	const {waiting, effects, state} = pressAll(madeState({}, [breakpoint]), ['j', 'c', 'j', 'j'], isTask);
	expect(state.cursor).toBe(2);
	expect(effects).toHaveLength(1);
	expect(waiting).toEqual(['j', 'j']);
});

test('no key throws, wherever it is pressed', () => {
	const tokens = [...new Set(bindings.flatMap(({keys}) => keys)), '0', '7', 'x', '🦊'];
	const parts: ReadonlyArray<Partial<State>> = [{}, {cursor: 0}, {length: 0, cursor: 0}, {help: 0}, {pane: 'breakpoints'}, {pane: 'diff', isZoomed: true}, {size: {columns: 1, rows: 1}}];
	const states = [...parts.map(part => madeState(part)), madeState({}, [breakpoint])];
	for (const state of states) {
		for (const first of tokens) {
			for (const second of tokens) {
				expect(press(press(state, first).state, second).state.cursor).toBeGreaterThanOrEqual(0);
			}
		}
	}
});
