import {strict as assert} from 'node:assert';
import {isWriteVerb, type Operation} from '../model/operation.js';
import type {ChangeContext} from './change-context.js';
import {placeOf} from './operation-place.js';

/** The write an event carries; where that is not recorded, the earlier event that told it first. */
export const causeOf = async (context: Pick<ChangeContext, 'known' | 'operation'>, told: Operation): Promise<Operation | undefined> => {
	if (told.cause !== undefined) {
		assert.notEqual(told.cause, told.sequence, 'nothing is its own cause');
		return context.operation(told.cause);
	}

	assert.ok(told.sequence >= 1, 'steps count from 1');
	const place = placeOf(told);
	if (place === undefined || told.kind !== 'event') {
		return undefined;
	}

	const end = told.verb === 'DELETED' ? await context.known.end(told, place) : undefined;
	const version = end ?? await context.known.carried(told, place);
	if (version === undefined || version.step === told.sequence) {
		return undefined;
	}

	assert.ok(version.step < told.sequence, 'a version enters no later than it is told');
	assert.ok(version.step >= 1, 'steps count from 1');
	const origin = await context.operation(version.step);
	const isBlamed = origin !== undefined && (origin.kind === 'event' || isWriteVerb(origin.verb));
	return isBlamed ? origin : undefined;
};
