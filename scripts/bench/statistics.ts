/** The value below which this share of the samples lies. */
export const percentile = (samples: readonly number[], share: number): number => {
	const sorted = samples.toSorted((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
};

/** Milliseconds of each of `count` runs. */
export const timeEach = async (count: number, run: (index: number) => Promise<unknown>): Promise<readonly number[]> => {
	const samples: number[] = [];
	for (let index = 0; index < count; index++) {
		const started = performance.now();
		await run(index); // eslint-disable-line no-await-in-loop -- one at a time is what is measured
		samples.push(performance.now() - started);
	}

	return samples;
};
