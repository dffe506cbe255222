import type {WallTime} from './wall-time.js';

/** Nanoseconds of a millisecond. */
export const millisecond = 1e6;

/**
Times of one session as numbers of ns since its base, the first time that was seen: exact to the ns for 104 days, and fast to sort. An entry's own offset is
finer than its wall clock, and is trusted more.
*/
export type SessionClock = {
	/** `offset` in ms since the capture began. Undefined where neither is known. */
	at(wall: WallTime | undefined, offset?: number): number | undefined;
	/** Time zero: the capture's beginning; `earliest` where something came before it, or where no offsets are known. */
	zero(earliest: number): number;
	/** Wall clock of a time, ms since the Unix epoch. */
	wallClock(time: number): number;
};

export const createSessionClock = (): SessionClock => {
	let base: number | undefined;
	let origin: number | undefined;

	const atOffset = (wall: WallTime | undefined, offset: number): number => {
		const begin = wall === undefined ? base ?? 0 : wall.ms + (wall.ns / millisecond) - offset;
		base ??= begin;
		origin ??= Math.round((begin - base) * millisecond);
		return origin + Math.round(offset * millisecond);
	};

	return {
		at(wall, offset) {
			if (offset !== undefined) {
				return atOffset(wall, offset);
			}

			if (wall === undefined) {
				return undefined;
			}

			base ??= wall.ms;
			return Math.round((wall.ms - base) * millisecond) + wall.ns;
		},
		zero: earliest => origin === undefined ? earliest : Math.min(origin, earliest),
		wallClock: time => (base ?? 0) + (time / millisecond),
	};
};
