import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {
	displayWidth,
	fit,
	sanitize,
	slice,
} from '../../../source/tui/text/fit.js';
import {
	fitRow,
	plainText,
	ruler,
	type Span,
} from '../../../source/tui/text/row.js';
import {createTerminal} from '../../support/terminal.js';

const nastyParts = [
	'\u{1B}[31m',
	'\u{1B}]52;c;aGk=\u{7}',
	'\u{9B}2J',
	'\u{202E}',
	'\u{200D}',
	'\u{FE0F}',
	'\t',
	'\n',
	'\r',
	'漢字',
	'e\u{301}',
	'한',
	'👩‍👩‍👧',
	'🇩🇪',
	'☸️',
	'ﷺ',
	'क्षि',
	'a',
];

/** What recordings hold at their worst: anything, and much of what terminals act on. */
const nasty = fc.oneof(
	fc.string({unit: 'binary', maxLength: 40}),
	fc.string({unit: 'grapheme', maxLength: 40}),
	fc.array(fc.constantFrom(...nastyParts), {maxLength: 12}).map(parts => parts.join('')),
);

const dangerous = /[\p{Control}\u{200B}-\u{200F}\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}]/v;

test('a fitted text takes exactly its width, whatever is in it', () => {
	fc.assert(fc.property(nasty, fc.integer({min: 0, max: 60}), fc.constantFrom('left', 'right'), (text, width, align) => {
		expect(stringWidth(fit(text, width, align))).toBe(width);
	}), {numRuns: 2000});
});

test('nothing that acts on a terminal or turns text around gets through', () => {
	fc.assert(fc.property(nasty, text => {
		expect(sanitize(text)).not.toMatch(dangerous);
	}), {numRuns: 2000});
});

test.each([
	['plain', 'plain'],
	['\u{1B}[2Jgone', '^[[2Jgone'],
	['\u{1B}]52;c;aGk=\u{7}', '^[]52;c;aGk=^G'],
	['a\tb\nc', 'a^Ib^Jc'],
	['a\u{9B}31mb', 'a\u{FFFD}31mb'],
	['user\u{202E}txt', 'user\u{FFFD}txt'],
	['\u{7F}', '^?'],
	['Größe 漢字 e\u{301}', 'Größe 漢字 e\u{301}'],
	['a\u{A0}b', 'a b'],
	['☸️ helm', '☸ helm'],
])('%j is shown as %j', (text, shown) => {
	expect(sanitize(text)).toBe(shown);
});

test('a text that is too long ends with ~, also where a wide character would be cut in half', () => {
	expect(fit('foo-2.18eaa089c9', 8)).toBe('foo-2.1~');
	expect(fit('漢字漢字', 6)).toBe('漢字 ~');
	expect(fit('12', 4, 'right')).toBe('  12');
});

test('any window of a text has its width', () => {
	fc.assert(fc.property(nasty, fc.nat(30), fc.nat(30), (text, from, width) => {
		const clean = sanitize(text);
		const window = slice(clean, from, width);
		const rest = Math.max(0, displayWidth(clean) - from);
		expect(stringWidth(window)).toBe(Math.min(width, rest));
	}), {numRuns: 1000});
});

test('a row of spans takes exactly its width', () => {
	const spans = fc.array(nasty.map((text): Span => ({text, tone: 'plain'})), {maxLength: 5});
	fc.assert(fc.property(spans, fc.nat(50), fc.nat(20), (row, width, from) => {
		for (const fitted of [fitRow(row, width, {from}), ruler(row, 'rv 1 > 2', width)]) {
			const text = plainText(fitted);
			expect(stringWidth(text)).toBe(width);
		}
	}), {numRuns: 1000});
});

test('a terminal gives every fitted text the cells it was measured to have', async () => {
	// Emoji are two cells everywhere but in xterm's default table of 2014.
	const drawable = fc.string({unit: fc.constantFrom('漢', '字', 'e\u{301}', 'a', '한', '\u{1B}', '\u{202E}', '\t', 'ß', 'क्षि', 'ﷺ', '｡'), maxLength: 20});
	await fc.assert(fc.asyncProperty(drawable, async text => {
		const terminal = createTerminal(60, 2);
		await new Promise(resolve => {
			terminal.stdout.write(`${fit(text, 20)}|`, resolve);
		});
		const [first = ''] = terminal.rows();
		expect(first.endsWith('|')).toBe(true);
		expect(stringWidth(first)).toBe(21);
	}), {numRuns: 100});
});
