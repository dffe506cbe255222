/** Index of the first step that is not below `step`: its own, if it is there. */
export const lowerBound = (steps: Int32Array, step: number): number => {
	let low = 0;
	let high = steps.length;
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (steps[middle]! < step) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
};

export const hasStep = (steps: Int32Array, step: number): boolean => steps[lowerBound(steps, step)] === step;

/** The steps and one more, in order. */
export const withStep = (steps: Int32Array, step: number): Int32Array => {
	const at = lowerBound(steps, step);
	if (steps[at] === step) {
		return steps;
	}

	const more = new Int32Array(steps.length + 1);
	more.set(steps.subarray(0, at));
	more[at] = step;
	more.set(steps.subarray(at), at + 1);
	return more;
};
