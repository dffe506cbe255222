import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';
import {maximumDepth} from './json-text.js';
import {getOwn} from './own-property.js';
import {protobufMagic} from './protobuf-envelope.js';
import {writeDelimited, writeScalar} from './protobuf-leaf-encode.js';
import {
	protobufTable,
	type DelimitedType,
	type Field,
	type Message,
	type ScalarType,
	type TypeMeta,
} from './protobuf-table.js';
import {
	createWriter,
	finishWriter,
	writeBytes,
	writePrefix,
	writeTag,
	writeTextField,
	written,
	type ProtobufWriter,
} from './protobuf-writer.js';
import {compareUtf8} from './utf8-order.js';

/** A message being written, its last field first. Frames, not calls, hold the nesting. */
type Frame = {
	readonly message: Message;
	readonly source: JsonObject;
	readonly parent: Frame | undefined;
	readonly depth: number;
	/** Bytes written behind this message: its length is what is written beyond them. */
	readonly mark: number;
	/** The parent's field this is the value of. */
	readonly field: Field | undefined;
	/** Of a map's entry: its key, and the bytes written behind the entry. */
	readonly key: string | undefined;
	/** Fields from this one on, in order of the wire, are written. */
	nextField: number;
	/** Of the list or map being written: its items or keys, and how many are left. */
	items: readonly JsonValue[];
	keys: readonly string[] | undefined;
	left: number;
};

const magicBytes = Uint8Array.from(protobufMagic);

/** A union's JSON as the message it is on the wire. */
const unionSource = (message: Message, value: JsonValue): JsonObject => {
	assert.ok(message.union !== undefined);
	if (value === undefined || value === null) {
		return {};
	}

	const [first, second] = message.fields;
	assert.ok(first !== undefined && second !== undefined, 'a union has two fields');
	if (message.union === 'orbool') {
		return isJsonObject(value) ? {[first.name]: true, [second.name]: value} : {[first.name]: value};
	}

	return Array.isArray(value) ? {[second.name]: value} : {[first.name]: value};
};

const sourceOf = (message: Message, field: Field | undefined, value: JsonValue): JsonObject => {
	assert.ok(field !== undefined || message.union === undefined, 'no kind is a union');
	if (message.union !== undefined) {
		return unionSource(message, value);
	}

	if (value === undefined || value === null) {
		return {};
	}

	assert.equal(message.union, undefined, 'a union is no plain object');
	if (!isJsonObject(value)) {
		throw new TypeError(`protobuf: field ${field?.name ?? ''} must be an object`);
	}

	return value;
};

const createFrame = (writer: ProtobufWriter, message: Message, value: JsonValue, place: {readonly parent?: Frame; readonly field?: Field; readonly key?: string}): Frame => {
	const depth = place.parent === undefined ? 1 : place.parent.depth + 1;
	if (depth > maximumDepth) {
		throw new RangeError('protobuf: messages nest too deep');
	}

	assert.ok(depth > 0, 'the root is one deep');
	assert.ok((place.parent === undefined) === (place.field === undefined), 'only the root is no field');
	return {
		message, source: sourceOf(message, place.field, value), parent: place.parent, depth, mark: written(writer), field: place.field, key: place.key,
		nextField: message.wireOrder.length, items: [], keys: undefined, left: 0,
	};
};

/** Key, length and tag of a map entry whose value is written since `mark`. */
const closeEntry = (writer: ProtobufWriter, field: Field, key: string, mark: number): void => {
	writePrefix(writer, 2, mark);
	writeTextField(writer, 1, key);
	writePrefix(writer, field.number, mark);
};

/** Writes one value of a field: a message's frame, or undefined where it is written. */
const writeValue = (writer: ProtobufWriter, frame: Frame, field: Field, {value, key}: {readonly value: JsonValue; readonly key: string | undefined}): Frame | undefined => {
	if (field.type === 'message') {
		return createFrame(writer, protobufTable.message(field.messageIndex), value, {parent: frame, field, key});
	}

	if (field.wireType !== 2) {
		assert.ok(key === undefined, 'no map holds numbers');
		writeScalar(writer, field.type as ScalarType, value);
		writeTag(writer, field.number, field.wireType);
		return undefined;
	}

	assert.ok(frame.message.byNumber[field.number] === field, 'a field is written into its own message');
	const mark = written(writer);
	writeDelimited(writer, field.type as DelimitedType, value);
	if (key === undefined) {
		writePrefix(writer, field.number, mark);
	} else {
		closeEntry(writer, field, key, mark);
	}

	return undefined;
};

const openList = (frame: Frame, field: Field, value: JsonValue): void => {
	if (!Array.isArray(value)) {
		throw new TypeError(`protobuf: field ${field.name} must be a list`);
	}

	frame.items = value;
	frame.keys = undefined;
	frame.left = value.length;
};

