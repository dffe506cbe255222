/* eslint-disable no-bitwise -- flags are bits */
import {readFileSync} from 'node:fs';
import type {JsonObject, JsonValue} from '../../source/model/json.js';
import {compareUtf8} from '../../source/kubernetes/utf8-order.js';

/*
Objects of every kind of the table, as kube-apiserver prints them, straight from the table's file: what is tested does not help to make its own test.
*/

type FieldRow = readonly [number: number, name: string, type: number | string, flags?: number, nestedKind?: string];
type Table = {readonly kinds: Readonly<Record<string, number>>; readonly messages: ReadonlyArray<readonly [name: string, fields: readonly FieldRow[], special?: string]>};

export const table = JSON.parse(readFileSync(new URL('../../source/kubernetes/kubernetes-protobuf.json', import.meta.url), 'utf8')) as Table;

type Dice = {integer(below: number): number};
const pick = <Value>(dice: Dice, values: readonly Value[]): Value => values[dice.integer(values.length)]!;

const texts = [
	'',
	'a',
	'default',
	'app.kubernetes.io/name',
	'ünïcödé',
	'日本語',
	'🙂 emoji',
	'__proto__',
	'constructor',
	'line\nbreak\t"quoted" \\',
	'<b>&amp;</b>',
	'\u{2028}',
	'\u{0}\u{1}',
	'x'.repeat(300),
	'10',
	'9',
	'\u{FFFD}',
	'\u{FFFF}',
	'\u{10000}',
];
const doubles = [0, 1, -1, 0.1, 1e21, 5e-324, 1.7976931348623157e308, -2.5];
const int32s = [0, 1, -1, 127, 128, 2_147_483_647, -2_147_483_648, 300];
const int64s = [0, 1, -1, 4_294_967_296, 9_007_199_254_740_991, -9_007_199_254_740_991, 9_007_199_254_740_992n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n];
const times = [
	'2026-11-23T08:51:50Z',
	'1970-01-01T00:00:00Z',
	'1969-12-31T23:59:59Z',
	'0001-01-01T00:00:01Z',
	'9999-12-31T23:59:59Z',
	'2000-02-29T12:00:00Z',
	'1900-03-01T00:00:00Z',
	'2024-12-31T23:59:59Z',
];
const microTimes = times.flatMap(time => [time.replace('Z', '.000000Z'), time.replace('Z', '.000001Z'), time.replace('Z', '.999999Z')]);
const durations = ['0s', '1ns', '1.5µs', '100ms', '1s', '1m30s', '1h0m0s', '2562047h47m16.854775807s', '-2562047h47m16.854775808s', '-1.000000001s'];
const embedded: readonly JsonValue[] = [
	{}, [], {'f:metadata': {'f:labels': {'.': {}}}}, 'text <&>', 0, 12_345_678_901_234_567_890n, true, [null, {a: [1.5, -7]}], {kind: 'Foo', apiVersion: 'x/v1'},
];

/** Undefined: absent. `depth` bounds types that hold themselves. */
const leaf = (dice: Dice, type: string, isKept: boolean): JsonValue => {
	switch (type) {
		case 's': {
			return pick(dice, texts);
		}

		case 'b': {
			return dice.integer(2) === 1;
		}

		case 'i': {
			return pick(dice, int32s);
		}

		case 'l': {
			return pick(dice, int64s);
		}

		case 'd': {
			return pick(dice, doubles);
		}

		case 'x': {
			return pick(dice, [...(isKept ? [''] : []), 'AA==', 'aGVsbG8=', '////']);
		}

		case 'time': {
			return pick(dice, times);
		}

		case 'microtime': {
			return pick(dice, microTimes);
		}

		case 'duration': {
			return pick(dice, durations);
		}

		case 'quantity': {
			return pick(dice, ['0', '1', '500m', '128Mi', '1e6']);
		}

		case 'intstr': {
			return pick(dice, [0, 8080, -1, '25%', 'http', '']);
		}

		case 'slice': {
			return pick(dice, [['get'], ['list', 'watch', '']]);
		}

		default: {
			return pick(dice, embedded);
		}
	}
};

