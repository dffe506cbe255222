import {strict as assert} from 'node:assert';
import {
	type EndKind,
	endKinds,
	isError,
	type Operation,
	type OperationFlag,
	operationFlags,
} from '../../model/operation.js';

/*
What operations have in common: verb, resource, actor, status, … A session has some hundreds of such tuples (*shapes*); a row of `operations` names one by number,
and most conditions are decided on shapes alone.
*/

/** Texts of a shape and their columns in `shapes`. */
export const shapeTexts = [
	['verb', 'verb'],
	['group', 'grp'],
	['version', 'version'],
	['resource', 'resource'],
	['subresource', 'subresource'],
	['objectKind', 'object_kind'],
	['process', 'process'],
	['actor', 'actor'],
	['userAgent', 'user_agent'],
	['user', 'user'],
	['fieldManager', 'field_manager'],
	['patchType', 'patch_type'],
	['reason', 'reason'],
	['requestContentType', 'request_type'],
	['responseContentType', 'response_type'],
] as const;
export type ShapeText = typeof shapeTexts[number][0];

export type Shape = {
	readonly texts: Readonly<Partial<Record<ShapeText, string>>>;
	readonly isEvent: boolean;
	readonly end: EndKind | undefined;
	readonly status: number | undefined;
	readonly epoch: number | undefined;
	/** Bit n: `operationFlags[n]`. */
	readonly flags: number;
	/** The operation has a namespace, a name (which may be ''). */
	readonly hasNamespace: boolean;
	readonly hasName: boolean;
	/** Its precondition on the resource version is the one before it; on the uid, its own. */
	readonly hasVersionPrecondition: boolean;
	readonly hasUidPrecondition: boolean;
	readonly isError: boolean;
};

/** What of an operation its shape says. */
export type ShapeFields = Pick<Operation, ShapeText | 'kind' | 'end' | 'status' | 'epoch' | 'flags'>;

/** The operation's part that follows from its shape, with every field, so that all are made alike. */
export const fieldsOf = ({texts, isEvent, end, status, epoch, flags}: Shape): ShapeFields => {
	const {verb, process, actor} = texts;
	assert.ok(verb !== undefined && process !== undefined && actor !== undefined, 'a shape says who did what');
	return {
		kind: isEvent ? 'event' : 'request',
		verb,
		group: texts.group,
		version: texts.version,
		resource: texts.resource,
		subresource: texts.subresource,
		objectKind: texts.objectKind,
		process,
		actor,
		userAgent: texts.userAgent,
		user: texts.user,
		fieldManager: texts.fieldManager,
		patchType: texts.patchType,
		reason: texts.reason,
		requestContentType: texts.requestContentType,
		responseContentType: texts.responseContentType,
		end,
		status,
		epoch,
		flags: flagsOf(flags),
	};
};

export const flagBits = (flags: ReadonlySet<OperationFlag>): number => {
	let bits = 0;
	for (const [index, flag] of operationFlags.entries()) {
		bits += flags.has(flag) ? 2 ** index : 0;
	}

	assert.ok(operationFlags.length < 50, 'flags fit in a number');
	assert.ok(bits < 2 ** operationFlags.length, 'a bit for each flag');
	return bits;
};

/** Whether bit n of a number is set. */
export const hasBit = (bits: number, bit: number): boolean => Math.floor(bits / (2 ** bit)) % 2 === 1;

export const flagsOf = (bits: number): ReadonlySet<OperationFlag> => new Set(operationFlags.filter((_flag, index) => hasBit(bits, index)));

export const shapeOf = (operation: Operation): Shape => {
	const {preconditions, resourceVersionBefore} = operation;
	assert.ok(operation.status === undefined || Number.isSafeInteger(operation.status), 'a status is a whole number');
	assert.ok(operation.epoch === undefined || operation.epoch >= 0, 'an epoch is not negative');
	return {
		texts: operation,
		isEvent: operation.kind === 'event',
		end: operation.end,
		status: operation.status,
		epoch: operation.epoch,
		flags: flagBits(operation.flags),
		hasNamespace: operation.namespace !== undefined,
		hasName: operation.name !== undefined,
		hasVersionPrecondition: preconditions?.resourceVersion !== undefined && preconditions.resourceVersion === resourceVersionBefore,
		hasUidPrecondition: preconditions?.uid !== undefined && preconditions.uid === operation.uid,
		isError: isError(operation),
	};
};

/** `defined` as stored: what an operation has, as bits. */
export const definedBits = (shape: Shape): number =>
	Number(shape.hasNamespace) + (2 * Number(shape.hasName)) + (4 * Number(shape.hasVersionPrecondition)) + (8 * Number(shape.hasUidPrecondition));

/** Equal for equal shapes. */
export const shapeKey = (shape: Shape): string => {
	const {texts} = shape;
	assert.ok(texts.verb !== undefined, 'an operation has a verb');
	// A missing text and an empty one differ, and a text with a NUL in it is not two: each has its length before it.
	let key = `${shape.isEvent ? 1 : 0},${shape.end ?? ''},${shape.status ?? ''},${shape.epoch ?? ''},${shape.flags},${definedBits(shape)}`;
	for (const [name] of shapeTexts) {
		const text = texts[name];
		key += text === undefined ? '\0' : `\0${text.length}=${text}`;
	}

	assert.ok(Number.isSafeInteger(shape.flags) && shape.flags >= 0, 'flags are bits');
	assert.ok(key.length > shapeTexts.length, 'a key holds every part');
	return key;
};

/** `end` as stored: its index. */
export const endIndex = (end: EndKind | undefined): number | undefined => (end === undefined ? undefined : endKinds.indexOf(end));
