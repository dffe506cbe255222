import {expect} from 'vitest';
import {stateText} from '../../source/timeline/state-digest.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';

/** The whole state at a step as one text. */
export const stateAt = async (timeline: Timeline, step: number): Promise<string> => {
	let text = '';
	for await (const line of stateText(timeline, step)) {
		text += line;
	}

	return text;
};

/** The state at every step, walked from the start to the end. */
export const statesBySteps = async (timeline: Timeline): Promise<readonly string[]> => {
	const texts: string[] = [];
	for (let step = 0; step <= timeline.length; step++) {
		texts.push(await stateAt(timeline, step));
	}

	return texts;
};

/** The same from the end back to the start; given in ascending order. */
export const statesBackwards = async (timeline: Timeline): Promise<readonly string[]> => {
	const texts: string[] = [];
	for (let step = timeline.length; step >= 0; step--) {
		texts.push(await stateAt(timeline, step));
	}

	return texts.toReversed();
};

/** Every step from a timeline of its own: nothing that was asked before can have an influence. */
export const statesByJumps = async (open: () => Promise<Timeline>, close: (timeline: Timeline) => Promise<void>): Promise<readonly string[]> => {
	const {length} = await open();
	const texts: string[] = [];
	for (let step = 0; step <= length; step++) {
		const timeline = await open();
		texts.push(await stateAt(timeline, step));
		await close(timeline);
	}

	return texts;
};

/** Compares list by list without printing megabytes: the first step that differs is named. */
export const expectSameStates = (found: readonly string[], expected: readonly string[]): void => {
	expect(found.length).toBe(expected.length);
	const different = found.findIndex((text, step) => text !== expected[step]);
	expect(different === -1 ? 'same at every step' : `step ${different} differs`).toBe('same at every step');
};
