import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonValue, objectAt} from '../../model/json.js';
import type {Operation, Preconditions} from '../../model/operation.js';
import type {Dictionaries} from './dictionaries.js';
import {
	type Column,
	decodeUuid,
	decodeVersion,
	optionalNumber,
	optionalText,
} from './encodings.js';
import {
	type OperationRow,
	position,
	type SelectedColumn,
	selectedCount,
} from './operation-columns.js';
import {sessionStride} from './schema.js';
import type {Shape} from './shape.js';
import {damagedError} from './store-error.js';
import {decodeTiming} from './timing.js';

const numberOf = (row: OperationRow, name: SelectedColumn): number | undefined => optionalNumber(row[position[name]]);
const textOf = (row: OperationRow, name: SelectedColumn): string | undefined => optionalText(row[position[name]]);

const toBigInt = (column: Column | undefined): bigint => {
	assert.ok(typeof column === 'number' || typeof column === 'string', 'a time is a number');
	return BigInt(column);
};

const decodePreconditions = (value: JsonValue): Preconditions | undefined => {
	const stored = objectAt(value, 'preconditions');
	if (stored === undefined) {
		return undefined;
	}

	const {uid, resourceVersion} = stored;
	assert.ok(uid === undefined || typeof uid === 'string', 'a precondition on a uid is a text');
	assert.ok(resourceVersion === undefined || typeof resourceVersion === 'string', 'a precondition on a version is a text');
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

	assert.ok(Object.keys(detail).length > 0, 'a detail says something');

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

const uuidOf = (row: OperationRow, name: SelectedColumn): string | undefined => {
	const text = textOf(row, name);
	return text === undefined ? undefined : decodeUuid(text);
};

/** Preconditions that follow from other columns, and those that do not. */
const allPreconditions = (row: OperationRow, shape: Shape, others: Preconditions | undefined): Preconditions => {
	const uid = uuidOf(row, 'uid');
	const resourceVersion = decodeVersion(row[position.versionBefore]);
	assert.ok(!shape.hasUidPrecondition || uid !== undefined, 'a precondition on its own uid needs that uid');
	assert.ok(!shape.hasVersionPrecondition || resourceVersion !== undefined, 'a precondition on the version before needs that version');
	return {...others, ...(shape.hasUidPrecondition && {uid}), ...(shape.hasVersionPrecondition && {resourceVersion})};
};

type PlaceFacts = Pick<Operation, 'namespace' | 'name' | 'path' | 'collectionResourceVersion' | 'reconcile' | 'preconditions'>;

/** Namespace, name, what was required of the object, and what few operations have. */
const decodePlace = (row: OperationRow, shape: Shape, dictionaries: Dictionaries): PlaceFacts => {
	const scope = numberOf(row, 'scope');
	const {path, collectionResourceVersion, reconcile, preconditions} = decodeDetail(row[position.detail], dictionaries);
	assert.equal(row[position.isWhole], 2, 'its place and state are there');
	assert.ok(scope !== undefined || (!shape.hasNamespace && !shape.hasName), 'a namespace and a name belong to a place');
	return {
		namespace: scope !== undefined && shape.hasNamespace ? dictionaries.scope(scope).namespace : undefined,
		name: shape.hasName ? textOf(row, 'name') : undefined,
		path,
		collectionResourceVersion,
		reconcile,
		preconditions: shape.hasUidPrecondition || shape.hasVersionPrecondition ? allPreconditions(row, shape, preconditions) : preconditions,
	};
};

const decodeTimes = (row: OperationRow): Pick<Operation, 'arrivedAt' | 'endedAt' | 'sentAt' | 'responseStartedAt' | 'ownWait' | 'uncertainty'> => {
	const arrivedAt = toBigInt(row[position.arrived]);
	const duration = row[position.duration];
	const timing = row[position.timing];
	assert.ok(duration !== undefined, 'a row with all its columns');
	assert.ok(timing === null || timing instanceof Uint8Array, 'further times are bytes');
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
	assert.ok(sequence > 0, 'sequence numbers count from 1');
	const place = decodePlace(row, shape, dictionaries);
	const times = decodeTimes(row);
	const cause = numberOf(row, 'cause');
	assert.ok(cause === undefined || Number.isSafeInteger(cause), 'a cause is a number of steps away');
	const controller = numberOf(row, 'controller');
	const text = (name: SelectedColumn): string | undefined => {
		const number = numberOf(row, name);
		return number === undefined ? undefined : dictionaries.text(number);
	};

	const changed = text('changed');
	return {
		...shape.operation,
		sequence,
		namespace: place.namespace,
		name: place.name,
		uid: uuidOf(row, 'uid'),
		path: place.path,
		query: text('query'),
		resourceVersionBefore: decodeVersion(row[position.versionBefore]),
		resourceVersion: decodeVersion(row[position.version]),
		collectionResourceVersion: place.collectionResourceVersion,
		generation: numberOf(row, 'generation'),
		controllerUid: controller === undefined ? undefined : dictionaries.uid(controller),
		preconditions: place.preconditions,
		message: text('message'),
		auditId: uuidOf(row, 'auditId'),
		stream: numberOf(row, 'stream'),
		cause: cause === undefined ? undefined : sequence - cause,
		reconcile: place.reconcile,
		connection: text('connection'),
		arrivedAt: times.arrivedAt,
		endedAt: times.endedAt,
		sentAt: times.sentAt,
		responseStartedAt: times.responseStartedAt,
		ownWait: times.ownWait,
		uncertainty: times.uncertainty,
		requestSize: numberOf(row, 'requestSize'),
		responseSize: numberOf(row, 'responseSize'),
		hasHeaders: row[position.headers] !== null,
		requestBody: numberOf(row, 'requestBody'),
		responseBody: numberOf(row, 'responseBody'),
		hx: textOf(row, 'hx'),
		hm: textOf(row, 'hm'),
		changed: changed === undefined ? undefined : decodeChanged(changed),
		hash: textOf(row, 'hash'),
	};
};

/**
Undoes `encodeOperation`.
@throws KubestepError where the row is damaged.
*/
export const decodeOperation = (row: OperationRow, dictionaries: Dictionaries, locator: string): Operation => {
	assert.equal(row.length, selectedCount, 'a row with all its columns');
	try {
		return decodeRow(row, dictionaries);
	} catch (error) {
		if (error instanceof TypeError || error instanceof SyntaxError || error instanceof assert.AssertionError) {
			throw damagedError(locator, `operation ${Number(row[0]) % sessionStride} cannot be read (${error.message})`, error);
		}

		throw error;
	}
};

