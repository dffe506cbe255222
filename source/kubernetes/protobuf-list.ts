/* eslint-disable no-bitwise -- tags are made of bits */
import {strict as assert} from 'node:assert';
import {hasProtobufMagic, readEnvelope} from './protobuf-envelope.js';
import {writeEnvelope} from './protobuf-encode.js';
import {findRaw} from './protobuf-leaf-decode.js';
import {
	createReader,
	readBytesRange,
	readTag,
	readText,
	skipField,
	type ProtobufReader,
} from './protobuf-reader.js';
import {protobufTable, type Field, type TypeMeta} from './protobuf-table.js';
import {writeBytes} from './protobuf-writer.js';

export type SplitList = {readonly resourceVersion: string; readonly continue: string; readonly items: readonly Uint8Array[]};

/** Where a list holds its metadata and items, and what kind those have; `itemType` undefined: each has its own envelope (v1 List). */
type ListShape = {readonly metadata: Field; readonly items: Field; readonly itemType: TypeMeta | undefined};

const shapeOf = (type: TypeMeta): ListShape | undefined => {
	const message = protobufTable.messageOf(type);
	if (message === undefined || !type.kind.endsWith('List')) {
		return undefined;
	}

	const metadata = message.fields.find(({name}) => name === 'metadata');
	const items = message.fields.find(({name}) => name === 'items');
	if (metadata === undefined || items?.isRepeated !== true) {
		return undefined;
	}

	assert.ok(metadata.number !== items.number, 'two fields have two numbers');
	assert.ok(!items.isMap, 'items are a list');
	if (items.type === 'raw') {
		return {metadata, items, itemType: undefined};
	}

	const itemType = items.nested ?? protobufTable.itemKind(type, items.messageIndex);
	return itemType !== undefined && items.type === 'message' ? {metadata, items, itemType} : undefined;
};

const readListMeta = (reader: ProtobufReader, end: number): {readonly resourceVersion: string; readonly continue: string} => {
	assert.ok(reader.position <= end, 'the metadata lies in the list');
	let resourceVersion = '';
	let continueToken = '';
	while (reader.position < end) {
		const tag = readTag(reader, end);
		if (tag === ((2 << 3) | 2)) {
			resourceVersion = readText(reader, end);
		} else if (tag === ((3 << 3) | 2)) {
			continueToken = readText(reader, end);
		} else {
			skipField(reader, tag, end);
		}
	}

	assert.equal(reader.position, end, 'the metadata is read to its end');
	return {resourceVersion, continue: continueToken};
};

/** An item in an envelope of its own; undefined: it has none and needs one. */
const selfContained = (reader: ProtobufReader, end: number, itemType: TypeMeta | undefined): Uint8Array | undefined => {
	assert.ok(reader.position <= end && end <= reader.bytes.length, 'an item lies in its list');
	const {bytes} = reader;
	if (itemType !== undefined) {
		const content = bytes.subarray(reader.position, end);
		return writeEnvelope(itemType, writer => {
			writeBytes(writer, content);
		});
	}

	const rawEnd = findRaw(reader, end, 1);
	assert.ok(rawEnd <= end, 'a body lies in its item');
	return hasProtobufMagic(bytes, reader.position) ? bytes.slice(reader.position, rawEnd) : undefined;
};

/**
Splits a protobuf list into self-contained protobuf bodies (each item in its own envelope), its ListMeta aside. Undefined: not a list of the table.

@throws RangeError or TypeError on malformed bytes.
*/
export const splitProtobufList = (bytes: Uint8Array): SplitList | undefined => {
	if (!hasProtobufMagic(bytes)) {
		return undefined;
	}

	const reader = createReader(bytes);
	const {type, rawStart, rawEnd} = readEnvelope(reader, bytes.length);
	const shape = shapeOf(type);
	if (shape === undefined) {
		return undefined;
	}

	assert.equal(reader.position, bytes.length, 'the envelope is read to its end');
	assert.ok(rawStart <= rawEnd, 'the list lies in its envelope');
	reader.position = rawStart;
	let meta = {resourceVersion: '', continue: ''};
	const items: Uint8Array[] = [];
	while (reader.position < rawEnd) {
		const tag = readTag(reader, rawEnd);
		const number = tag >>> 3;
		if ((tag & 7) !== 2 || (number !== shape.metadata.number && number !== shape.items.number)) {
			skipField(reader, tag, rawEnd);
			continue;
		}

		const end = readBytesRange(reader, rawEnd);
		assert.ok(end <= rawEnd);
		if (number === shape.metadata.number) {
			meta = readListMeta(reader, end);
		} else {
			const item = selfContained(reader, end, shape.itemType);
			if (item === undefined) {
				return undefined;
			}

			items.push(item);
		}

		reader.position = end;
	}

	assert.equal(reader.position, rawEnd, 'a list is read to its end');
	return {...meta, items};
};
