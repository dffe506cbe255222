import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonValue, objectAt} from '../../model/json.js';
import {type HeaderLines, type Operation, type Preconditions} from '../../model/operation.js';
import {decodeHeaders, type HeaderContext, type HeaderEncoder} from '../header-codec.js';
import type {Dictionaries} from './dictionaries.js';
import {
	type Column, decodeHex, decodeUuid, decodeVersion, encodeHex, encodeUuid, encodeVersion,
} from './encodings.js';
import type {Interning} from './interning.js';
import {sessionStride} from './schema.js';
import {flagsOf, type Shape, shapeOf} from './shape.js';
import {damagedError} from './store-error.js';
import {decodeTiming, encodeTiming} from './timing.js';

/** Columns of `operations`, in the order in which rows are encoded and decoded. */
export const operationColumns = [
	'id', 'shape', 'error', 'place', 'state', 'version_before', 'arrived', 'duration', 'timing', 'request_size', 'response_size', 'request_body', 'response_body',
	'stream', 'cause', 'query', 'message', 'connection', 'changed', 'headers', 'header_values', 'audit_id', 'detail', 'hash',
] as const;

/** Beyond it, integers are read as text, so that no digit is lost. */
const exactly = (column: string): string => `CASE WHEN abs(${column}) > ${Number.MAX_SAFE_INTEGER} THEN CAST(${column} AS TEXT) ELSE ${column} END`;

/** What `decodeOperation` reads, of a table called `o`. */
export const selectedColumns = operationColumns.map(column => (column === 'arrived' || column === 'duration' ? exactly(`o.${column}`) : `o.${column}`)).join(', ');

export type OperationHeaders = {readonly request: HeaderLines | undefined; readonly response: HeaderLines | undefined};

/** What rows of one session are encoded with. */
export type RowEncoder = {
	readonly session: number;
	/** Ms since the Unix epoch of the session's time zero, as it was when the session was made. */
	readonly clock: number;
	readonly interning: Interning;
	readonly headers: HeaderEncoder;
};

const hashDigits = 32;
const nanosecondsPerMillisecond = 1_000_000;
const digest = (column: Column | undefined): string | undefined => decodeHex(column ?? null); // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL

/** The second in which an operation was answered, by the session's clock. */
const answeredSecond = ({arrivedAt, responseStartedAt, endedAt}: Pick<Operation, 'arrivedAt' | 'responseStartedAt' | 'endedAt'>, clock: number): number =>
	Math.floor((clock + (Number(responseStartedAt ?? endedAt ?? arrivedAt) / nanosecondsPerMillisecond)) / 1000);

const contextOf = (operation: Operation, size: number | undefined, clock: number): HeaderContext => ({
	auditId: operation.auditId, size, second: answeredSecond(operation, clock),
});

const encodeHeaders = (encoder: RowEncoder, operation: Operation, {request, response}: OperationHeaders): readonly [headers: Column, values: Column] => {
	if (request === undefined && response === undefined) {
		return [null, null]; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
	}

	// A date among the request's headers is never computed: its second depends on the answer.
	const sent = request === undefined ? undefined : encoder.headers.encode(request, {...contextOf(operation, operation.requestSize, encoder.clock), second: 0});
	const answered = response === undefined ? undefined : encoder.headers.encode(response, contextOf(operation, operation.responseSize, encoder.clock));
	const values = [...sent?.values ?? [], ...answered?.values ?? []];
	const form = encoder.interning.headers(sent?.template, answered?.template, answered?.dateOffset ?? 0);
	assert(form > 0, 'header forms are numbered from 1');
	return [form, values.length === 0 ? null : JSON.stringify(values)]; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
};

/** Preconditions that do not follow from other columns. */
const otherPreconditions = ({preconditions}: Operation, shape: Shape): Preconditions | undefined => {
	if (preconditions === undefined) {
		return undefined;
	}

	const {uid, resourceVersion} = preconditions;
	const others = {uid: shape.hasUidPrecondition ? undefined : uid, resourceVersion: shape.hasVersionPrecondition ? undefined : resourceVersion};
	const isSaid = (shape.hasUidPrecondition || shape.hasVersionPrecondition) && (others.uid ?? others.resourceVersion) === undefined;
	return isSaid ? undefined : others;
};

