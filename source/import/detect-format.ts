import {Buffer} from 'node:buffer';
import {isBlank, jsonBytes} from './json-scan.js';
import type {ImportFormat} from './import-types.js';

const sqliteMagic = 'SQLite format 3\0';

/** Nesting that is followed in the head: `log`'s own keys are on the second level. */
const maximumKeys = 10_000;

/** What the head of a file says it is. `empty`: nothing but blanks. */
export type Guess = ImportFormat | 'empty' | 'other';

const firstByte = (head: Uint8Array): number | undefined => {
	const start = head[0] === 0xEF && head[1] === 0xBB && head[2] === 0xBF ? 3 : 0;
	return head.subarray(start).find(byte => !isBlank(byte));
};

const keyPattern = /"(?:[^"\\]|\\.)*"|[\[\]\{\}]/gsv;

/** Whether the root object's `log` is an object, as far as the head goes. */
const hasLogObject = (text: string): boolean => {
	let depth = 0;
	let count = 0;
	for (const match of text.matchAll(keyPattern)) {
		const [token] = match;
		count++;
		if (count > maximumKeys) {
			return false;
		}

		if (token === '{' || token === '[') {
			depth++;
		} else if (token === '}' || token === ']') {
			depth--;
		} else if (depth === 1 && token === '"log"' && /^\s*:\s*\{/v.test(text.slice(match.index + token.length, match.index + token.length + 256))) {
			return true;
		}
	}

	return false;
};

/** An audit event or a list of them; also inside the lines a container runtime writes, where quotes are escaped. */
const auditPattern = /\\?"apiVersion\\?"\s*:\s*\\?"audit\.k8s\.io\//v;

/** Guesses a format from the first bytes of a file, gzip undone. */
export const detectFormat = (head: Uint8Array): Guess => {
	const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
	if (text.startsWith(sqliteMagic)) {
		return 'kubestep-go';
	}

	const first = firstByte(head);
	if (first === undefined) {
		return 'empty';
	}

	if (first === jsonBytes.openingBrace && hasLogObject(text)) {
		return 'har';
	}

	return auditPattern.test(text) ? 'audit' : 'other';
};
