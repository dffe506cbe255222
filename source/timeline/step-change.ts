import {strict as assert} from 'node:assert';
import {maximumEntered, type ChangeContext} from './change-context.js';
import {eventChange} from './event-change.js';
import {requestChange} from './request-change.js';
import type {StepChange} from './timeline-types.js';

/** What a step did: to its object before and after, or why nothing, in words. */
export const changeOfStep = async (context: ChangeContext, step: number): Promise<StepChange> => {
	assert.ok(Number.isSafeInteger(step) && step >= 0, 'a step is a whole number from 0');
	const operation = await context.operation(step);
	if (operation === undefined) {
		const note = step === 0 ? 'before the first operation' : `step ${step} is not in the recording`;
		return {
			type: 'nothing', place: undefined, object: undefined, note,
		};
	}

	const versions = await context.store.versionsEnteredAt(context.session, step, maximumEntered);
	assert.ok(versions.length <= maximumEntered, 'a store keeps the limit');
	assert.ok(versions.every(version => version.step === step), 'what entered at a step entered at no other');
	// One that ends where it begins never was the state: an older version that came late.
	const entered = versions.filter(version => version.until !== step);
	return operation.kind === 'event' ? eventChange(context, operation, entered) : requestChange(context, operation, entered);
};
