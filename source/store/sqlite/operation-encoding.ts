import {strict as assert} from 'node:assert';
import type {Operation, Preconditions} from '../../model/operation.js';
import {
	type Column,
	encodeHex,
	encodeUuid,
	encodeVersion,
} from './encodings.js';
import type {Interning} from './interning.js';
import {operationColumns} from './operation-columns.js';
import {encodeHeaders, type HeadersEncoder, type OperationHeaders} from './operation-headers.js';
import {sessionStride} from './schema.js';
import {type Shape, shapeOf} from './shape.js';
import {encodeTiming} from './timing.js';

/** What rows of one session are encoded with. */
export type RowEncoder = HeadersEncoder & {readonly session: number};

const hashDigits = 32;

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL

/** Preconditions that do not follow from other columns. */
const otherPreconditions = ({preconditions}: Operation, shape: Shape): Preconditions | undefined => {
	if (preconditions === undefined) {
		return undefined;
	}

	const {uid, resourceVersion} = preconditions;
	assert.ok(!shape.hasUidPrecondition || uid !== undefined, 'a shape names no uid that is not there');
	assert.ok(!shape.hasVersionPrecondition || resourceVersion !== undefined, 'a shape names no version that is not there');
	const others = {uid: shape.hasUidPrecondition ? undefined : uid, resourceVersion: shape.hasVersionPrecondition ? undefined : resourceVersion};
	const isSaid = (shape.hasUidPrecondition || shape.hasVersionPrecondition) && (others.uid ?? others.resourceVersion) === undefined;
	return isSaid ? undefined : others;
};

/** Texts few operations have. */
const encodeDetail = (operation: Operation, shape: Shape, interning: Interning): Column => {
	const {path, collectionResourceVersion, reconcile} = operation;
	const preconditions = otherPreconditions(operation, shape);
	return (path ?? collectionResourceVersion ?? reconcile ?? preconditions) === undefined
		? null
		: interning.detail(JSON.stringify({
			path, collectionResourceVersion, reconcile, preconditions,
		}));
};

const hasPlace = ({group, resource, namespace, name}: Operation): boolean => (group ?? resource ?? namespace ?? name) !== undefined;

/** A row of `operations`, its columns in order. */
export const encodeOperation = (encoder: RowEncoder, operation: Operation, headers: OperationHeaders): readonly Column[] => {
	const {interning} = encoder;
	const {sequence, group, resource, namespace = '', name = '', endedAt, arrivedAt} = operation;
	assert.ok(Number.isSafeInteger(sequence) && sequence > 0 && sequence < sessionStride, 'sequence numbers count from 1');
	const shape = shapeOf(operation);
	const place = hasPlace(operation)
		? interning.place({
			group, resource, namespace, name,
		})
		: undefined;
	assert.ok(place !== undefined || (!shape.hasNamespace && !shape.hasName), 'a namespace and a name are kept with their place');
	const text = (value: string | undefined): Column => (value === undefined ? null : interning.text(value));
	const id = (encoder.session * sessionStride) + sequence;
	assert.ok(Number.isSafeInteger(id), 'ids are exact');
	const row: readonly Column[] = [
		id,
		interning.shape(shape),
		shape.isError ? 1 : null,
		orNull(place),
		orNull(interning.state(operation, place)),
		encodeVersion(operation.resourceVersionBefore),
		arrivedAt,
		endedAt === undefined ? null : endedAt - arrivedAt,
		orNull(encodeTiming(operation)),
		orNull(operation.requestSize),
		orNull(operation.responseSize),
		orNull(operation.requestBody),
		orNull(operation.responseBody),
		orNull(operation.stream),
		operation.cause === undefined ? null : sequence - operation.cause,
		text(operation.query),
		text(operation.message),
		text(operation.connection),
		operation.changed === undefined ? null : interning.text(JSON.stringify(operation.changed)),
		...encodeHeaders(encoder, operation, headers),
		operation.auditId === undefined ? null : encodeUuid(operation.auditId),
		encodeDetail(operation, shape, interning),
		encodeHex(operation.hash, hashDigits),
	];
	assert.equal(row.length, operationColumns.length, 'a value for every column');
	return row;
};

