import {strict as assert} from 'node:assert';
import type {JsonValue} from '../model/json.js';
import {placeId, type ObjectPlace} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import {isWriteVerb, type Operation} from '../model/operation.js';
import type {ChangeContext} from './change-context.js';
import {placeOf, textEquals} from './operation-place.js';
import {
	bodilessReadNote,
	bookmarkNote,
	errorEventNote,
	goneWords,
	leftViewNote,
	newsNote,
	toldNote,
	unseenDeletionNote,
} from './step-notes.js';
import type {ObjectState, StepChange} from './timeline-types.js';

/** An event that brought a state nobody knew. */
const newsChange = async ({state, bodies}: ChangeContext, event: Operation, place: ObjectPlace): Promise<StepChange> => {
	const [before, after] = [await state.objectAt(event.sequence - 1, place), await state.objectAt(event.sequence, place)];
	assert.equal(event.kind, 'event');
	assert.ok(after === undefined || after.version.step <= event.sequence, 'nothing is told before it enters');
	if (before === undefined && after === undefined) {
		return {
			type: 'nothing', place, object: await bodies.object(event), note: unseenDeletionNote,
		};
	}

	return {
		type: 'changed', place, before, after, note: newsNote(event, before, after),
	};
};

const stateBefore = async ({known, reader}: ChangeContext, version: ObjectVersion): Promise<ObjectState | undefined> => {
	const before = await known.before(version);
	return before === undefined ? undefined : reader.state(before);
};

/** Whether this event is the first by which its process is told of a recorded write. */
const isFirstTold = async ({store, session}: ChangeContext, event: Operation, origin: Operation): Promise<boolean> => {
	if (!isWriteVerb(origin.verb)) {
		return false;
	}

	assert.ok(origin.sequence < event.sequence, 'a write is told after it');
	const [earlier] = await store.queryOperations({
		session,
		from: origin.sequence + 1,
		to: event.sequence,
		filter: {
			type: 'all',
			filters: [
				{
					type: 'number', column: 'cause', test: '==', value: origin.sequence,
				},
				textEquals('process', event.process),
			],
		},
		limit: 1,
	});
	assert.ok(earlier === undefined || earlier.sequence <= event.sequence, 'earlier events were asked for');
	return earlier === undefined || earlier.sequence === event.sequence;
};

/** An event that tells what the recording knew: what changed then, for a person wants to see what the operator was told. */
const toldChange = async (context: ChangeContext, event: Operation, version: ObjectVersion): Promise<StepChange> => {
	const place = version.key;
	const origin = await context.operation(version.step);
	const before = await stateBefore(context, version);
	const after = version.kind === 'end' ? undefined : await context.reader.state(version);
	assert.ok(version.step <= event.sequence, 'nothing is told before it enters');
	assert.ok(origin === undefined || origin.sequence === version.step, 'a version comes from the step at which it entered');
	assert.ok(before === undefined || before.version.key.uid === version.key.uid, 'a version replaces one of its own uid');
	const note = toldNote(event, version, origin);
	// A watch that begins tells what exists: only a creation is news in it, and only once.
	const isNews = before === undefined && origin !== undefined && await isFirstTold(context, event, origin);
	if (!isNews && after !== undefined && event.verb === 'ADDED') {
		return {
			type: 'read', place, object: after.object, note,
		};
	}

	return {
		type: 'changed', place, before, after, note,
	};
};

const deletedChange = async (context: ChangeContext, event: Operation, place: ObjectPlace): Promise<StepChange> => {
	assert.equal(event.verb, 'DELETED');
	const end = await context.known.end(event, place);
	if (end !== undefined) {
		assert.ok(end.key.uid === event.uid && end.kind === 'end', 'the uid of the event has ended');
		return toldChange(context, event, end);
	}

	const version = await context.known.carried(event, place);
	if (version === undefined) {
		return {
			type: 'nothing', place, object: await context.bodies.object(event), note: leftViewNote,
		};
	}

	const told = await toldChange(context, event, version);
	assert.equal(told.type, 'changed', 'only an ADDED event is shown as a read');
	return {...told, note: `${leftViewNote}; ${told.note ?? ''}`};
};

const placelessNote = (event: Operation, object: JsonValue): string => {
	assert.equal(event.kind, 'event', 'requests have notes of their own');
	assert.notEqual(event.verb, '', 'an event has a type');
	switch (event.verb) {
		case 'BOOKMARK': {
			return bookmarkNote(event);
		}

		case 'ERROR': {
			return errorEventNote(event, object);
		}

		default: {
			return bodilessReadNote(event);
		}
	}
};

/** BOOKMARK, ERROR, and events whose object has no name. */
const placelessChange = async ({bodies}: ChangeContext, event: Operation, entered: readonly ObjectVersion[]): Promise<StepChange> => {
	assert.ok(entered.every(({step}) => step === event.sequence), 'what entered, entered at this step');
	// The bookmark that ends initial events is a complete list: what is absent from it has ended.
	if (entered.length > 0) {
		return {type: 'many', entered, note: `${placelessNote(event, undefined)}; ${goneWords(entered)}`};
	}

	const object = await bodies.object(event);
	return {
		type: 'nothing', place: undefined, object, note: placelessNote(event, object),
	};
};

/** What a watch event did, or told. `entered`: the versions that became state at its step. */
export const eventChange = async (context: ChangeContext, event: Operation, entered: readonly ObjectVersion[]): Promise<StepChange> => {
	assert.equal(event.kind, 'event');
	const place = placeOf(event);
	if (place === undefined || event.verb === 'BOOKMARK' || event.verb === 'ERROR') {
		return placelessChange(context, event, entered);
	}

	assert.ok(entered.every(({step}) => step === event.sequence), 'what entered, entered at this step');
	if (entered.some(({key}) => placeId(key) === placeId(place))) {
		return newsChange(context, event, place);
	}

	if (event.verb === 'DELETED') {
		return deletedChange(context, event, place);
	}

	const version = await context.known.carried(event, place);
	if (version !== undefined) {
		return toldChange(context, event, version);
	}

	return {
		type: 'nothing', place, object: await context.bodies.object(event), note: 'carries nothing that is a state of the object',
	};
};
