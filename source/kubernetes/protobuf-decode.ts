/* eslint-disable no-bitwise -- tags are made of bits */
import {strict as assert} from 'node:assert';
import type {JsonObject, JsonValue} from '../model/json.js';
import {maximumDepth} from './json-text.js';
import {setOwn} from './own-property.js';
import {hasProtobufMagic, readEnvelope} from './protobuf-envelope.js';
import {
	findRaw,
	readDelimited,
	readEmbeddedJson,
	readPacked,
	readScalar,
} from './protobuf-leaf-decode.js';
import {
	readBytesRange,
	readRange,
	readTag,
	readText,
	skipField,
	type ProtobufReader,
} from './protobuf-reader.js';
import {
	protobufTable,
	type DelimitedType,
	type Field,
	type Message,
	type ScalarType,
	type TypeMeta,
} from './protobuf-table.js';
import {compareUtf8, isSortedByUtf8} from './utf8-order.js';

/** A message being read. Frames, not calls, hold the nesting. */
type Frame = {
	readonly message: Message;
	readonly end: number;
	/** Where reading goes on in the parent: behind the field, or the map's entry, that holds this message. */
	readonly resume: number;
	readonly depth: number;
	readonly parent: Frame | undefined;
	/** The parent's field this is the value of, and its key where that is a map. */
	readonly field: Field | undefined;
	readonly key: string;
	/** By place in JSON order; undefined is absent. */
	readonly values: JsonValue[];
	/** Fields before this one are printed. */
	printed: number;
	readonly object: JsonObject;
};

export type DecodeResult = {readonly value: JsonObject; readonly isPartial: boolean};
type Decoding = {readonly reader: ProtobufReader; isPartial: boolean};

/** Where a message stands: undefined fields for the root. `type` is printed first, of an object that has its own kind. */
type Place = {readonly parent: Frame | undefined; readonly field: Field | undefined; readonly key: string; readonly resume: number};

const createFrame = (message: Message, end: number, {parent, field, key, resume}: Place, type: TypeMeta | undefined): Frame => {
	assert.ok(end <= resume, 'a message ends in its field');
	assert.ok((parent === undefined) === (field === undefined), 'only the root is no field');
	const depth = parent === undefined ? 1 : parent.depth + 1;
	if (depth > maximumDepth) {
		throw new RangeError('protobuf: messages nest too deep');
	}

	const object: JsonObject = {};
	if (type !== undefined) {
		if (type.kind !== '') {
			object.kind = type.kind;
		}

		if (type.apiVersion !== '') {
			object.apiVersion = type.apiVersion;
		}
	}

	return {
		message, end, resume, depth, parent, field, key, values: [...message.blank], printed: 0, object,
	};
};

/** The frame of a body with an envelope, from the reader's position to `end`. */
const openBody = (decoding: Decoding, end: number, place: Place): Frame => {
	const {reader} = decoding;
	const {type, rawStart, rawEnd} = readEnvelope(reader, end);
	const known = protobufTable.messageOf(type);
	decoding.isPartial ||= known === undefined;
	reader.position = rawStart;
	return createFrame(known ?? (type.kind.endsWith('List') ? protobufTable.unknownList : protobufTable.unknownObject), rawEnd, place, type);
};

/** Puts a value that is read into its frame. */
const store = (frame: Frame, field: Field, key: string, value: JsonValue): void => {
	assert.ok(frame.message.byNumber[field.number] === field, 'a field goes into its own message');
	assert.ok(value !== undefined, 'undefined is absent');
	const current = frame.values[field.index];
	if (field.isMap) {
		const map = (current ?? {}) as JsonObject;
		setOwn(map, key, value);
		frame.values[field.index] = map;
	} else if (field.isRepeated) {
		const list = (current ?? []) as JsonValue[];
		list.push(value);
		frame.values[field.index] = list;
	} else {
		frame.values[field.index] = value;
	}
};

/** Whether JSON leaves a single value out that is on the wire (rule 3). */
const isOmitted = ({omitted}: Field, value: JsonValue): boolean =>
	omitted !== undefined && (value === omitted || (Array.isArray(omitted) && Array.isArray(value) && value.length === 0));