const unionValue = (dice: Dice, special: string, fields: readonly FieldRow[], depth: number): JsonValue => {
	const schema = (): JsonObject => message(dice, Number(fields.find(([, name]) => name === 'schema')![2]), depth + 1) as JsonObject;
	const choice = dice.integer(2);
	if (special === 'orbool') {
		return choice === 0 ? schema() : dice.integer(2) === 1;
	}

	const list = special === 'orarray' ? [schema(), schema()] : ['one', 'two'];
	return choice === 0 ? schema() : list;
};

const single = (dice: Dice, row: FieldRow, depth: number): JsonValue => {
	const type = row[2];
	if (typeof type === 'string') {
		const flags = row[3] ?? 0;
		return leaf(dice, type, (flags & 1) !== 0 || (flags & 8) !== 0);
	}

	const [, fields, special] = table.messages[type]!;
	if (special?.startsWith('or') === true) {
		return unionValue(dice, special, fields, depth);
	}

	if (special !== undefined) {
		return leaf(dice, special, false);
	}

	const inner = message(dice, type, depth + 1) as JsonObject;
	const nestedKind = row[4];
	const at = nestedKind?.lastIndexOf('/') ?? -1;
	return nestedKind === undefined ? inner : {kind: nestedKind.slice(at + 1), apiVersion: nestedKind.slice(0, at), ...inner};
};

const mapValue = (dice: Dice, row: FieldRow, depth: number): JsonObject => {
	const keys = [...new Set([pick(dice, texts), pick(dice, texts), pick(dice, texts)])].toSorted(compareUtf8);
	const object: JsonObject = {};
	for (const key of keys) {
		Object.defineProperty(object, key, {
			value: single(dice, row, depth), enumerable: true, configurable: true, writable: true,
		});
	}

	return object;
};

/** A list or a map. */
const several = (dice: Dice, row: FieldRow, depth: number, isAbsent: boolean): JsonValue => {
	const flags = row[3] ?? 0;
	if (isAbsent) {
		return (flags & 64) === 0 ? nothing(flags) : [];
	}

	return (flags & 8) === 0 ? Array.from({length: 1 + dice.integer(2)}, () => single(dice, row, depth)) : mapValue(dice, row, depth);
};

/** Null where it is kept. */
const nothing = (flags: number): JsonValue => (flags & 1) === 0 ? undefined : null;

/** Null is printed; undefined is not. */
const fieldValue = (dice: Dice, row: FieldRow, depth: number): JsonValue => {
	const type = row[2];
	const flags = row[3] ?? 0;
	const [name, , special = ''] = typeof type === 'number' ? table.messages[type]! : [''];
	// Schemas hold schemas: ever rarer ones.
	const isAbsent = name.includes('JSONSchemaProps') ? dice.integer(Math.max(2, (depth * 3) - 6)) !== 0 || depth > 12 : dice.integer(3) === 0;
	if ((flags & (4 | 8)) !== 0) {
		return several(dice, row, depth, isAbsent);
	}

	if (type === 'x' || special === 'slice' || (flags & 2) !== 0) {
		return isAbsent ? nothing(flags) : single(dice, row, depth);
	}

	if (['time', 'microtime', 'raw'].includes(special)) {
		return dice.integer(3) === 0 ? ((flags & 32) === 0 ? null : undefined) : leaf(dice, special, false);
	}

	const value = single(dice, row, depth);
	const zeros: readonly JsonValue[] = ['', 0, false];
	const isZero = typeof type === 'string' && zeros.includes(value);
	return isZero && (flags & 1) === 0 ? undefined : value;
};

const message = (dice: Dice, index: number, depth: number): JsonValue => {
	const [, fields] = table.messages[index]!;
	const object: JsonObject = {};
	for (const row of fields) {
		if (((row[3] ?? 0) & 16) !== 0) {
			Object.assign(object, message(dice, Number(row[2]), depth));
			continue;
		}

		const value = fieldValue(dice, row, depth);
		if (value !== undefined) {
			object[row[1]] = value;
		}
	}

	return object;
};

/** An object of a kind, as kube-apiserver would print it. */
export const generateObject = (dice: Dice, kindKey: string): JsonObject => {
	const at = kindKey.lastIndexOf('/');
	const group = kindKey.slice(0, at);
	const type = {kind: kindKey.slice(at + 1), apiVersion: group === '*' ? 'apps/v1' : group};
	return {...type, ...message(dice, table.kinds[kindKey]!, 0) as JsonObject};
};
