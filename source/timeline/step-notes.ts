import {strict as assert} from 'node:assert';
import {
	arrayAt,
	isJsonObject,
	objectAt,
	stringAt,
	type JsonValue,
} from '../model/json.js';
import type {ObjectVersion} from '../model/object-version.js';
import {isWriteVerb, type EndKind, type Operation} from '../model/operation.js';
import {compareResourceVersions} from '../model/resource-version.js';
import {blamedManager} from './blamed-manager.js';
import type {ObjectState} from './timeline-types.js';

/** Characters of a server's message that a note repeats. */
const maximumMessage = 400;

/** A text of a recording on one line, without control characters, cut where it is long. */
const quote = (text: string): string => {
	const line = text.replaceAll(/\p{Control}+/gv, ' ').trim();
	return line.length > maximumMessage ? `${line.slice(0, maximumMessage)}…` : line;
};

const joinNotes = (notes: ReadonlyArray<string | undefined>): string | undefined => {
	const said = notes.filter(note => note !== undefined && note !== '');
	return said.length === 0 ? undefined : said.join('; ');
};

const endWords: Readonly<Record<EndKind, string>> = {
	complete: 'no answer was recorded',
	'client-abort': 'the client gave up before the answer',
	'server-timeout': 'the server closed the request',
	'transport-error': 'the connection broke before the answer',
	unknown: 'no answer was recorded',
};

const answerWords = ({status, reason, message}: Operation): string => {
	assert.ok(status !== undefined, 'an answer has a status');
	const head = [String(status), reason].filter(part => part !== undefined && part !== '').join(' ');
	const tail = message === undefined || message === '' ? '' : `: ${message}`;
	return quote(`${head}${tail}`);
};

/** `409 Conflict: the object has been modified`, or why there was no answer. */
const outcomeWords = (operation: Operation): string =>
	operation.status === undefined ? endWords[operation.end ?? 'unknown'] : answerWords(operation);

const managerWords = (before: ObjectState | undefined, after: ObjectState): string => {
	const manager = blamedManager(before?.object, after.object);
	return manager === undefined ? '' : ` (field manager ${quote(manager)})`;
};

const isDeleting = (state: ObjectState | undefined): boolean =>
	state !== undefined && stringAt(objectAt(state.object, 'metadata'), 'deletionTimestamp') !== undefined;

/** An object that was only marked for deletion, and what it waits for. */
const deletionNote = (before: ObjectState | undefined, after: ObjectState): string | undefined => {
	if (isDeleting(before) || !isDeleting(after)) {
		return undefined;
	}

	const finalizers = arrayAt(objectAt(after.object, 'metadata'), 'finalizers').filter(name => typeof name === 'string');
	return finalizers.length === 0 ? 'marked for deletion' : quote(`marked for deletion, waits for its finalizers ${finalizers.join(', ')}`);
};

const incarnationNote = (before: ObjectState | undefined, after: ObjectState): string | undefined =>
	before !== undefined && before.version.key.uid !== after.version.key.uid
		? 'another object of the same name: the one before has ended'
		: undefined;

/** A write whose base the recording never saw: its diff holds the changes of others too. */
const baseNote = (operation: Operation, before: ObjectState | undefined): string | undefined => {
	const known = before?.version.resourceVersion;
	const order = compareResourceVersions(known, operation.resourceVersionBefore);
	return order !== undefined && order < 0
		? `written on resourceVersion ${operation.resourceVersionBefore}, the recording knew ${known}: the difference holds others' changes too`
		: undefined;
};

/** Whether a request's answer says that it took effect, or gave what was asked. */
export const isAnswered = ({status}: Operation): boolean => status !== undefined && status >= 200 && status < 300;

/** An object that ended before the recording ever saw it. */
export const unseenDeletionNote = 'deleted; the recording had not seen it before';

const ownKindSubresources: ReadonlySet<string> = new Set(['', 'status', 'finalize', 'approval', 'ephemeralcontainers', 'resize']);