/** Texts few operations have. */
const encodeDetail = (operation: Operation, shape: Shape): Column => {
	const {path, collectionResourceVersion, reconcile} = operation;
	const preconditions = otherPreconditions(operation, shape);
	return (path ?? collectionResourceVersion ?? reconcile ?? preconditions) === undefined
		? null // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		: JSON.stringify({
			path, collectionResourceVersion, reconcile, preconditions,
		});
};

const hasPlace = ({group, resource, namespace, name}: Operation): boolean => (group ?? resource ?? namespace ?? name) !== undefined;

/** A row of `operations`, its columns in order. */
export const encodeOperation = (encoder: RowEncoder, operation: Operation, headers: OperationHeaders): readonly Column[] => {
	const {interning} = encoder;
	const {sequence, group, resource, namespace = '', name = '', endedAt, arrivedAt} = operation;
	assert(Number.isSafeInteger(sequence) && sequence > 0 && sequence < sessionStride, 'sequence numbers count from 1');
	const shape = shapeOf(operation);
	const place = hasPlace(operation)
		? interning.place({
			group, resource, namespace, name,
		})
		: undefined;
	const text = (value: string | undefined): Column => (value === undefined ? null : interning.text(value)); // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
	const row: readonly Column[] = [
		(encoder.session * sessionStride) + sequence,
		interning.shape(shape),
		shape.isError ? 1 : null, // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		orNull(place),
		orNull(interning.state(operation, place)),
		encodeVersion(operation.resourceVersionBefore),
		arrivedAt,
		endedAt === undefined ? null : endedAt - arrivedAt, // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		orNull(encodeTiming(operation)),
		orNull(operation.requestSize),
		orNull(operation.responseSize),
		orNull(operation.requestBody),
		orNull(operation.responseBody),
		orNull(operation.stream),
		operation.cause === undefined ? null : sequence - operation.cause, // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		text(operation.query),
		text(operation.message),
		text(operation.connection),
		operation.changed === undefined ? null : interning.text(JSON.stringify(operation.changed)), // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		...encodeHeaders(encoder, operation, headers),
		operation.auditId === undefined ? null : encodeUuid(operation.auditId), // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		encodeDetail(operation, shape),
		encodeHex(operation.hash, hashDigits),
	];
	assert.equal(row.length, operationColumns.length, 'a value for every column');
	return row;
};

const toBigInt = (column: Column | undefined): bigint => {
	assert(typeof column === 'number' || typeof column === 'string' || typeof column === 'bigint', 'a time is a number');
	return BigInt(column);
};

const optionalNumber = (column: Column | undefined): number | undefined => (typeof column === 'number' ? column : undefined);

const decodePreconditions = (value: JsonValue): Preconditions | undefined => {
	const stored = objectAt(value, 'preconditions');
	if (stored === undefined) {
		return undefined;
	}

	const {uid, resourceVersion} = stored;
	return {
		...(typeof uid === 'string' && {uid}),
		...(typeof resourceVersion === 'string' && {resourceVersion}),
	};
};

const decodeDetail = (column: Column | undefined): Pick<Operation, 'path' | 'collectionResourceVersion' | 'reconcile' | 'preconditions'> => {
	if (typeof column !== 'string') {
		return {};
	}

	const detail: unknown = JSON.parse(column);
	if (!isJsonObject(detail)) {
		throw new TypeError('detail is no object');
	}

	const text = (key: string): string | undefined => {
		const value = Object.hasOwn(detail, key) ? detail[key] : undefined;
		return typeof value === 'string' ? value : undefined;
	};

	return {
		path: text('path'),
		collectionResourceVersion: text('collectionResourceVersion'),
		reconcile: text('reconcile'),
		preconditions: decodePreconditions(detail),
	};
};

const decodeChanged = (text: string): readonly string[] => {
	const changed: unknown = JSON.parse(text);
	if (!Array.isArray(changed)) {
		throw new TypeError('changed paths are no array');
	}

	return changed.map(String);
};

const placeOf = (shape: Shape, column: Column | undefined, dictionaries: Dictionaries): Pick<Operation, 'namespace' | 'name'> => {
	if (typeof column !== 'number') {
		return {};
	}

	const {namespace, name} = dictionaries.place(column);
	return {namespace: shape.hasNamespace ? namespace : undefined, name: shape.hasName ? name : undefined};
};

const stateOf = (column: Column | undefined, dictionaries: Dictionaries): Partial<Operation> =>
	(typeof column === 'number' ? dictionaries.state(column) : {});

