import {strict as assert} from 'node:assert';
import {Buffer, isUtf8} from 'node:buffer';
import {shortestPattern} from './redact-scanner.js';

/**
One way a secret value is written: as it is, escaped (in JSON text, by JavaScript, Go, Python or Gson, or in a URL), or inside base64 text.
*/
export type SecretForm = {readonly bytes: Uint8Array; readonly form: 'raw' | 'escaped' | 'base64'};

const bitsPerByte = 8;
const bitsPerCharacter = 6;

/**
What base64 text shows of a value that starts at byte `offset` modulo 3 of what was encoded, whatever stands before and after it: the
characters all of whose bits are the value's.
*/
const base64Inside = (value: Uint8Array, offset: number): string => {
	const text = Buffer.concat([Buffer.alloc(offset), value]).toString('base64');
	const first = Math.ceil(offset * bitsPerByte / bitsPerCharacter);
	const last = Math.floor((offset + value.length) * bitsPerByte / bitsPerCharacter);
	assert.ok(last > first && last <= text.length, 'the value fills some characters');
	return text.slice(first, last);
};

const toUrlAlphabet = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

const unicodeEscape = (character: string): string => String.raw`\u` + character.codePointAt(0)!.toString(16).padStart(4, '0');

const jsonInside = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Of JSON texts: what the writers of common languages make of a string. */
const jsonForms = (text: string): readonly string[] => {
	const plain = jsonInside(text);
	return [
		plain,
		plain.replaceAll(/[&<>\u{2028}\u{2029}]/gv, character => unicodeEscape(character)), // Go
		plain.replaceAll(/[&'<=>\u{2028}\u{2029}]/gv, character => unicodeEscape(character)), // Gson
		plain.replaceAll(/[\u{80}-\u{FFFF}]/gv, character => unicodeEscape(character)), // Python
		plain.replaceAll('/', String.raw`\/`), // PHP, some C
	];
};

/** Characters that Go and Gson write as escapes. Others are escaped by a few writers only (.NET), and by somebody who hides something. */
const usualEscapes: ReadonlySet<string> = new Set(['0026', '0027', '003c', '003d', '003e']);
const unusualEscape = /^00[2-7]|[A-F]/v;
const escapeStart = Buffer.from(String.raw`\u`);
const escapeDigits = 4;

/** Whether JSON text has an escape that none of `jsonForms` would have made: letters, digits, or digits in upper case. */
export const hasUnusualEscapes = (bytes: Uint8Array): boolean => {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	assert.equal(buffer.length, bytes.length, 'the buffer is a view of the bytes');
	for (let start = buffer.indexOf(escapeStart); start !== -1; start = buffer.indexOf(escapeStart, start + escapeStart.length)) {
		assert.equal(buffer[start], escapeStart[0], 'an escape begins here');
		const digits = buffer.toString('latin1', start + escapeStart.length, start + escapeStart.length + escapeDigits);
		if (!usualEscapes.has(digits) && unusualEscape.test(digits)) {
			return true;
		}
	}

	return false;
};

const percent = (text: string): string => encodeURIComponent(text).replaceAll(/[!'\(\)*~]/gv, character => `%${character.codePointAt(0)!.toString(16).toUpperCase()}`);

/** Of URLs: JavaScript's, and Go's for a query. */
const urlForms = (text: string): readonly string[] => {
	const javaScript = encodeURIComponent(text);
	const strict = percent(text);
	return [javaScript, strict, strict.replaceAll('%20', '+'), strict.replaceAll('%7E', '~')];
};

/** Text of well-formed UTF-8 without lone surrogates, else undefined: only that can be written in JSON or a URL. */
const textOf = (value: Uint8Array): string | undefined => isUtf8(value) ? Buffer.from(value).toString() : undefined;

/** Text that every writer writes as it is. */
const plainPattern = /^[\w\-.]*$/v;

/** Every form that is searched for, without doubles; each of at least `shortestPattern` bytes. */
export const secretForms = (value: Uint8Array): readonly SecretForm[] => {
	assert.ok(value.length >= shortestPattern, 'short values are not searched for');
	const forms = new Map<string, SecretForm['form']>();
	const text = textOf(value);
	assert.ok(text === undefined || text.length <= value.length, 'characters are no more than bytes');
	if (text !== undefined && !plainPattern.test(text)) {
		const inJson = jsonForms(text);
		for (const written of [...inJson, ...inJson.flatMap(inner => jsonForms(inner)), ...urlForms(text)]) {
			forms.set(Buffer.from(written).toString('latin1'), 'escaped');
		}
	}

	for (const offset of [0, 1, 2]) {
		const inside = base64Inside(value, offset);
		forms.set(inside, 'base64');
		forms.set(toUrlAlphabet(inside), 'base64');
	}

	forms.set(Buffer.from(value).toString('latin1'), 'raw');
	assert.ok(forms.size >= 4, 'one raw form and three of base64 at least');
	assert.ok(forms.keys().every(form => form.length >= shortestPattern), 'every form is long enough to be searched for');
	return forms.entries().map(([latin1, form]) => ({bytes: Buffer.from(latin1, 'latin1'), form})).toArray();
};
