import {expect, test} from 'vitest';
import {keySection} from '../../../source/tui/keys/key-section.js';
import {bindings} from '../../../source/tui/keys/keymap.js';
import {footerRow} from '../../../source/tui/render/footer.js';
import {helpLines} from '../../../source/tui/render/help.js';
import {plainText} from '../../../source/tui/text/row.js';
import {madeState} from '../made-state.js';

test('a key means one thing in each context', () => {
	for (const context of ['session', 'breakpoints', 'help'] as const) {
		const keys = bindings.filter(({contexts}) => contexts.includes(context)).flatMap(binding => binding.keys);
		expect(new Set(keys).size, context).toBe(keys.length);
	}
});

test('every command has a name of its own, a help text and a key', () => {
	expect(new Set(bindings.map(({name}) => name)).size).toBe(bindings.length);
	for (const {name, help, keys} of bindings) {
		expect(name).toMatch(/^[a-z][\-a-z]*$/v);
		expect(help).not.toBe('');
		expect(keys.length).toBeGreaterThan(0);
	}
});

test('digits are no keys: they start counts', () => {
	expect(bindings.flatMap(({keys}) => keys).filter(key => /^\d$/v.test(key))).toEqual([]);
});

test('help and readme name every key of the table that is not the help\'s own', () => {
	const help = helpLines(80).map(line => plainText(line)).join('\n');
	const readme = keySection();
	const listed = bindings.filter(binding => binding.contexts.some(context => context !== 'help'));
	for (const {keys, name, contexts} of listed) {
		expect(help, name).toContain(`  ${keys.join(' ')}`);
		expect(readme, name).toContain(`\`:${name}`);
		expect(contexts.length).toBeGreaterThan(0);
	}
});

test('the footer fits and always ends with help and quit', () => {
	for (const columns of [60, 80, 120, 200]) {
		const row = footerRow(madeState(), columns);
		const text = plainText(row);
		expect(text).toHaveLength(columns);
		expect(text.trimEnd()).toMatch(/\? help\s+q quit$/v);
	}

	const narrow = footerRow(madeState(), 80);
	expect(plainText(narrow)).toContain('j/k step  b break  c/C continue  o/O object');
});
