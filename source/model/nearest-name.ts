import {strict as assert} from 'node:assert';

/** Names longer than this are not compared: nobody mistypes those. */
const maximumLength = 64;

/** Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours. */
const editDistance = (left: string, right: string): number => {
	assert.ok(left.length <= maximumLength && right.length <= maximumLength, 'long names are not compared');
	let older: number[] = [];
	let previous = Array.from({length: right.length + 1}, (_, index) => index);
	for (let row = 1; row <= left.length; row++) {
		const current = [row];
		for (let column = 1; column <= right.length; column++) {
			const isSame = left[row - 1] === right[column - 1];
			const isSwap = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
			current.push(Math.min(
				previous[column]! + 1,
				current[column - 1]! + 1,
				previous[column - 1]! + (isSame ? 0 : 1),
				isSwap ? older[column - 2]! + 1 : Infinity,
			));
		}

		older = previous;
		previous = current;
	}

	assert.equal(previous.length, right.length + 1, 'a row has a place for every prefix');
	const distance = previous[right.length];
	assert.ok(distance !== undefined && distance >= Math.abs(left.length - right.length), 'lengths differ by no more than the edits');
	return distance;
};

/**
The candidate a person probably meant, whatever the case: at most one edit in three characters away, or one that begins with what was typed (or
ends it). The first of equals. Undefined: none is near.
*/
export const nearestName = (name: string, candidates: readonly string[]): string | undefined => {
	if (name === '' || name.length > maximumLength) {
		return undefined;
	}

	const typed = name.toLowerCase();
	assert.ok(typed.length > 0, 'something was typed');
	let nearest: string | undefined;
	let best = Math.max(1, Math.floor(name.length / 3)) + 1;
	for (const candidate of candidates) {
		if (candidate.length > maximumLength) {
			continue;
		}

		const distance = editDistance(typed, candidate.toLowerCase());
		if (!(distance < best)) {
			continue;
		}

		best = distance;
		nearest = candidate;
	}

	assert.ok(nearest === undefined || candidates.includes(nearest), 'a name is chosen from the candidates');
	return nearest !== undefined || typed.length < 3 ? nearest : candidates.find(candidate => candidate.toLowerCase().startsWith(typed) || typed.startsWith(candidate.toLowerCase()));
};
