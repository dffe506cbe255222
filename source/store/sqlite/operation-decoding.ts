import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonValue, objectAt} from '../../model/json.js';
import type {Operation, Preconditions} from '../../model/operation.js';
import type {Dictionaries} from './dictionaries.js';
import {
	type Column,
	decodeHex,
	decodeUuid,
	decodeVersion,
} from './encodings.js';
import {operationColumns, type OperationRow} from './operation-columns.js';
import {sessionStride} from './schema.js';
import {flagsOf, type Shape} from './shape.js';
import {damagedError} from './store-error.js';
import {decodeTiming} from './timing.js';

type ColumnName = typeof operationColumns[number];

/** Where each column stands in a row. */
const position: Readonly<Record<ColumnName, number>> = Object.fromEntries(operationColumns.map((name, index) => [name, index])) as Record<ColumnName, number>;
const columnOf = (row: OperationRow, name: ColumnName): Column => row[position[name]] ?? null;

const numberOf = (row: OperationRow, name: ColumnName): number | undefined => {
	const column = columnOf(row, name);
	return typeof column === 'number' ? column : undefined;
};

const toBigInt = (column: Column): bigint => {
	assert.ok(typeof column === 'number' || typeof column === 'string', 'a time is a number');
	return BigInt(column);
};

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

const decodeDetail = (column: Column | undefined, dictionaries: Dictionaries): Pick<Operation, 'path' | 'collectionResourceVersion' | 'reconcile' | 'preconditions'> => {
	if (typeof column !== 'number') {
		return {};
	}

	const detail: unknown = JSON.parse(dictionaries.detail(column));
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

const allPreconditions = (shape: Shape, others: Preconditions | undefined, uid: string | undefined, resourceVersion: string | undefined): Preconditions | undefined =>
	shape.hasUidPrecondition || shape.hasVersionPrecondition
		? {...others, ...(shape.hasUidPrecondition && {uid}), ...(shape.hasVersionPrecondition && {resourceVersion})}
		: others;

/** Which object, in which state, and what else is told of it. */
const decodeObject = (row: OperationRow, shape: Shape, dictionaries: Dictionaries): Partial<Operation> => {
	const placeNumber = numberOf(row, 'place');
	const stateNumber = numberOf(row, 'state');
	const place = placeNumber === undefined ? undefined : dictionaries.place(placeNumber);
	const state = stateNumber === undefined ? undefined : dictionaries.state(stateNumber);
	const detail = decodeDetail(columnOf(row, 'detail'), dictionaries);
	const resourceVersionBefore = decodeVersion(columnOf(row, 'version_before'));
	assert.ok(place !== undefined || (!shape.hasNamespace && !shape.hasName), 'a namespace and a name belong to a place');
	return {
		...state,
		...detail,
		...(shape.hasNamespace && {namespace: place?.namespace}),
		...(shape.hasName && {name: place?.name}),
		resourceVersionBefore,
		preconditions: allPreconditions(shape, detail.preconditions, state?.uid, resourceVersionBefore),
	};
};

const decodeTimes = (row: OperationRow): Pick<Operation, 'arrivedAt' | 'endedAt' | 'sentAt' | 'responseStartedAt' | 'ownWait' | 'uncertainty'> => {
	const arrivedAt = toBigInt(columnOf(row, 'arrived'));
	const duration = columnOf(row, 'duration');
	const timing = columnOf(row, 'timing');
	return {
		arrivedAt,
		endedAt: duration === null ? undefined : arrivedAt + toBigInt(duration),
		...(timing instanceof Uint8Array && decodeTiming(timing, arrivedAt)),
	};
};

const decodeRow = (row: OperationRow, dictionaries: Dictionaries): Operation => {
	const id = numberOf(row, 'id');
	const shapeNumber = numberOf(row, 'shape');
	assert.ok(id !== undefined && shapeNumber !== undefined, 'a row has an id and a shape');
	const shape = dictionaries.shape(shapeNumber);
	const sequence = id % sessionStride;
	const cause = numberOf(row, 'cause');
	const auditId = columnOf(row, 'audit_id');
	const text = (name: ColumnName): string | undefined => {
		const number = numberOf(row, name);
		return number === undefined ? undefined : dictionaries.text(number);
	};

	const changed = text('changed');
	return {
		sequence,
		kind: shape.isEvent ? 'event' : 'request',
		...(shape.texts as {verb: string; process: string; actor: string}),
		...decodeObject(row, shape, dictionaries),
		...decodeTimes(row),
		query: text('query'),
		status: shape.status,
		message: text('message'),
		auditId: auditId === null ? undefined : decodeUuid(auditId),
		epoch: shape.epoch,
		stream: numberOf(row, 'stream'),
		cause: cause === undefined ? undefined : sequence - cause,
		connection: text('connection'),
		end: shape.end,
		requestSize: numberOf(row, 'request_size'),
		responseSize: numberOf(row, 'response_size'),
		hasHeaders: columnOf(row, 'headers') !== null,
		requestBody: numberOf(row, 'request_body'),
		responseBody: numberOf(row, 'response_body'),
		changed: changed === undefined ? undefined : decodeChanged(changed),
		flags: flagsOf(shape.flags),
		hash: decodeHex(columnOf(row, 'hash')),
	};
};

/**
Undoes `encodeOperation`.
@throws KubestepError where the row is damaged.
*/
export const decodeOperation = (row: OperationRow, dictionaries: Dictionaries, locator: string): Operation => {
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

