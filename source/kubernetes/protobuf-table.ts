/* eslint-disable no-bitwise -- flags are bits */
import {strict as assert} from 'node:assert';
import type {JsonValue} from '../model/json.js';
import tableFile from './kubernetes-protobuf.json' with {type: 'json'};

/** Scalars, and messages whose JSON is one value (kubernetes-protobuf.md, `special`): read and written in one go. */
export type ScalarType = 'bool' | 'int32' | 'int64' | 'double';
/** Leaves with their length before them on the wire. */
export type DelimitedType =
	| 'string' | 'bytes'
	| 'time' | 'microtime' | 'duration' | 'quantity' | 'intstr' | 'slice' | 'rawjson' | 'raw' | 'unknown';
export type LeafType = ScalarType | DelimitedType;
export type FieldType = LeafType | 'message';
/** Messages whose JSON is one of their own fields. */
export type UnionType = 'orbool' | 'orarray' | 'orstrings';

/** What JSON says of a field that is not on the wire: nothing, null, the zero value, an empty list, or an empty message's JSON. */
export type Absence = 'omit' | 'null' | 'zero' | 'list' | 'message';

export type Field = {
	readonly number: number;
	readonly name: string;
	/** Place in JSON order. */
	readonly index: number;
	readonly type: FieldType;
	/** Of a single value: 0 varint, 1 eight bytes, 2 length-delimited. */
	readonly wireType: 0 | 1 | 2;
	/** Where `type` is `message`. */
	readonly messageIndex: number;
	readonly isKept: boolean;
	readonly isPointer: boolean;
	readonly isRepeated: boolean;
	readonly isMap: boolean;
	readonly isInline: boolean;
	/** The single value that JSON leaves out, though it is on the wire (rule 3); undefined: none. An empty list stands for any. */
	readonly omitted: JsonValue;
	readonly absence: Absence;
	/** Zero value of a leaf; null for a message. */
	readonly zero: JsonValue;
	/** Kind and apiVersion kube-apiserver puts into each of these nested objects. */
	readonly nested: TypeMeta | undefined;
};

export type TypeMeta = {readonly apiVersion: string; readonly kind: string};

export type Message = {
	readonly name: string;
	/** In JSON order. */
	readonly fields: readonly Field[];
	readonly byNumber: ReadonlyArray<Field | undefined>;
	/** By ascending number: the order on the wire. */
	readonly wireOrder: readonly Field[];
	readonly union: UnionType | undefined;
	/** One undefined for each field: copied where a message is read. */
	readonly blank: readonly undefined[];
};

export type ProtobufTable = {
	/** Undefined: a kind of which only ObjectMeta is known. */
	messageOf(type: TypeMeta): Message | undefined;
	message(index: number): Message;
	/** The kind of a list's items in the list's own version; undefined: no kind of the table. */
	itemKind(list: TypeMeta, messageIndex: number): TypeMeta | undefined;
	/** Stands in for a kind the table lacks: its metadata only. */
	readonly unknownObject: Message;
	readonly unknownList: Message;
	/** Every kind, as `apps/v1/Deployment`; with a star for the group version where every one has it. */
	readonly kinds: ReadonlyMap<string, number>;
};

type FieldRow = readonly [number: number, name: string, type: number | string, flags?: number, nestedKind?: string];
type MessageRow = readonly [name: string, fields: readonly FieldRow[], special?: string];
type TableFile = {readonly kinds: Readonly<Record<string, number>>; readonly messages: readonly MessageRow[]};

const flag = {
	keep: 1, pointer: 2, repeated: 4, map: 8, inline: 16, omitzero: 32, emptyList: 64,
} as const;

const scalarTypes: ReadonlyMap<string, LeafType> = new Map([
	['s', 'string'],
	['b', 'bool'],
	['i', 'int32'],
	['l', 'int64'],
	['d', 'double'],
	['x', 'bytes'],
]);

const leafSpecials: ReadonlySet<string> = new Set(['time', 'microtime', 'duration', 'quantity', 'intstr', 'slice', 'rawjson', 'raw', 'unknown']);
const unionSpecials: ReadonlySet<string> = new Set(['orbool', 'orarray', 'orstrings']);

const zeroValues: Readonly<Record<FieldType, JsonValue>> = {
	string: '', bool: false, int32: 0, int64: 0, double: 0, bytes: null, message: null, time: null, microtime: null, duration: '0s', quantity: '0', intstr: 0,
	slice: null, rawjson: null, raw: null, unknown: null,
};

const wireTypeOf = (type: FieldType): 0 | 1 | 2 => {
	if (type === 'double') {
		return 1;
	}

	return ['bool', 'int32', 'int64'].includes(type) ? 0 : 2;
};

/** Rule 2 of kubernetes-protobuf.md. */
const absenceOf = (type: FieldType, flags: number): Absence => {
	assert.ok((flags & flag.emptyList) === 0 || (flags & flag.repeated) !== 0, 'only lists are empty lists');
	assert.ok((flags & flag.repeated) === 0 || (flags & flag.map) === 0, 'a field is a list or a map, not both');
	if ((flags & flag.emptyList) !== 0) {
		return 'list';
	}

	const isKept = (flags & flag.keep) !== 0;
	if (type === 'bytes' || type === 'slice' || (flags & (flag.pointer | flag.repeated | flag.map)) !== 0) {
		return isKept ? 'null' : 'omit';
	}

	if ((flags & flag.omitzero) !== 0) {
		return 'omit';
	}

	if (type === 'message') {
		return 'message';
	}

	// Structs ignore omitempty; so do the leaves that are structs in Go.
	return isKept || leafSpecials.has(type) ? 'zero' : 'omit';
};

