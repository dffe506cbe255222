import type {Key} from 'ink';
import {expect, test} from 'vitest';
import {keyTokens} from '../../../source/tui/keys/key-tokens.js';

const key = (parts: Partial<Key> = {}): Key => ({
	upArrow: false, downArrow: false, leftArrow: false, rightArrow: false, pageDown: false, pageUp: false, home: false, end: false, return: false, escape: false,
	ctrl: false, shift: false, tab: false, backspace: false, delete: false, meta: false, super: false, hyper: false, capsLock: false, numLock: false, ...parts,
});

test.each([
	['one letter', 'j', key(), ['j']],
	['a burst', '10j', key(), ['1', '0', 'j']],
	['a held-down key', 'jjj', key(), ['j', 'j', 'j']],
	['a search typed in one packet', '/foo bar\r', key(), ['/', 'f', 'o', 'o', 'Space', 'b', 'a', 'r', 'Enter']],
	['a held-down ^D', '\u{4}\u{4}', key(), ['^D', '^D']],
	['one ^D', 'd', key({ctrl: true}), ['^D']],
	['^C', 'c', key({ctrl: true}), ['^C']],
	['an arrow', '', key({downArrow: true}), ['Down']],
	['Enter', '\r', key({return: true}), ['Enter']],
	['Escape', '', key({escape: true}), ['Esc']],
	['Tab', '', key({tab: true}), ['Tab']],
	['Shift and Tab', '', key({tab: true, shift: true}), ['S-Tab']],
	['a space', ' ', key(), ['Space']],
	['Alt and a letter', 'j', key({meta: true}), ['Esc', 'j']],
	['an emoji', '👍', key(), ['👍']],
])('%s becomes its keys', (_what, input, pressed, tokens) => {
	expect(keyTokens(input, pressed, undefined)).toEqual(tokens);
});

test('an arrow that the network split after its Escape is an arrow', () => {
	expect(keyTokens('[B', key(), 'Esc')).toEqual(['Down']);
	expect(keyTokens('[B', key(), 'j')).toEqual(['[', 'B']);
});

test('a paste of megabytes is cut', () => {
	expect(keyTokens('j'.repeat(1_000_000), key(), undefined).length).toBeLessThan(10_000);
});
