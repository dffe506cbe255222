import {parseTime} from '../kubernetes/go-time.js';

/** A wall clock in whole ms since the Unix epoch, the ns after it, and how exact it was written, ns. */
export type WallTime = {readonly ms: number; readonly ns: number; readonly precision: number};

const nanosecondsPerMillisecond = 1_000_000;

const precisionOf = (text: string): number => {
	const fraction = /(?<=[,.])\d+/v.exec(text);
	const digits = fraction === null ? 0 : fraction[0].length;
	return 10 ** Math.max(0, 9 - digits);
};

/** An RFC 3339 time, or what else `Date` reads; undefined: no time. */
export const parseWallTime = (text: string | undefined): WallTime | undefined => {
	if (text === undefined) {
		return undefined;
	}

	try {
		const {seconds, nanos} = parseTime(text);
		return {
			ms: (seconds * 1000) + Math.floor(nanos / nanosecondsPerMillisecond), ns: nanos % nanosecondsPerMillisecond, precision: precisionOf(text),
		};
	} catch (error) {
		if (!(error instanceof TypeError)) {
			throw error;
		}
	}

	const milliseconds = Date.parse(text);
	return Number.isNaN(milliseconds) ? undefined : {ms: milliseconds, ns: 0, precision: nanosecondsPerMillisecond};
};
