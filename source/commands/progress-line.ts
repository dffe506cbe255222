/** How far a phase is: bytes of input while reading, operations afterwards. `total` is undefined where nobody knows (stdin). */
export type Progress = {readonly phase: 'reading' | 'ordering' | 'writing'; readonly done: number; readonly total: number | undefined};

/** Nothing is shown for what is over sooner. */
const quietMs = 1000;
const intervalMs = 200;
const mebibyte = 1024 * 1024;

const timeLeft = (milliseconds: number): string => {
	const seconds = Math.ceil(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s left` : `${Math.floor(seconds / 60)} min ${seconds % 60} s left`;
};

const amount = (phase: Progress['phase'], count: number): string =>
	phase === 'reading' ? `${(count / mebibyte).toFixed(1)} MiB` : `${Math.round(count)}`;

/** One line on how far a phase is: how much, how fast, how long still. */
export const progressText = (what: string, {phase, done, total}: Progress, elapsedMs: number): string => {
	const rate = done / Math.max(1, elapsedMs) * 1000;
	const speed = `${amount(phase, rate)}/s`;
	const head = `${what}: ${phase}`;
	if (total === undefined || total === 0) {
		return `${head} ${amount(phase, done)}, ${speed}`;
	}

	const share = Math.min(1, done / total);
	const left = rate === 0 ? '' : `, ${timeLeft((total - Math.min(done, total)) / rate * 1000)}`;
	return `${head} ${Math.floor(share * 100)} % of ${amount(phase, total)}, ${speed}${left}`;
};

/** Gives the line to show now, or undefined: not yet worth one, or too soon after the last. `now` is a monotonic clock, ms. */
export const progressMeter = (what: string, now: () => number): (progress: Progress) => string | undefined => {
	const started = now();
	let last = started;
	let phase: Progress['phase'] = 'reading';
	let phaseStarted = started;
	return progress => {
		const time = now();
		if (progress.phase !== phase) {
			phase = progress.phase;
			phaseStarted = time;
		}

		if (time - started < quietMs || time - last < intervalMs) {
			return undefined;
		}

		last = time;
		return progressText(what, progress, time - phaseStarted);
	};
};
