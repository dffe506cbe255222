const second = 1;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

type Unit = readonly [seconds: number, name: string];

const units = {
	s: [second, 's'], m: [minute, 'm'], h: [hour, 'h'], d: [day, 'd'], y: [year, 'y'],
} as const;

/** A larger unit with the rest in a smaller one: `3d4h`; without the rest where it is zero. */
const two = (seconds: number, [large, largeName]: Unit, [small, smallName]: Unit): string => {
	const rest = Math.floor(seconds % large / small);
	return `${Math.floor(seconds / large)}${largeName}${rest === 0 ? '' : `${rest}${smallName}`}`;
};

/** A duration as kubectl prints ages (apimachinery's `duration.HumanDuration`). */
export const humanDuration = (milliseconds: number): string => {
	const seconds = Math.trunc(milliseconds / 1000);
	if (seconds < -1) {
		return '<invalid>';
	}

	if (seconds < 0) {
		return '0s';
	}

	if (seconds < 2 * minute) {
		return `${seconds}s`;
	}

	const steps: ReadonlyArray<readonly [below: number, print: () => string]> = [
		[10 * minute, () => two(seconds, units.m, units.s)],
		[3 * hour, () => `${Math.floor(seconds / minute)}m`],
		[8 * hour, () => two(seconds, units.h, units.m)],
		[2 * day, () => `${Math.floor(seconds / hour)}h`],
		[8 * day, () => two(seconds, units.d, units.h)],
		[2 * year, () => `${Math.floor(seconds / day)}d`],
		[8 * year, () => two(seconds, units.y, units.d)],
	];
	const step = steps.find(([below]) => seconds < below);
	return step === undefined ? `${Math.floor(seconds / year)}y` : step[1]();
};

/** Age of an RFC 3339 timestamp at a moment, as kubectl prints it. */
export const ageAt = (timestamp: string | undefined, nowMs: number): string => {
	const created = timestamp === undefined ? NaN : Date.parse(timestamp);
	return Number.isNaN(created) ? '<unknown>' : humanDuration(nowMs - created);
};
