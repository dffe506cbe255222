import {strict as assert} from 'node:assert';
import {arrayAt, isJsonObject, type JsonValue} from '../model/json.js';
import {placeId, type ObjectPlace} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import {isWriteVerb, type Operation} from '../model/operation.js';
import {maximumEntered, type ChangeContext} from './change-context.js';
import {placeOf} from './operation-place.js';
import {
	bodilessReadNote,
	effectNote,
	idleWriteNote,
	isAnswered,
	listNote,
	manyNote,
	refusalNote,
	unseenDeletionNote,
	urlNote,
	watchNote,
} from './step-notes.js';
import type {StepChange} from './timeline-types.js';

/** Bytes of a list that is decoded to count its items. */
const maximumCountedList = 1024 * 1024;

const nothing = (note: string, place: ObjectPlace | undefined, object: JsonValue): StepChange => ({
	type: 'nothing', place, object, note,
});

/** Items of a List, rows of a Table. */
const countItems = (list: JsonValue): number | undefined => {
	const field = ['items', 'rows'].find(name => isJsonObject(list) && Object.hasOwn(list, name));
	return field === undefined ? undefined : arrayAt(list, field).length;
};

/** The one place that all versions are of. */
const commonPlace = (entered: readonly ObjectVersion[]): ObjectPlace | undefined => {
	const [first] = entered;
	return first !== undefined && entered.every(({key}) => placeId(key) === placeId(first.key)) ? first.key : undefined;
};

const changeAt = async ({state}: ChangeContext, operation: Operation, place: ObjectPlace): Promise<StepChange> => {
	const [before, after] = [await state.objectAt(operation.sequence - 1, place), await state.objectAt(operation.sequence, place)];
	assert.equal(operation.kind, 'request');
	assert.ok(before === undefined || before.version.step < operation.sequence, 'what was before entered before');
	if (before === undefined && after === undefined) {
		return nothing(unseenDeletionNote, place, undefined);
	}

	return {
		type: 'changed', place, before, after, note: effectNote(operation, before, after),
	};
};

/** The first event that carries what a write of unknown outcome did (design: rule 5). */
const effectShownBy = async ({store, session}: ChangeContext, operation: Operation): Promise<number | undefined> => {
	assert.ok(isWriteVerb(operation.verb) && !isAnswered(operation), 'of an answered write the outcome is known');
	const [event] = await store.queryOperations({
		session,
		from: operation.sequence + 1,
		filter: {
			type: 'number', column: 'cause', test: '==', value: operation.sequence,
		},
		limit: 1,
	});
	assert.ok(event === undefined || event.cause === operation.sequence, 'an effect of this write was asked for');
	return event?.sequence;
};

/** A write that brought nothing in: why. */
const idleWrite = async (context: ChangeContext, operation: Operation): Promise<StepChange> => {
	const {state, bodies} = context;
	assert.ok(isWriteVerb(operation.verb), 'reads have notes of their own');
	assert.ok(!operation.flags.has('noop') || isAnswered(operation), 'a no-op was answered');
	const place = placeOf(operation);
	const isDryRun = operation.flags.has('dryRun');
	// What a dry run answers is what would have been; what else did nothing is explained by the object as it is.
	const isShowsState = !isDryRun && place !== undefined && (!isAnswered(operation) || operation.flags.has('noop'));
	const current = isShowsState ? await state.objectAt(operation.sequence, place) : undefined;
	const note = isAnswered(operation) ? idleWriteNote(operation) : refusalNote(operation, await effectShownBy(context, operation));
	return nothing(note, place, current?.object ?? await bodies.object(operation));
};

const writeChange = async (context: ChangeContext, operation: Operation, entered: readonly ObjectVersion[]): Promise<StepChange> => {
	assert.ok(isWriteVerb(operation.verb));
	assert.ok(entered.every(({step}) => step === operation.sequence), 'what entered, entered at this step');
	if (entered.length === 0) {
		return idleWrite(context, operation);
	}

	const place = operation.verb === 'deletecollection' ? undefined : commonPlace(entered);
	if (place !== undefined && operation.flags.has('noop') && await context.state.objectAt(operation.sequence - 1, place) === undefined) {
		return idleWrite(context, operation);
	}

	return place === undefined
		? {type: 'many', entered, note: manyNote(operation, entered)}
		: changeAt(context, operation, place);
};

const watchChange = async ({store, session}: ChangeContext, operation: Operation): Promise<StepChange> => {
	assert.equal(operation.verb, 'watch');
	const events = {
		session,
		from: operation.sequence,
		filter: {
			type: 'number', column: 'stream', test: '==', value: operation.sequence,
		},
	} as const;
	const told = await store.countOperations(events);
	const [last] = told === 0 ? [] : await store.queryOperations({...events, direction: 'backward', limit: 1});
	assert.ok(last === undefined || last.stream === operation.sequence, 'an event is of the watch that was asked for');
	return nothing(watchNote(operation, last === undefined ? 0 : told, last?.sequence), placeOf(operation), undefined);
};

const listChange = async ({bodies}: ChangeContext, operation: Operation, entered: readonly ObjectVersion[]): Promise<StepChange> => {
	const isCounted = (operation.responseSize ?? 0) <= maximumCountedList;
	const items = isCounted ? countItems(await bodies.object(operation)) : undefined;
	assert.ok(entered.length <= maximumEntered);
	return {type: 'many', entered, note: listNote(operation, items, entered, entered.length >= maximumEntered)};
};

const getChange = async (context: ChangeContext, operation: Operation, entered: readonly ObjectVersion[]): Promise<StepChange> => {
	assert.ok(isAnswered(operation) && operation.verb !== 'list', 'one answer was read');
	assert.ok(entered.every(({step}) => step === operation.sequence), 'what entered, entered at this step');
	const place = placeOf(operation) ?? commonPlace(entered);
	if (place !== undefined && entered.length > 0 && await context.state.objectAt(operation.sequence - 1, place) !== undefined) {
		return changeAt(context, operation, place);
	}

	const object = await context.bodies.object(operation);
	if (place === undefined) {
		return nothing(bodilessReadNote(operation), undefined, object);
	}

	const seen = entered.length > 0 ? 'first seen in this recording' : undefined;
	return {
		type: 'read', place, object, note: object === undefined ? bodilessReadNote(operation) : seen,
	};
};

/** What a request did, or why nothing. `entered`: the versions that became state at its step. */
export const requestChange = async (context: ChangeContext, operation: Operation, entered: readonly ObjectVersion[]): Promise<StepChange> => {
	assert.equal(operation.kind, 'request');
	if (operation.resource === undefined || operation.resource === '') {
		return nothing(urlNote(operation), undefined, await context.bodies.object(operation));
	}

	if (isWriteVerb(operation.verb)) {
		return writeChange(context, operation, entered);
	}

	assert.ok(operation.sequence >= 1, 'steps count from 1');
	if (operation.verb === 'watch' && (isAnswered(operation) || operation.status === undefined)) {
		return watchChange(context, operation);
	}

	if (!isAnswered(operation)) {
		return nothing(refusalNote(operation), placeOf(operation), await context.bodies.object(operation));
	}

	return operation.verb === 'list' ? listChange(context, operation, entered) : getChange(context, operation, entered);
};