const allPreconditions = (shape: Shape, others: Preconditions | undefined, uid: string | undefined, resourceVersion: string | undefined): Preconditions | undefined =>
	shape.hasUidPrecondition || shape.hasVersionPrecondition
		? {...others, ...(shape.hasUidPrecondition && {uid}), ...(shape.hasVersionPrecondition && {resourceVersion})}
		: others;

const decodeRow = (row: readonly Column[], dictionaries: Dictionaries): Operation => {
	const [
		id, shapeId, , placeId, stateId, versionBefore, arrived, duration, timing, requestSize, responseSize, requestBody, responseBody,
		stream, cause, query, message, connection, changed, headers, , auditId, detail, hash,
	] = row;
	assert(typeof id === 'number' && typeof shapeId === 'number', 'a row has an id and a shape');
	const shape = dictionaries.shape(shapeId);
	const sequence = id % sessionStride;
	const arrivedAt = toBigInt(arrived);
	const resourceVersionBefore = decodeVersion(versionBefore ?? null); // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
	const state = stateOf(stateId, dictionaries);
	const rare = decodeDetail(detail);
	const preconditions = allPreconditions(shape, rare.preconditions, state.uid, resourceVersionBefore);
	const text = (column: Column | undefined): string | undefined => (typeof column === 'number' ? dictionaries.text(column) : undefined);
	const changedText = text(changed);
	return {
		sequence,
		kind: shape.isEvent ? 'event' : 'request',
		...(shape.texts as {verb: string; process: string; actor: string}),
		...placeOf(shape, placeId, dictionaries),
		...state,
		...rare,
		query: text(query),
		resourceVersionBefore,
		...(preconditions !== undefined && {preconditions}),
		status: shape.status,
		message: text(message),
		auditId: auditId === null || auditId === undefined ? undefined : decodeUuid(auditId), // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		epoch: shape.epoch,
		stream: optionalNumber(stream),
		cause: typeof cause === 'number' ? sequence - cause : undefined,
		connection: text(connection),
		arrivedAt,
		endedAt: duration === null ? undefined : arrivedAt + toBigInt(duration), // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		...(timing instanceof Uint8Array && decodeTiming(timing, arrivedAt)),
		end: shape.end,
		requestSize: optionalNumber(requestSize),
		responseSize: optionalNumber(responseSize),
		hasHeaders: headers !== null, // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		requestBody: optionalNumber(requestBody),
		responseBody: optionalNumber(responseBody),
		changed: changedText === undefined ? undefined : decodeChanged(changedText),
		flags: flagsOf(shape.flags),
		hash: digest(hash),
	};
};

/** Undoes `encodeOperation`. @throws KubestepError where the row is damaged. */
export const decodeOperation = (row: readonly Column[], dictionaries: Dictionaries, locator: string): Operation => {
	assert.equal(row.length, operationColumns.length, 'a row with all its columns');
	try {
		return decodeRow(row, dictionaries);
	} catch (error) {
		if (error instanceof TypeError || error instanceof SyntaxError || error instanceof assert.AssertionError) {
			throw damagedError(locator, `operation ${Number(row[0]) % sessionStride} cannot be read (${error.message})`, error);
		}

		throw error;
	}
};

const listedValues = (column: Column | undefined): string[] => {
	const values: unknown = typeof column === 'string' ? JSON.parse(column) : [];
	if (!Array.isArray(values)) {
		throw new TypeError('header values are no array');
	}

	return values.map(String);
};

/** The headers of an operation, from its `header_values` and the row of `header_forms` it names. @throws TypeError where they are damaged. */
export const decodeOperationHeaders = (operation: Operation, clock: number, form: readonly Column[], listed: Column | undefined, dictionaries: Dictionaries): OperationHeaders => {
	const [request, response, dateOffset] = form;
	assert(typeof dateOffset === 'number', 'a form has an offset');
	const values = listedValues(listed);
	const sent = typeof request === 'number'
		? decodeHeaders(dictionaries.text(request), values, 0, {...contextOf(operation, operation.requestSize, clock), second: 0})
		: undefined;
	const answered = typeof response === 'number'
		? decodeHeaders(dictionaries.text(response), values, dateOffset, contextOf(operation, operation.responseSize, clock))
		: undefined;
	assert.equal(values.length, 0, 'every listed value has its line');
	return {request: sent, response: answered};
};
