import {strict as assert} from 'node:assert';
import {usageError} from '../model/kubestep-error.js';
import type {Operation} from '../model/operation.js';

/** What a step is looked up in. */
export type AtContext = {
	readonly length: number;
	readonly durationNs: bigint;
	operation(step: number): Promise<Operation | undefined>;
	firstError(): Promise<number | undefined>;
};

/** Characters of anything that can be meant. */
const maximumText = 64;

const accepted = 'use a step (500), a share (50%), end, first-error, or a time since the start (12.5s, 3m2s)';

const unitsNs: ReadonlyMap<string, number> = new Map([['h', 3.6e12], ['m', 6e10], ['s', 1e9], ['ms', 1e6], ['us', 1e3], ['µs', 1e3], ['ns', 1]]);
const durationPattern = /^(?:\d+(?:\.\d+)?(?:h|ms|[ms]|us|µs|ns))+$/v;

/** Go's duration syntax; undefined: not one. Exact to a µs, which is finer than any recording's times are believed. */
const parseDuration = (text: string): bigint | undefined => {
	if (!durationPattern.test(text)) {
		return undefined;
	}

	let total = 0n;
	for (const {groups} of text.matchAll(/(?<amount>\d+(?:\.\d+)?)(?<unit>h|ms|[ms]|us|µs|ns)/gvy)) {
		const scale = unitsNs.get(groups!.unit!);
		assert.ok(scale !== undefined, 'every unit of the pattern has its length');
		const [whole, fraction = ''] = groups!.amount!.split('.', 2);
		total += (BigInt(whole!) * BigInt(scale)) + BigInt(Math.round(Number(`0.${fraction}0`) * scale));
	}

	assert.ok(total >= 0n, 'a time since the start is not before it');
	return total;
};

const seconds = (ns: bigint): string => `${Number(ns) / 1e9}s`;

/** The last step that arrived at or before a time: arrivals ascend, so halving finds it in a few look-ups. */
const stepAtTime = async (at: bigint, context: AtContext): Promise<number> => {
	assert.ok(at >= 0n && at <= context.durationNs, 'a time within the session');
	let low = 0;
	let high = context.length;
	for (let turn = 0; turn < 64 && low < high; turn++) {
		const middle = Math.ceil((low + high) / 2);
		const operation = await context.operation(middle); // eslint-disable-line no-await-in-loop -- each look-up decides the next
		if (operation !== undefined && operation.arrivedAt <= at) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}

	assert.equal(low, high, 'halving ends at one step');
	return low;
};

const stepOfShare = (text: string, length: number): number => {
	const share = Number(text.slice(0, -1));
	if (share > 100) {
		throw usageError(`--at ${text}: a share of the session is 0% to 100%`);
	}

	return Math.round(length * share / 100);
};

const stepOfNumber = (text: string, length: number): number => {
	const step = Number(text);
	if (step > length) {
		throw usageError(`--at ${text}: out of range, the session has steps 0 to ${length}`);
	}

	return step;
};

const stepOfDuration = async (text: string, at: bigint, context: AtContext): Promise<number> => {
	if (at > context.durationNs) {
		throw usageError(`--at ${text}: out of range, the session lasts from 0s to ${seconds(context.durationNs)}`);
	}

	return stepAtTime(at, context);
};

/**
The step a person means by `500`, `50%`, `end`, `first-error`, `12.5s`, `3m2s`.

@throws KubestepError usage: not understood (it says what is), or out of range (it names the range).
*/
export const resolveAt = async (at: string, context: AtContext): Promise<number> => {
	assert.ok(Number.isSafeInteger(context.length), 'a session counts its steps');
	assert.ok(context.durationNs >= 0n, 'a session lasts some time or none');
	const text = at.length > maximumText ? '' : at.trim();
	if (text === 'end') {
		return context.length;
	}

	if (text === 'first-error') {
		const step = await context.firstError();
		if (step === undefined) {
			throw usageError('--at first-error: no operation of the session failed');
		}

		return step;
	}

	if (/^\d+(?:\.\d+)?%$/v.test(text)) {
		return stepOfShare(text, context.length);
	}

	if (/^\d+$/v.test(text)) {
		return stepOfNumber(text, context.length);
	}

	const duration = parseDuration(text);
	if (duration === undefined) {
		throw usageError(`--at ${JSON.stringify(at.slice(0, 40))}: not understood; ${accepted}`);
	}

	return stepOfDuration(text, duration, context);
};