/** Why a write that succeeded changed nothing of the state. */
export const idleWriteNote = (operation: Operation): string => {
	assert.ok(isWriteVerb(operation.verb) && isAnswered(operation), 'a write that succeeded');
	assert.equal(operation.kind, 'request');
	const {flags, subresource = '', resource = '', resourceVersion, verb} = operation;
	if (flags.has('dryRun')) {
		return 'dry run: nothing was stored';
	}

	const at = resourceVersion === undefined ? '' : ` (resourceVersion ${resourceVersion})`;
	if (flags.has('noop')) {
		return `changed nothing: the object already was like this${at}`;
	}

	if (!ownKindSubresources.has(subresource)) {
		return `${quote(subresource)} answers with a kind of its own: its effect shows when the object is next told or read`;
	}

	if (resource.endsWith('reviews')) {
		return 'a review: answered, and nothing is stored';
	}

	if (verb === 'delete' || verb === 'deletecollection') {
		return unseenDeletionNote;
	}

	if (operation.responseBody === undefined) {
		return 'succeeded; the recording has no body of the answer, so what it changed is not known';
	}

	return flags.has('undecodable')
		? 'succeeded; the answer cannot be decoded, so what it changed is not known'
		: `brought nothing the recording did not know already${at}`;
};

/** What is worth saying of a write, or a read, that changed the state of its object. */
export const effectNote = (operation: Operation, before: ObjectState | undefined, after: ObjectState | undefined): string | undefined => {
	assert.equal(operation.kind, 'request');
	assert.ok(before !== undefined || after !== undefined, 'what was never there does not change');
	if (after === undefined) {
		return isWriteVerb(operation.verb) ? 'deleted' : 'no longer there: deleted outside this recording';
	}

	if (!isWriteVerb(operation.verb)) {
		return `changed before this read by somebody outside this recording${managerWords(before, after)}`;
	}

	if (operation.flags.has('noop')) {
		return `${idleWriteNote(operation)}; it was changed before by somebody outside this recording${managerWords(before, after)}`;
	}

	const isUnanswered = operation.status === undefined || operation.status >= 500;
	return joinNotes([
		isUnanswered ? `${outcomeWords(operation)}, but a later version shows that it took effect` : undefined,
		before === undefined && operation.verb !== 'create' && operation.status !== 201 ? 'first seen in this recording: what it was before is not known' : undefined,
		incarnationNote(before, after),
		deletionNote(before, after),
		baseNote(operation, before),
	]);
};

/** What is worth saying of an event that brought a state nobody knew. */
export const newsNote = (event: Operation, before: ObjectState | undefined, after: ObjectState | undefined): string | undefined => {
	assert.equal(event.kind, 'event');
	assert.ok(before !== undefined || after !== undefined, 'what was never there does not change');
	if (event.cause !== undefined && event.cause !== event.sequence) {
		return `by step ${event.cause}`;
	}

	if (after === undefined) {
		return 'deleted by somebody outside this recording, or by the cluster itself';
	}

	const origin = before === undefined
		? `first seen in this recording${managerWords(before, after)}`
		: `by somebody outside this recording${managerWords(before, after)}`;
	return joinNotes([origin, incarnationNote(before, after), deletionNote(before, after)]);
};

const originWords = (version: ObjectVersion, origin: Operation | undefined): string => {
	const isWritten = origin?.kind === 'request' && isWriteVerb(origin.verb);
	return isWritten ? `happened at step ${version.step} (${origin.verb} by ${quote(origin.actor)})` : `known since step ${version.step}`;
};

/** What is worth saying of an event that told something the recording knew already. */
export const toldNote = (event: Operation, version: ObjectVersion, origin: Operation | undefined): string => {
	assert.equal(event.kind, 'event');
	if (version.step === event.sequence) {
		return 'told late: older than what the recording already knew, so the state stays as it is';
	}

	assert.ok(version.step < event.sequence, 'a version enters no later than it is told');
	const told = event.verb === 'ADDED' ? 'told as new to this watch' : 'told now';
	const isPast = version.until !== undefined && version.until <= event.sequence;
	return `${told}: ${originWords(version, origin)}${isPast ? `; the object has moved on since (step ${version.until})` : ''}`;
};

/** A DELETED event of an object that, as far as the recording shows, goes on: it only left the watch's selection. */
export const leftViewNote = 'left what this watch selects; the object itself goes on';

export const errorEventNote = (event: Operation, status: JsonValue): string => {
	const code = isJsonObject(status) && typeof status.code === 'number' ? status.code : event.status;
	const words = [code, stringAt(status, 'reason') ?? event.reason].filter(part => part !== undefined && part !== '').join(' ');
	const message = stringAt(status, 'message') ?? event.message;
	return `the watch ended with an error: ${quote([words, message].filter(part => part !== undefined && part !== '').join(': '))}`;
};