/** Reads the value of a single field, list item or map entry, from the reader's position to `end`: its frame, or undefined where it is stored. */
const openValue = (decoding: Decoding, end: number, place: Place & {readonly parent: Frame; readonly field: Field}): Frame | undefined => {
	const {reader} = decoding;
	const {parent, field, key, resume} = place;
	assert.ok(reader.position <= end && end <= resume, 'a value lies in its field');
	assert.ok(resume <= parent.end, 'a field lies in its message');
	if (field.type === 'message') {
		return createFrame(protobufTable.message(field.messageIndex), end, place, field.nested);
	}

	let value: JsonValue;
	if (field.type === 'raw' || field.type === 'unknown') {
		const rawEnd = findRaw(reader, end, field.type === 'raw' ? 1 : 2);
		if (hasProtobufMagic(reader.bytes, reader.position) && rawEnd - reader.position >= 4) {
			return openBody(decoding, rawEnd, place);
		}

		value = readEmbeddedJson(reader, rawEnd);
	} else {
		value = field.type === 'string' ? readRange(reader, end) : readDelimited(reader, field.type as DelimitedType, end);
	}

	reader.position = resume;
	if (!isOmitted(field, value)) {
		store(parent, field, key, value);
	}

	return undefined;
};

/** Reads one entry{1 key, 2 value} of a map. */
const openEntry = (decoding: Decoding, frame: Frame, field: Field, end: number): Frame | undefined => {
	assert.ok(field.isMap, 'only maps have entries');
	const {reader} = decoding;
	let key = '';
	let valueStart = end;
	let valueEnd = end;
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === ((1 << 3) | 2)) {
			key = readText(reader, end);
		} else if (tag === ((2 << 3) | 2)) {
			valueEnd = readBytesRange(reader, end);
			valueStart = reader.position;
			reader.position = valueEnd;
		} else {
			skipField(reader, tag, end);
			reader.unknownFields++;
		}
	}

	assert.equal(reader.position, end, 'an entry is read to its end');
	assert.ok(valueStart <= valueEnd && valueEnd <= end, 'a value lies in its entry');
	// A missing value is an empty one.
	reader.position = valueStart;
	return openValue(decoding, valueEnd, {
		parent: frame, field, key, resume: end,
	});
};

const openSingle = (decoding: Decoding, frame: Frame, field: Field, wireType: number): Frame | undefined => {
	assert.ok(wireType >= 0 && wireType < 8, 'a wire type has three bits');
	const {reader} = decoding;
	if (wireType === 2 && field.wireType === 2) {
		const end = readBytesRange(reader, frame.end);
		return field.isMap
			? openEntry(decoding, frame, field, end)
			: openValue(decoding, end, {
				parent: frame, field, key: '', resume: end,
			});
	}

	if (wireType === field.wireType) {
		assert.ok(field.type !== 'message' && !field.isMap, 'messages and maps are length-delimited');
		const value = readScalar(reader, field.type as ScalarType, frame.end);
		if (!isOmitted(field, value)) {
			store(frame, field, '', value);
		}

		return undefined;
	}

	if (wireType !== 2 || !field.isRepeated) {
		throw new TypeError(`protobuf: field ${field.name} has the wrong wire type`);
	}

	assert.ok(field.type !== 'message');
	const list = (frame.values[field.index] ?? []) as JsonValue[];
	frame.values[field.index] = list;
	readPacked(reader, field.type as ScalarType, frame.end, list);
	return undefined;
};

/** Reads fields of a frame until one opens another, or its bytes end (undefined). */
const readFields = (decoding: Decoding, frame: Frame): Frame | undefined => {
	const {reader} = decoding;
	const {end, message: {byNumber}} = frame;
	assert.ok(reader.position <= end, 'reading begins in the message');
	while (reader.position < end) {
		const tag = readTag(reader, end);
		const field = byNumber[tag >>> 3];
		if (field === undefined) {
			skipField(reader, tag, end);
			reader.unknownFields++;
			continue;
		}

		const child = openSingle(decoding, frame, field, tag & 7);
		if (child !== undefined) {
			return child;
		}
	}

	assert.equal(reader.position, end, 'a message is read to its end, and no further');
	return undefined;
};

