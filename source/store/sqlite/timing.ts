import {strict as assert} from 'node:assert';
import type {Operation} from '../../model/operation.js';

/*
The times nobody filters by, in one column: a byte that says which are there, then each as ns after arrival (waits and uncertainty as they are), zigzag and LEB128.
*/

type Times = Pick<Operation, 'arrivedAt' | 'sentAt' | 'responseStartedAt' | 'ownWait' | 'uncertainty'>;

/** Bytes of the longest number: 64 bits. */
const longestNumber = 10;

const encodeNumber = (value: bigint, out: number[]): void => {
	let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
	while (rest >= 0x80n) {
		out.push(Number(rest & 0x7Fn) | 0x80);
		rest >>= 7n;
	}

	out.push(Number(rest));
};

export const encodeTiming = (times: Times): Uint8Array | undefined => {
	const {arrivedAt, sentAt, responseStartedAt, ownWait, uncertainty} = times;
	const values = [
		sentAt === undefined ? undefined : sentAt - arrivedAt, responseStartedAt === undefined ? undefined : responseStartedAt - arrivedAt, ownWait, uncertainty,
	];
	if (values.every(value => value === undefined)) {
		return undefined;
	}

	const out = [0];
	for (const [index, value] of values.entries()) {
		if (value !== undefined) {
			out[0]! |= 1 << index;
			encodeNumber(value, out);
		}
	}

	assert(out.length > 1 && out.length <= 1 + (values.length * longestNumber), 'one number for each bit');
	return Uint8Array.from(out);
};

/** @throws TypeError where the column is damaged. */
export const decodeTiming = (column: Uint8Array, arrivedAt: bigint): Omit<Times, 'arrivedAt'> => {
	let position = 1;
	const next = (): bigint => {
		let value = 0n;
		for (let index = 0; index < longestNumber; index += 1) {
			const byte = column[position];
			position += 1;
			if (byte === undefined) {
				throw new TypeError('times end early');
			}

			value |= BigInt(byte & 0x7F) << BigInt(7 * index);
			if (byte < 0x80) {
				return (value >> 1n) ^ -(value & 1n);
			}
		}

		throw new TypeError('a time is too long');
	};

	const [present = 0] = column;
	const values = [0, 1, 2, 3].map(index => ((present & (1 << index)) === 0 ? undefined : next()));
	assert(position <= column.length || present === 0, 'no byte was read past the end');
	const [sent, started, ownWait, uncertainty] = values;
	return {
		sentAt: sent === undefined ? undefined : arrivedAt + sent,
		responseStartedAt: started === undefined ? undefined : arrivedAt + started,
		ownWait,
		uncertainty,
	};
};
