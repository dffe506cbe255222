import {strict as assert} from 'node:assert';

const comparablePattern = /^(?:0|[1-9]\d{0,19})$/v;

/** Whether two resourceVersions of one resource can be ordered (KEP-5504): decimal, no leading zero. */
export const isComparable = (resourceVersion: string | undefined): resourceVersion is string =>
	resourceVersion !== undefined && comparablePattern.test(resourceVersion);

/**
Order of two comparable resourceVersions of one resource: negative, zero or positive; undefined where either is opaque.
Compared as decimal strings, for they can pass 2^53.
*/
export const compareResourceVersions = (left: string | undefined, right: string | undefined): number | undefined => {
	if (!isComparable(left) || !isComparable(right)) {
		return undefined;
	}

	// Digits without leading zeros: the longer number is the larger, and equal lengths compare as text.
	assert.ok(!left.startsWith('0') || left === '0', 'no leading zero');
	if (left.length !== right.length) {
		return left.length - right.length;
	}

	if (left === right) {
		return 0;
	}

	return left < right ? -1 : 1;
};
