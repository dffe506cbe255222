import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {stringifyJson} from '../kubernetes/decode-body.js';
import {splitProtobufList} from '../kubernetes/protobuf-codec.js';
import type {JsonObject} from '../model/json.js';

/** Type of the items of a list, which typed lists leave out of them. */
export type ItemType = {readonly apiVersion: string; readonly kind: string};

/** Self-contained JSON of one object, ending in a newline, as the apiserver ends a body: type first where the object lacks it. Big integers keep every digit. */
export const selfContainedJson = (object: JsonObject, type: ItemType): Uint8Array => {
	const {apiVersion, kind} = object;
	const isTyped = typeof apiVersion === 'string' && apiVersion !== '' && typeof kind === 'string' && kind !== '';
	const whole = isTyped ? object : {...object, apiVersion: type.apiVersion, kind: type.kind};
	const ordered = isTyped ? object : {apiVersion: whole.apiVersion, kind: whole.kind, ...whole};
	assert.ok(Object.keys(ordered).length > 0, 'an object with a type has fields');
	const bytes = Buffer.from(`${stringifyJson(ordered)}\n`);
	assert.ok(bytes.length > 2, 'an object has a text');
	return bytes;
};

const isProtobuf = (bytes: Uint8Array): boolean => bytes[0] === 0x6B && bytes[1] === 0x38 && bytes[2] === 0x73 && bytes[3] === 0;

const trySplit = (bytes: Uint8Array): readonly Uint8Array[] | undefined => {
	assert.ok(isProtobuf(bytes), 'only protobuf is split by its bytes');
	try {
		return splitProtobufList(bytes)?.items;
	} catch (error) {
		if (error instanceof RangeError || error instanceof TypeError) {
			return undefined;
		}

		throw error;
	}
};

/**
Gives the items of a list as bodies of their own, in the list's encoding where that can be (protobuf of a known kind), else as JSON. The list is split only
when the first item is asked for.
*/
export const createItemBodies = (list: {bytes(): Uint8Array}, items: readonly JsonObject[]): ((index: number, type: ItemType) => Uint8Array) => {
	let parts: readonly Uint8Array[] | undefined;
	let isSplit = false;

	assert.ok(items.every(item => item !== undefined), 'no holes among the items');
	return (index, type) => {
		assert.ok(index >= 0 && index < items.length, 'an item of the list');
		if (!isSplit) {
			isSplit = true;
			const bytes = list.bytes();
			const split = isProtobuf(bytes) ? trySplit(bytes) : undefined;
			parts = split?.length === items.length ? split : undefined;
		}

		assert.ok(parts === undefined || parts.length === items.length, 'a body for each item');
		return parts?.[index] ?? selfContainedJson(items[index]!, type);
	};
};

