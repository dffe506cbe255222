const nsPerMillisecond = 1_000_000n;

/** Seconds since the session's start, with milliseconds: `12.455`. */
export const seconds = (ns: bigint): string => {
	const milliseconds = ns / nsPerMillisecond;
	const [whole, rest] = [milliseconds / 1000n, milliseconds % 1000n];
	return `${whole}.${String(rest).padStart(3, '0')}`;
};

/** How long something took, in five characters or fewer: `3.9` and `412` ms, `12.3s`, `4m10s`, `2h05m`. */
export const shortDuration = (ns: bigint): string => {
	const milliseconds = Number(ns) / 1_000_000;
	if (milliseconds < 9.95) {
		return milliseconds.toFixed(1);
	}

	if (milliseconds < 999.5) {
		return milliseconds.toFixed(0);
	}

	const total = milliseconds / 1000;
	if (total < 99.95) {
		return `${total.toFixed(1)}s`;
	}

	const whole = Math.round(total);
	return whole < 3600 ? `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s` : `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`;
};

/** Wall clock of a moment of the session, UTC: `2026-11-23 10:04:05.123Z`; empty where the session has none. */
export const wallClock = (startedAt: number, ns: bigint): string => {
	const moment = new Date(startedAt + Number(ns / nsPerMillisecond));
	return Number.isNaN(moment.getTime()) ? '' : moment.toISOString().replace('T', ' ');
};

/** `71,358`. */
export const grouped = (count: number): string => count.toLocaleString('en-US');
