import {strict as assert} from 'node:assert';
import {createHmac} from 'node:crypto';

/** What every token starts with: it says who put it there. */
export const tokenPrefix = 'kubestep-redacted:';
const tokenPattern = /^kubestep-redacted:\d{3}[\dKM]:[\da-f]{16}$/v;
const hashDigits = 16;
const kibi = 1024;
const largestBucket = 512 * kibi * kibi;

/** What the redactor asks of its keyed hash. */
export type TokenMaker = {
	/**
	`kubestep-redacted:0016:0123456789abcdef`: the length rounded up to a power of two (`0016`, `064K`, `001M`) and a keyed hash. Equal values have
	equal tokens, whatever the format. 39 characters, so that its base64 needs no padding.
	*/
	tokenOf(value: Uint8Array): string;
	/** A hash that says "same" and "different", and nothing else: 32 hex digits. */
	keyedHash(value: Uint8Array): string;
};

/** The smallest power of two that holds this many bytes, in four characters. */
const lengthBucket = (length: number): string => {
	assert.ok(length >= 0 && length <= largestBucket, 'a value fits the length buckets');
	const bucket = 2 ** Math.ceil(Math.log2(Math.max(1, length)));
	if (bucket < kibi) {
		return String(bucket).padStart(4, '0');
	}

	assert.ok(bucket >= length && bucket < 2 * length, 'a bucket is less than twice what it holds');
	const [scaled, unit] = bucket < kibi * kibi ? [bucket / kibi, 'K'] : [bucket / (kibi * kibi), 'M'];
	return String(scaled).padStart(3, '0') + unit;
};

export const isToken = (text: string): boolean => tokenPattern.test(text);

export const createTokenMaker = (key: Uint8Array): TokenMaker => {
	assert.ok(key.length >= 16, 'a redaction key has at least 128 bits');
	const digest = (value: Uint8Array): string => createHmac('sha256', key).update(value).digest('hex');

	return {
		tokenOf: value => `${tokenPrefix}${lengthBucket(value.length)}:${digest(value).slice(0, hashDigits)}`,
		keyedHash: value => digest(value).slice(0, 2 * hashDigits),
	};
};
