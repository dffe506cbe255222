import {strict as assert} from 'node:assert';

const isSurrogate = (unit: number): boolean => unit >= 0xD8_00 && unit <= 0xDF_FF;

/** Order of two strings by their UTF-8 bytes, as Go sorts map keys: negative, zero or positive. */
export const compareUtf8 = (left: string, right: string): number => {
	const length = Math.min(left.length, right.length);
	for (let index = 0; index < length; index++) {
		const leftUnit = left.charCodeAt(index); // eslint-disable-line unicorn/prefer-code-point -- units are compared, not characters
		const rightUnit = right.charCodeAt(index); // eslint-disable-line unicorn/prefer-code-point
		if (leftUnit !== rightUnit) {
			// A surrogate stands for a character beyond every single unit.
			return isSurrogate(leftUnit) === isSurrogate(rightUnit) ? leftUnit - rightUnit : (isSurrogate(leftUnit) ? 1 : -1);
		}
	}

	assert.ok(length === left.length || length === right.length, 'one ends here');
	assert.ok(left.startsWith(right) || right.startsWith(left), 'one is the beginning of the other');
	return left.length - right.length;
};

/** Whether strings are in the order of their UTF-8 bytes. */
export const isSortedByUtf8 = (keys: readonly string[]): boolean => {
	for (let index = 1; index < keys.length; index++) {
		if (compareUtf8(keys[index - 1] ?? '', keys[index] ?? '') > 0) {
			return false;
		}
	}

	return true;
};