const emptyValues: Readonly<Partial<Record<FieldType, JsonValue>>> = {
	string: '', bytes: '', bool: false, int32: 0, int64: 0, double: 0, slice: [],
};

/** Rule 3 of kubernetes-protobuf.md. */
const omittedValue = (type: FieldType, flags: number): JsonValue => {
	if ((flags & (flag.keep | flag.pointer | flag.repeated | flag.map)) !== 0) {
		return undefined;
	}

	return (flags & flag.omitzero) === 0 ? emptyValues[type] : null;
};

const nestedType = (text: string | undefined): TypeMeta | undefined => {
	const at = text === undefined ? -1 : text.lastIndexOf('/');
	return text === undefined || at === -1 ? undefined : {apiVersion: text.slice(0, at), kind: text.slice(at + 1)};
};

const createField = (row: FieldRow, index: number, messages: readonly MessageRow[]): Field => {
	const [number, name, typeCode, flags = 0, nestedKind] = row;
	const special = typeof typeCode === 'number' ? messages[typeCode]?.[2] : undefined;
	const type = typeof typeCode === 'string'
		? scalarTypes.get(typeCode)
		: (special !== undefined && leafSpecials.has(special) ? special as LeafType : 'message');
	assert.ok(type !== undefined, `the table's field ${name} has a type we know`);
	assert.ok(number > 0 && number < 1024, `the table's field ${name} has a number that can be looked up`);
	return {
		number, name, index, type,
		wireType: wireTypeOf(type),
		messageIndex: typeof typeCode === 'number' ? typeCode : -1,
		isKept: (flags & flag.keep) !== 0,
		isPointer: (flags & flag.pointer) !== 0,
		isRepeated: (flags & flag.repeated) !== 0,
		isMap: (flags & flag.map) !== 0,
		isInline: (flags & flag.inline) !== 0,
		omitted: omittedValue(type, flags),
		absence: absenceOf(type, flags),
		zero: zeroValues[type],
		nested: nestedType(nestedKind),
	};
};

const createMessage = (row: MessageRow, messages: readonly MessageRow[]): Message => {
	const [name, rows, special] = row;
	const fields = rows.map((field, index) => createField(field, index, messages));
	const wireOrder = fields.toSorted((left, right) => left.number - right.number);
	const byNumber: Array<Field | undefined> = Array.from({length: (wireOrder.at(-1)?.number ?? 0) + 1}, () => undefined);
	for (const field of fields) {
		assert.ok(byNumber[field.number] === undefined, `${name} has each field number once`);
		byNumber[field.number] = field;
	}

	assert.ok(special === undefined || !unionSpecials.has(special) || fields.length === 2, 'a union has two fields');
	assert.ok(wireOrder.every((field, index) => index === 0 || field.number > (wireOrder[index - 1]?.number ?? 0)), 'numbers ascend on the wire');
	return {
		name, fields, byNumber, wireOrder, blank: fields.map(() => undefined), union: special !== undefined && unionSpecials.has(special) ? special as UnionType : undefined,
	};
};

/** Kinds that exist in every group version. */
const everywhere = (kind: string): string => `*/${kind}`;
/** Kinds of meta/v1 that servers also name with other group versions than the table does. */
const fallbackVersions: ReadonlyMap<string, string> = new Map([
	['Status', 'v1'],
	['PartialObjectMetadata', 'meta.k8s.io/v1'],
	['PartialObjectMetadataList', 'meta.k8s.io/v1'],
]);

const createTable = (file: TableFile): ProtobufTable => {
	assert.ok(file.messages.length > 0, 'the table has messages');
	assert.ok(Object.values(file.kinds).every(index => file.messages[index] !== undefined), 'every kind has its message');
	const kinds = new Map(Object.entries(file.kinds));
	// Filled as kinds are met: at most one for each message of the table.
	const compiled: Array<Message | undefined> = Array.from({length: file.messages.length}, () => undefined);
	const compile = (index: number): Message => {
		const row = file.messages[index];
		assert.ok(row !== undefined, 'the table refers to its own messages');
		const message = createMessage(row, file.messages);
		compiled[index] = message;
		return message;
	};

	const message = (index: number): Message => compiled[index] ?? compile(index);
	const indexOfMessage = (name: string): number => file.messages.findIndex(([candidate]) => candidate === `apimachinery/pkg/apis/meta/v1.${name}`);
	const metadataOnly = (metaType: string): Message => createMessage([`unknown with ${metaType}`, [[1, 'metadata', indexOfMessage(metaType)]]], file.messages);

	return {
		kinds,
		message,
		unknownObject: metadataOnly('ObjectMeta'),
		unknownList: metadataOnly('ListMeta'),
		messageOf({apiVersion, kind}) {
			const index = kinds.get(`${apiVersion === '' ? 'v1' : apiVersion}/${kind}`) ?? kinds.get(everywhere(kind)) ?? kinds.get(`${fallbackVersions.get(kind) ?? ''}/${kind}`);
			return index === undefined ? undefined : message(index);
		},
		itemKind({apiVersion, kind}, messageIndex) {
			const expected = {apiVersion, kind: kind.replace(/List$/v, '')};
			return kinds.get(`${apiVersion === '' ? 'v1' : apiVersion}/${expected.kind}`) === messageIndex ? expected : undefined;
		},
	};
};

export const protobufTable: ProtobufTable = createTable(tableFile as unknown as TableFile);
