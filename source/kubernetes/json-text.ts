/* eslint-disable no-bitwise -- one bit tells braces from brackets */
import {strict as assert} from 'node:assert';
import type {JsonValue} from '../model/json.js';

/** Levels of nesting a body may have. Go's encoding/json stops at 10,000, an API object has hardly 30. */
export const maximumDepth = 512;

const quote = 0x22;
const backslash = 0x5C;
/** `[` and `{` are this with the case bit set; `]` and `}` are 2 more. */
const opening = 0x7B;
const caseBit = 0x20;

/** How many brackets and braces open anywhere, also in strings: a cheap upper bound of the depth. */
const countOpenings = (bytes: Uint8Array): number => {
	const {length} = bytes;
	let count = 0;
	let index = 0;
	// Every byte of every body passes here; an iterator would take four times as long.
	while (index < length) {
		if ((bytes[index]! | caseBit) === opening) {
			count++;
		}

		index++;
	}

	assert.ok(count <= length, 'a byte opens at most one level');
	return count;
};

/** Index of the quote that ends the string beginning after `start`; the length where none does. */
const endOfString = (bytes: Uint8Array, start: number): number => {
	let index = start;
	while (index < bytes.length && bytes[index] !== quote) {
		index += bytes[index] === backslash ? 2 : 1;
	}

	return index;
};

/** Whether JSON text nests deeper than `maximumDepth`. One look at every byte; nothing is parsed. */
export const isTooDeep = (bytes: Uint8Array): boolean => {
	if (countOpenings(bytes) <= maximumDepth) {
		return false;
	}

	assert.ok(bytes.length > maximumDepth, 'a level takes a byte');
	let depth = 0;
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] ?? 0;
		if (byte === quote) {
			index = endOfString(bytes, index + 1);
		} else if ((byte | caseBit) === opening) {
			depth++;
			if (depth > maximumDepth) {
				return true;
			}
		} else if ((byte | caseBit) === opening + 2) {
			depth--;
		}
	}

	assert.ok(depth <= maximumDepth, 'the limit was never passed');
	return false;
};

/** A number of so many digits can be beyond 2^53, and JSON.parse could round it. */
const longNumber = 16;
const longNumberPattern = /(?:^|[,:\[])\s*-?\d{16,}\s*(?:$|[,\]\}])/v;

const isDigitAt = (text: string, index: number): boolean => {
	const unit = text.charCodeAt(index); // eslint-disable-line unicorn/prefer-code-point -- digits are single units
	return unit >= 0x30 && unit <= 0x39;
};

/** How many digits stand around this place, at most twice a long number's. */
const digitsAround = (text: string, index: number): number => {
	assert.ok(index >= 0 && index < text.length, 'a place in the text');
	assert.ok(isDigitAt(text, index), 'a digit stands there');
	let first = index;
	while (first > index - longNumber && isDigitAt(text, first)) {
		first--;
	}

	let last = index;
	while (last < index + longNumber && isDigitAt(text, last)) {
		last++;
	}

	assert.ok(last - first - 1 <= 2 * longNumber, 'the look around is bounded');
	return Math.max(0, last - first - 1);
};

/** Whether there may be a long number: a run of so many digits covers a multiple of its length. In a string it costs time, no truth. */
const hasLongNumber = (text: string): boolean => {
	for (let index = 0; index < text.length; index += longNumber) {
		if (isDigitAt(text, index) && digitsAround(text, index) >= longNumber) {
			return longNumberPattern.test(text);
		}
	}

	return false;
};

const integerPattern = /^-?\d+$/v;

type ReviverContext = {readonly source?: string};

const reviveExactly = (_key: string, value: unknown, context?: ReviverContext): unknown => {
	if (typeof value !== 'number' || Number.isSafeInteger(value)) {
		return value;
	}

	const source = context?.source;
	return source !== undefined && integerPattern.test(source) ? BigInt(source) : value;
};

/**
JSON text as a value in which every integer keeps its digits: beyond 2^53 as BigInt. The caller has checked its depth.

@throws SyntaxError
*/
export const parseJsonText = (text: string): JsonValue => JSON.parse(text, hasLongNumber(text) ? reviveExactly : undefined) as JsonValue;

type RawJson = {rawJSON(text: string): unknown}; // eslint-disable-line @typescript-eslint/naming-convention -- the language's

const replaceBigInt = (_key: string, value: unknown): unknown =>
	typeof value === 'bigint' ? (JSON as unknown as RawJson).rawJSON(String(value)) : value;

/** Exact JSON text (BigInt as digits), keys in the object's order; `indent` as JSON.stringify's. */
export const stringifyJson = (value: JsonValue, indent?: number): string => {
	if (value === undefined) {
		return 'null';
	}

	assert.ok(typeof value !== 'function' && typeof value !== 'symbol', 'JSON holds data');
	assert.ok(indent === undefined || indent >= 0, 'an indent is a number of blanks');
	try {
		return JSON.stringify(value, undefined, indent);
	} catch (error) {
		// The quick way refuses BigInt, which few bodies hold.
		if (!(error instanceof TypeError)) {
			throw error;
		}

		return JSON.stringify(value, replaceBigInt, indent);
	}
};

const goEscapes: ReadonlyMap<string, string> = new Map([
	['<', String.raw`\u003c`],
	['>', String.raw`\u003e`],
	['&', String.raw`\u0026`],
	['\u{2028}', String.raw`\u2028`],
	['\u{2029}', String.raw`\u2029`],
]);

/** Compact JSON text with the escapes Go's encoding/json adds. */
export const stringifyLikeGo = (value: JsonValue): string =>
	stringifyJson(value).replaceAll(/[&<>\u{2028}\u{2029}]/gv, character => goEscapes.get(character) ?? character);
