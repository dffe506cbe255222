/* eslint-disable no-bitwise -- hashing mixes bits */
import {strict as assert} from 'node:assert';
/**
A 64-bit hash as two 32-bit lanes (JavaScript has no fast 64-bit integers): multiplicative hashing with a murmur3 finish that mixes each lane into the other.
Not cryptographic: it tells versions apart, it proves nothing.
*/
export type Lanes = {a: number; b: number};

const multiplierA = 0x9E_37_79_B1;
const multiplierB = 0x5F_35_6E_95;

/** Sets the lanes to the mix of two words. */
export const mixInto = (lanes: Lanes, first: number, second: number): void => {
	const a = Math.imul(first ^ (first >>> 16), 0x85_EB_CA_6B) ^ Math.imul(second ^ (second >>> 13), 0xC2_B2_AE_35);
	const b = Math.imul(second ^ (second >>> 16), 0x85_EB_CA_6B) ^ Math.imul(a ^ (a >>> 13), 0xC2_B2_AE_35);
	lanes.a = a ^ (a >>> 16);
	lanes.b = b ^ (b >>> 16);
};

/** Sets the lanes to the hash of a text; `seed` keeps texts of different meaning apart. */
export const hashText = (lanes: Lanes, text: string, seed: number): void => {
	assert.ok(Number.isSafeInteger(seed), 'a seed is a word');
	let a = seed ^ 0xDE_AD_BE_EF;
	let b = seed ^ 0x41_C6_CE_57;
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index); // eslint-disable-line unicorn/prefer-code-point -- every unit counts
		a = Math.imul(a ^ unit, multiplierA);
		b = Math.imul(b ^ unit, multiplierB);
		// Without this the lanes of a multiplicative hash never move a high bit down.
		a ^= a >>> 15;
	}

	assert.ok(Number.isSafeInteger(a) && Number.isSafeInteger(b), 'lanes are words');
	mixInto(lanes, a ^ text.length, b);
};

/** 16 hex digits. */
export const lanesToHex = (a: number, b: number): string =>
	((a >>> 0).toString(16).padStart(8, '0')) + ((b >>> 0).toString(16).padStart(8, '0'));
