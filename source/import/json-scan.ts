/** Bytes of JSON text that mean something to whoever only looks for its structure. */
export const jsonBytes = {
	quote: 0x22,
	backslash: 0x5C,
	newline: 0x0A,
	comma: 0x2C,
	openingBracket: 0x5B,
	openingBrace: 0x7B,
	/** A bracket and a brace differ in this bit only. */
	caseBit: 0x20,
	closingBracket: 0x5D,
	closingBrace: 0x7D,
} as const;

export const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0A || byte === 0x0D || byte === 0x09; // eslint-disable-line unicorn/prefer-includes-over-repeated-comparisons -- asked of every byte

/** Where a look over JSON text is. */
export type TextScan = {
	/** Index of the next byte. */
	position: number;
	/** Containers that are open. */
	depth: number;
	/** The deepest that was. */
	deepest: number;
	isInString: boolean;
	/** From 1. */
	line: number;
};

/**
Why a look stopped. `limit`: no bytes are left. `level`: back on the level, behind a string or a container. `line`: behind a newline. `sibling`: at a quote before
which an element begins that cannot be part of this one.
*/
export type ScanStop = 'limit' | 'level' | 'line' | 'sibling';

export type ScanBounds = {
	readonly limit: number;
	readonly level: number;
	readonly stopsAtLines: boolean;
	/** A key and its closing quote, with which every element begins. */
	readonly siblingKey: Uint8Array | undefined;
};

/** Blanks looked back over, from an element's first key to its brace. */
const maximumLookback = 64;

const hasKeyAt = (bytes: Uint8Array, at: number, key: Uint8Array): boolean => {
	for (const [index, byte] of key.entries()) {
		if (bytes[at + index] !== byte) {
			return false;
		}
	}

	return true;
};

/** Index of the brace before the quote of an element's first key; -1: none. */
export const findBrace = (bytes: Uint8Array, quoteIndex: number): number => {
	let index = quoteIndex - 1;
	while (index >= 0 && quoteIndex - index <= maximumLookback && isBlank(bytes[index])) {
		index--;
	}

	return bytes[index] === jsonBytes.openingBrace ? index : -1;
};

/** Such a key stands at no other place in JSON: inside a string its quotes are escaped. */
const isSibling = (bytes: Uint8Array, quoteIndex: number, key: Uint8Array): boolean =>
	bytes[quoteIndex + 1] === key[0] && hasKeyAt(bytes, quoteIndex + 1, key) && findBrace(bytes, quoteIndex) !== -1;

/** Index of the quote that ends a string, or of a newline in it; at or beyond the limit: neither. */
const findStringEnd = (bytes: Uint8Array, start: number, limit: number): number => {
	let index = start;
	while (index < limit) {
		const byte = bytes[index];
		if (byte === jsonBytes.quote || byte === jsonBytes.newline) {
			return index;
		}

		index += byte === jsonBytes.backslash ? 2 : 1;
	}

	return index;
};

/** Goes on inside a string. Undefined: it ended below the level, or went on over a line. */
const scanString = (scan: TextScan, bytes: Uint8Array, bounds: ScanBounds): ScanStop | undefined => {
	scan.position = findStringEnd(bytes, scan.position, bounds.limit);
	if (scan.position >= bounds.limit) {
		return 'limit';
	}

	if (bytes[scan.position] === jsonBytes.newline) {
		scan.line++;
		scan.position++;
		return bounds.stopsAtLines ? 'line' : undefined;
	}

	if (bounds.siblingKey !== undefined && isSibling(bytes, scan.position, bounds.siblingKey)) {
		return 'sibling';
	}

	scan.isInString = false;
	scan.position++;
	return scan.depth <= bounds.level ? 'level' : undefined;
};

/** Goes on outside strings, to the next one at the furthest. Undefined: it is in one now. */
const scanStructure = (scan: TextScan, bytes: Uint8Array, bounds: ScanBounds): ScanStop | undefined => {
	const {limit, level} = bounds;
	let index = scan.position;
	for (; index < limit; index++) {
		const byte = bytes[index]!;
		if (byte === jsonBytes.quote) {
			break;
		}

		const folded = byte | jsonBytes.caseBit; // eslint-disable-line no-bitwise -- `[` and `{`, `]` and `}` at once
		if (folded === jsonBytes.openingBrace) {
			scan.depth++;
			scan.deepest = Math.max(scan.deepest, scan.depth);
		} else if (folded === jsonBytes.closingBrace) {
			scan.depth--;
			if (scan.depth <= level) {
				scan.position = index + 1;
				return 'level';
			}
		} else if (byte === jsonBytes.newline) {
			scan.line++;
			if (bounds.stopsAtLines) {
				scan.position = index + 1;
				return 'line';
			}
		}
	}

	scan.position = index;
	if (index >= limit) {
		return 'limit';
	}

	if (bounds.siblingKey !== undefined && isSibling(bytes, index, bounds.siblingKey)) {
		return 'sibling';
	}

	scan.isInString = true;
	scan.position++;
	return undefined;
};

/** Looks on until something matters: inside a string, or below the level, nothing does but what a `ScanStop` names. */
export const scanNested = (scan: TextScan, bytes: Uint8Array, bounds: ScanBounds): ScanStop => {
	while (scan.position < bounds.limit) {
		const stop = scan.isInString ? scanString(scan, bytes, bounds) : scanStructure(scan, bytes, bounds);
		if (stop !== undefined) {
			return stop;
		}
	}

	return 'limit';
};