const sortKeys = (map: JsonObject): JsonObject => {
	const keys = Object.keys(map);
	if (isSortedByUtf8(keys)) {
		return map;
	}

	assert.ok(keys.length > 1, 'one key is always sorted');
	const sorted: JsonObject = {};
	for (const key of keys.toSorted(compareUtf8)) {
		setOwn(sorted, key, map[key]);
	}

	assert.equal(Object.keys(sorted).length, keys.length, 'no key is lost');
	return sorted;
};

const printPresent = (object: JsonObject, field: Field, value: JsonValue): void => {
	if (field.isInline) {
		Object.assign(object, value);
	} else {
		object[field.name] = field.isMap ? sortKeys(value as JsonObject) : value;
	}
};

const printAbsent = (object: JsonObject, field: Field): void => {
	assert.notEqual(field.absence, 'message', 'an empty message is read before it is printed');
	if (field.absence === 'zero' || field.absence === 'null') {
		object[field.name] = field.absence === 'null' ? null : field.zero;
	} else if (field.absence === 'list') {
		object[field.name] = [];
	}
};

/** Prints fields in JSON order; gives the frame of an absent message that has to be printed as an empty one, or undefined at the end. */
const printFields = (decoding: Decoding, frame: Frame): Frame | undefined => {
	const {message: {fields}, values, object} = frame;
	assert.equal(values.length, fields.length, 'every field has a place');
	assert.equal(frame.message.union, undefined, 'a union has a value instead of fields');
	for (; frame.printed < fields.length; frame.printed++) {
		const field = fields[frame.printed]!;
		const value = values[frame.printed];
		if (value !== undefined) {
			printPresent(object, field, value);
		} else if (field.absence === 'message') {
			const {position} = decoding.reader;
			return createFrame(protobufTable.message(field.messageIndex), position, {
				parent: frame, field, key: '', resume: position,
			}, field.nested);
		} else {
			printAbsent(object, field);
		}
	}

	return undefined;
};

/** JSON of a message whose fields are read. */
const valueOf = ({message, values, object}: Frame): JsonValue => {
	if (message.union === undefined) {
		return object;
	}

	assert.equal(values.length, 2, 'a union has two fields');
	assert.equal(Object.keys(object).length, 0, 'a union prints no fields of its own');
	const [first, second] = values;
	if (message.union === 'orbool') {
		return second ?? (first === true);
	}

	return Array.isArray(second) && second.length > 0 ? second : first ?? null;
};

const decodeFrames = (decoding: Decoding, root: Frame): JsonObject => {
	const {reader} = decoding;
	let frame = root;
	let isDone = false;
	while (!isDone) {
		const child = readFields(decoding, frame) ?? (frame.message.union === undefined ? printFields(decoding, frame) : undefined);
		if (child !== undefined) {
			frame = child;
			continue;
		}

		assert.equal(reader.position, frame.end, 'a frame closes at its end');
		assert.ok(frame.printed === frame.message.fields.length || frame.message.union !== undefined, 'every field is printed');
		const {parent, field} = frame;
		if (parent === undefined || field === undefined) {
			isDone = true;
		} else {
			reader.position = frame.resume;
			store(parent, field, frame.key, valueOf(frame));
			frame = parent;
		}
	}

	return root.object;
};

/** Identity alone, of a kind the table lacks whose first field is no metadata either. */
const identityOf = ({kind, apiVersion}: JsonObject): JsonObject => ({...(kind !== undefined && {kind}), ...(apiVersion !== undefined && {apiVersion})});

/**
Decodes the body from the reader's position to the end of its bytes.

@throws RangeError or TypeError on malformed bytes.
*/
export const decodeEnvelope = (reader: ProtobufReader): DecodeResult => {
	const end = reader.bytes.length;
	const decoding: Decoding = {reader, isPartial: false};
	const root = openBody(decoding, end, {
		parent: undefined, field: undefined, key: '', resume: end,
	});
	const {isPartial} = decoding;
	assert.equal(root.parent, undefined, 'a body is the root');
	assert.ok(root.end <= end, 'a body lies in its bytes');
	try {
		return {value: decodeFrames(decoding, root), isPartial: decoding.isPartial};
	} catch (error) {
		if (!isPartial || !(error instanceof RangeError || error instanceof TypeError)) {
			throw error;
		}

		return {value: identityOf(root.object), isPartial};
	}
};