const openMap = (frame: Frame, field: Field, value: JsonValue): void => {
	if (!isJsonObject(value)) {
		throw new TypeError(`protobuf: field ${field.name} must be an object`);
	}

	// A nil slice of bytes is no value, and Go writes none.
	assert.ok(field.isMap && frame.left === 0, 'one list or map is open at a time');
	const keys = Object.keys(value).toSorted(compareUtf8);
	frame.keys = keys;
	frame.items = keys.map(key => value[key]);
	frame.left = keys.length;
	assert.equal(frame.items.length, frame.keys.length, 'a key has one value');
};

/** Whether a field with no value is on the wire none the less (kubernetes-protobuf.md, encoding). */
const isAlwaysWritten = (field: Field): boolean => !field.isPointer && field.type !== 'bytes' && field.type !== 'slice';

/** Begins the next field: its list or map is opened, its single value written. */
const writeField = (writer: ProtobufWriter, frame: Frame): Frame | undefined => {
	assert.equal(frame.left, 0, 'the open list or map is written');
	frame.nextField--;
	const field = frame.message.wireOrder[frame.nextField];
	assert.ok(field !== undefined, 'fields are left');
	const value = field.isInline ? frame.source : getOwn(frame.source, field.name);
	const isMissing = value === undefined || value === null;
	if (field.isMap || field.isRepeated) {
		if (!isMissing) {
			(field.isMap ? openMap : openList)(frame, field, value);
		}

		return undefined;
	}

	return isMissing && !isAlwaysWritten(field) ? undefined : writeValue(writer, frame, field, {value, key: undefined});
};

/** Writes the next item or entry of the open list or map. */
const writeItem = (writer: ProtobufWriter, frame: Frame): Frame | undefined => {
	frame.left--;
	const field = frame.message.wireOrder[frame.nextField];
	assert.ok(field !== undefined && (field.isRepeated || field.isMap), 'a list or map is open');
	return writeValue(writer, frame, field, {value: frame.items[frame.left], key: frame.keys?.[frame.left]});
};

const closeFrame = (writer: ProtobufWriter, {field, key, mark}: Frame): void => {
	assert.ok(field !== undefined, 'the root has no length of its own');
	if (key === undefined) {
		writePrefix(writer, field.number, mark);
	} else {
		closeEntry(writer, field, key, mark);
	}
};

const writeMessage = (writer: ProtobufWriter, root: Frame): void => {
	assert.equal(root.parent, undefined, 'writing begins at the root');
	let frame: Frame | undefined = root;
	while (frame !== undefined) {
		const child: Frame | undefined = frame.left > 0
			? writeItem(writer, frame)
			: (frame.nextField > 0 ? writeField(writer, frame) : undefined);
		if (child !== undefined) {
			assert.equal(child.parent, frame, 'a message lies in the one that is open');
			frame = child;
		} else if (frame.left === 0 && frame.nextField === 0) {
			if (frame.parent !== undefined) {
				closeFrame(writer, frame);
			}

			frame = frame.parent;
		}
	}
};

/** A body: the object's own bytes, written by `content`, in their envelope. */
export const writeEnvelope = (type: TypeMeta, content: (writer: ProtobufWriter) => void): Uint8Array => {
	const writer = createWriter();
	writeTextField(writer, 4, '');
	writeTextField(writer, 3, '');
	const rawMark = written(writer);
	assert.equal(rawMark, 4, 'two empty fields end every body');
	content(writer);
	writePrefix(writer, 2, rawMark);
	const typeMark = written(writer);
	writeTextField(writer, 2, type.kind);
	writeTextField(writer, 1, type.apiVersion);
	writePrefix(writer, 1, typeMark);
	assert.ok(typeMark >= rawMark, 'writing goes one way');
	writeBytes(writer, magicBytes);
	return finishWriter(writer);
};

const textAt = (value: JsonObject, key: string): string => {
	const found = getOwn(value, key);
	return typeof found === 'string' ? found : '';
};

/**
Encodes an object of a kind in the table, byte-identical to Go's encoding.

@throws TypeError for a kind that is not in it, or a value its fields cannot hold; RangeError where it nests too deep.
*/
export const encodeProtobuf = (value: JsonObject): Uint8Array => {
	const type: TypeMeta = {apiVersion: textAt(value, 'apiVersion'), kind: textAt(value, 'kind')};
	const message = protobufTable.messageOf(type);
	if (message === undefined) {
		throw new TypeError(`no protobuf encoding is known of ${type.apiVersion === '' ? '' : `${type.apiVersion}/`}${type.kind}`);
	}

	assert.equal(message.union, undefined, 'no kind is a union');
	assert.ok(isJsonObject(value), 'a body is an object');
	return writeEnvelope(type, writer => {
		writeMessage(writer, createFrame(writer, message, value, {}));
	});
};
