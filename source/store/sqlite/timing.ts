import {strict as assert} from 'node:assert';
import type {Operation} from '../../model/operation.js';

/*
The times nobody filters by, in one column: a byte that says which of them are there (1, 2, 4, 8), then each as a variable-length number: sent and response started as ns
after arrival, the recorder's wait and the uncertainty as they are. A number is n × 2 where it is not negative, else −n × 2 − 1; its digits to base 128, the lowest first, each but the last plus 128.
*/

type Times = Pick<Operation, 'arrivedAt' | 'sentAt' | 'responseStartedAt' | 'ownWait' | 'uncertainty'>;

const base = 128;
const wideBase = 128n;
/** Bytes of the longest number: 64 bits. */
const longestNumber = 10;
/** Times in a column. */
const timeCount = 4;

const encodeNumber = (value: bigint, out: number[]): void => {
	let rest = value < 0n ? (-value * 2n) - 1n : value * 2n;
	while (rest >= wideBase) {
		out.push(Number(rest % wideBase) + base);
		rest /= wideBase;
	}

	out.push(Number(rest));
};

export const encodeTiming = (times: Times): Uint8Array | undefined => {
	const {arrivedAt, sentAt, responseStartedAt, ownWait, uncertainty} = times;
	const values = [
		sentAt === undefined ? undefined : sentAt - arrivedAt, responseStartedAt === undefined ? undefined : responseStartedAt - arrivedAt, ownWait, uncertainty,
	];
	let present = 0;
	const numbers: number[] = [];
	for (const [index, value] of values.entries()) {
		if (value === undefined) {
			continue;
		}

		present += 2 ** index;
		encodeNumber(value, numbers);
	}

	assert.ok(numbers.length <= values.length * longestNumber, 'times are 64 bits wide');
	assert.ok(present < 2 ** timeCount, 'a bit for each time');
	assert.equal(present === 0, numbers.length === 0, 'a bit goes with a number');
	return present === 0 ? undefined : Uint8Array.from([present, ...numbers]);
};

/** Reads the number that begins at a position; gives it and where the next begins. */
const decodeNumber = (column: Uint8Array, start: number): readonly [value: bigint, next: number] => {
	assert.ok(start >= 1, 'the first byte says which times there are');
	assert.ok(start <= column.length, 'a number begins within its column');
	let value = 0n;
	let weight = 1n;
	for (let position = start; position < Math.min(column.length, start + longestNumber); position += 1) {
		const byte = column[position]!;
		value += BigInt(byte % base) * weight;
		weight *= wideBase;
		if (byte < base) {
			const half = (value + 1n) / 2n;
			return [value % 2n === 0n ? half : -half, position + 1];
		}
	}

	throw new TypeError('times end early');
};

/** Undoes `encodeTiming`; a TypeError where the column is damaged. */
export const decodeTiming = (column: Uint8Array, arrivedAt: bigint): Omit<Times, 'arrivedAt'> => {
	const present = column[0] ?? 0;
	assert.ok(present > 0 && present < 2 ** timeCount, 'some of the times we know');
	let position = 1;
	const values = [0, 1, 2, 3].map(index => {
		if (Math.floor(present / (2 ** index)) % 2 === 0) {
			return undefined;
		}

		const [value, next] = decodeNumber(column, position);
		position = next;
		return value;
	});
	assert.equal(position, Math.max(1, column.length), 'every byte was read');
	assert.equal(values.length, timeCount, 'every time was looked for');
	const [sent, started, ownWait, uncertainty] = values;
	return {
		sentAt: sent === undefined ? undefined : arrivedAt + sent,
		responseStartedAt: started === undefined ? undefined : arrivedAt + started,
		ownWait,
		uncertainty,
	};
};