export const bookmarkNote = (event: Operation): string => {
	assert.equal(event.verb, 'BOOKMARK');
	const at = event.collectionResourceVersion ?? event.resourceVersion ?? 'unknown';
	return event.flags.has('initialEventsEnd')
		? `the initial state was told in full, at resourceVersion ${at}`
		: `nothing changed here up to resourceVersion ${at}`;
};

const parameter = (operation: Operation, name: string): string | undefined =>
	new URLSearchParams(operation.query ?? '').get(name) ?? undefined;

const watchStart = (operation: Operation): string => {
	const from = parameter(operation, 'resourceVersion') ?? '';
	if (parameter(operation, 'sendInitialEvents') === 'true') {
		return 'with the initial state';
	}

	return from === '' || from === '0' ? 'from any recent state' : `from resourceVersion ${quote(from)}`;
};

export const watchNote = (operation: Operation, told: number, lastStep: number | undefined): string => {
	assert.equal(told === 0, lastStep === undefined, 'who told something told it at a step');
	assert.ok(lastStep === undefined || lastStep > operation.sequence, 'a watch tells after it opened');
	const news = lastStep === undefined ? 'it told nothing' : `it told ${told} ${told === 1 ? 'event' : 'events'} until step ${lastStep}`;
	return `watch opened ${watchStart(operation)}; ${news}`;
};

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** How many of the versions are ends of objects that nobody saw end. */
export const goneWords = (entered: readonly ObjectVersion[]): string => `${entered.filter(({kind}) => kind === 'end').length} gone since they were last seen`;

/** `items` undefined: not counted. `isCapped`: more entered than were read. */
export const listNote = (operation: Operation, items: number | undefined, entered: readonly ObjectVersion[], isCapped: boolean): string => {
	const ended = entered.filter(({kind}) => kind === 'end').length;
	const fresh = entered.length - ended;
	const at = operation.collectionResourceVersion === undefined ? '' : ` at resourceVersion ${operation.collectionResourceVersion}`;
	assert.ok(ended <= entered.length, 'ends are among what entered');
	const notes = [
		`list${items === undefined ? '' : ` of ${plural(items, 'item')}`}${at}: ${isCapped ? `${fresh} or more` : fresh} new to this recording`,
		ended === 0 ? undefined : goneWords(entered),
		operation.flags.has('listComplete') ? undefined : 'not the whole list',
	];
	return joinNotes(notes) ?? '';
};

export const manyNote = (operation: Operation, entered: readonly ObjectVersion[]): string => {
	const ended = entered.filter(({kind}) => kind === 'end').length;
	const changed = entered.length - ended;
	const parts = [changed === 0 ? undefined : `changed ${plural(changed, 'object')}`, ended === 0 ? undefined : `deleted ${plural(ended, 'object')}`];
	const said = parts.filter(part => part !== undefined).join(', ');
	assert.ok(changed >= 0, 'ends are among what entered');
	return `${operation.verb}: ${said === '' ? 'changed nothing' : said}`;
};

/** Why a request without a good answer changed nothing, as far as one can know. `shownBy`: the step of an event that carries its effect. */
export const refusalNote = (operation: Operation, shownBy?: number): string => {
	assert.ok(!isAnswered(operation), 'a refused request has no good answer');
	assert.ok(shownBy === undefined || shownBy > operation.sequence, 'an effect is shown after its write');
	const {status, verb} = operation;
	if (status !== undefined && status >= 400 && status < 500) {
		return `${status === 404 && verb === 'get' ? 'not found' : 'refused'}: ${answerWords(operation)}`;
	}

	if (status !== undefined && status < 400) {
		return status === 101 ? 'connection upgraded: what passes through it is not recorded' : `answered ${answerWords(operation)}`;
	}

	const shown = shownBy === undefined ? '' : `; step ${shownBy} shows that it took effect`;
	return `${isWriteVerb(verb) ? 'outcome unknown' : 'no answer'}: ${outcomeWords(operation)}${shown}`;
};

/** What a read that has no object to show gave instead. */
export const bodilessReadNote = (operation: Operation): string => {
	const {responseBody, responseContentType} = operation;
	return responseBody === undefined ? 'the recording has no body of this answer' : `the answer is ${quote(responseContentType ?? 'of an unknown type')}, not an object that can be shown`;
};

export const urlNote = (operation: Operation): string => {
	const url = quote(operation.path ?? 'a URL that names no object');
	return `${operation.verb} ${url}: ${isAnswered(operation) ? `answered ${operation.status}` : refusalNote(operation)}; no object of the cluster`;
};
