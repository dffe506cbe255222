import {strict as assert} from 'node:assert';
import {Buffer, isUtf8} from 'node:buffer';
import {
	createKnownIndex,
	maximumKnownValues,
	type KnownHit,
	type KnownIndex,
} from './redact-index.js';
import {hasUnusualEscapes} from './redact-forms.js';
import {isSecretKey, learningOf} from './redact-learning.js';
import {secretParts} from './redact-parts.js';
import {shortestPattern} from './redact-scanner.js';
import type {TokenMaker} from './redact-token.js';

/** Bytes of one value that is swept elsewhere; longer ones (files, Helm releases) are only replaced where they stand. */
export const maximumSweptBytes = 16 * 1024;
/** Names of objects remembered, so that no name is taken for a secret. */
export const maximumIdentities = 16_384;

/** The secret values seen so far, and the replacing of them wherever else they appear. Which values count is `learningOf`'s rule. */
export type KnownValues = {
	readonly size: number;
	/** A value seen in a secret's field `key`. */
	learn(value: Uint8Array, key: string): void;
	/** A name, namespace or path segment: it names something, so it is no secret, even where a Secret holds the same text. */
	noteIdentity(text: string): void;
	isIn(bytes: Uint8Array): boolean;
	/** Whether these bytes have escapes that no usual JSON writer makes: a value could stand there without `isIn` seeing it. */
	canHideIn(bytes: Uint8Array): boolean;
	/** The same bytes object where nothing was found. */
	maskBytes(bytes: Uint8Array): Uint8Array;
	/** The same text where nothing was found. */
	maskText(text: string): string;
};

const equalsSign = 0x3D;
const base64Bytes: ReadonlySet<number> = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'));
const isBase64Byte = (byte: number | undefined): boolean => byte !== undefined && base64Bytes.has(byte);

type Run = {readonly start: number; readonly end: number};

/** The whole run of base64 characters round a hit, with its padding: half of one would not decode. */
const base64Run = (bytes: Uint8Array, hit: Run, from: number): Run => {
	let {start, end} = hit;
	assert.ok(from <= start, 'a hit lies behind what is done');
	while (start > from && isBase64Byte(bytes[start - 1])) {
		start--;
	}

	while (end < bytes.length && isBase64Byte(bytes[end])) {
		end++;
	}

	for (let padding = 0; padding < 2 && bytes[end] === equalsSign; padding++) {
		end++;
	}

	assert.ok(start <= hit.start && end >= hit.end, 'a run holds its hit');
	return {start, end};
};

/** What stands in a hit's place: the value's token, or base64 of the token of what the base64 text holds. */
const replacementOf = (tokens: TokenMaker, {label}: KnownHit, run: Uint8Array): Uint8Array => {
	if (label.form !== 'base64') {
		return Buffer.from(label.value.token);
	}

	const text = Buffer.from(run).toString('latin1');
	assert.ok(text.length >= shortestPattern, 'a run holds a hit');
	const token = tokens.tokenOf(Buffer.from(text, 'base64'));
	const replacement = Buffer.from(token).toString('base64');
	assert.ok(!replacement.endsWith('='), 'a token needs no padding');
	return Buffer.from(replacement);
};

const maskBytes = (index: KnownIndex, tokens: TokenMaker, bytes: Uint8Array): Uint8Array => {
	const parts: Uint8Array[] = [];
	let done = 0;
	for (let hit = index.find(bytes, 0); hit !== undefined; hit = index.find(bytes, done)) {
		const {start, end} = hit.label.form === 'base64' ? base64Run(bytes, hit, done) : hit;
		parts.push(bytes.subarray(done, start), replacementOf(tokens, hit, bytes.subarray(start, end)));
		assert.ok(end > done, 'every hit is further on');
		done = end;
	}

	assert.ok(done <= bytes.length, 'hits lie in the bytes');
	return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(done)]);
};

type State = {readonly index: KnownIndex; readonly identities: Set<string>; readonly tokens: TokenMaker};

/** Remembers one value, or a part of one, if the rule says so. */
const learnOne = ({index, identities, tokens}: State, value: Uint8Array, key: string): void => {
	if (value.length < shortestPattern || value.length > maximumSweptBytes) {
		return;
	}

	const learning = learningOf(value, key);
	const isName = learning === 'unless-named' && identities.has(Buffer.from(value).toString());
	if (learning !== 'never' && !isName) {
		index.remember({bytes: Uint8Array.from(value), token: tokens.tokenOf(value), isNameLike: learning === 'unless-named'});
		assert.ok(index.get(value) !== undefined, 'what was learnt is known');
	}

	assert.ok(index.size <= maximumKnownValues, 'known values stay within their cap');
};

/** Remembers a value, the value without the line end that `echo` gave it, and what secrets it has inside. */
const learn = (state: State, value: Uint8Array, key: string): void => {
	learnOne(state, value, key);
	if (value.length > maximumSweptBytes || !isUtf8(value)) {
		return;
	}

	const text = Buffer.from(value).toString();
	const trimmed = text.trim();
	assert.ok(trimmed.length <= text.length, 'trimming adds nothing');
	if (trimmed !== text) {
		learnOne(state, Buffer.from(trimmed), key);
	}

	for (const part of secretParts(text, isSecretKey)) {
		assert.ok(part.value.length < text.length, 'a part is less than the whole');
		learnOne(state, Buffer.from(part.value), part.key);
	}
};

const noteIdentity = ({index, identities}: State, text: string): void => {
	if (text.length < shortestPattern) {
		return;
	}

	const same = index.size === 0 ? undefined : index.get(Buffer.from(text));
	if (same?.isNameLike) {
		index.forget(same);
		assert.equal(index.get(same.bytes), undefined, 'what names something is no secret');
	}

	const [oldest] = identities.size < maximumIdentities || identities.has(text) ? [] : identities;
	if (oldest !== undefined) {
		identities.delete(oldest);
	}

	identities.add(text);
	assert.ok(identities.size <= maximumIdentities, 'identities stay within their cap');
};

const maskText = ({index, tokens}: State, text: string): string => {
	if (index.size === 0 || text.length < shortestPattern) {
		return text;
	}

	const bytes = Buffer.from(text);
	const masked = maskBytes(index, tokens, bytes);
	return masked === bytes ? text : Buffer.from(masked).toString();
};

export const createKnownValues = (tokens: TokenMaker): KnownValues => {
	const state: State = {index: createKnownIndex(), identities: new Set(), tokens};
	const {index} = state;
	assert.equal(index.size, 0, 'a session begins without known values');

	return {
		get size() {
			return index.size;
		},
		learn(value, key) {
			learn(state, value, key);
		},
		noteIdentity(text) {
			noteIdentity(state, text);
		},
		isIn: bytes => index.find(bytes, 0) !== undefined,
		canHideIn: bytes => index.size > 0 && hasUnusualEscapes(bytes),
		maskBytes: bytes => maskBytes(index, tokens, bytes),
		maskText: text => maskText(state, text),
	};
};
