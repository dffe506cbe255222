/* eslint-disable no-bitwise -- flags are bits */
import {Buffer} from 'node:buffer';
import process from 'node:process';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {stringifyJson} from '../../source/kubernetes/decode-body.js';
import {decodeProtobuf, encodeProtobuf} from '../../source/kubernetes/protobuf-codec.js';
import {generateObject, table} from './generated-objects.js';
import {createRandom} from './recorded-traffic.js';

const kinds = Object.keys(table.kinds);
const objectsPerKind = 12;

const diceOf = (seed: number) => {
	const random = createRandom(seed);
	return {integer: (below: number) => Math.floor(random() * below)};
};

/** Fields that JSON never names: the insides of special types, and inline messages. */
const unnamed = (): ReadonlySet<string> => new Set([
	...table.messages.filter(row => row[2] !== undefined).flatMap(([, fields]) => fields.map(([, name]) => name)),
	...table.messages.flatMap(([, fields]) => fields.filter(row => ((row[3] ?? 0) & 16) !== 0).map(([, name]) => name)),
]);

test('a generated object of every kind of the table survives encoding and decoding, text for text and byte for byte, and together they have every field', () => {
	let compared = 0;
	const seen = new Set<string>();
	fc.assert(fc.property(fc.integer({min: 1, max: 2_000_000_000}), seed => {
		const dice = diceOf(seed);
		for (const kind of kinds) {
			const object = generateObject(dice, kind);
			const text = stringifyJson(object);
			const bytes = encodeProtobuf(object);
			const {value, unknownFields, partial} = decodeProtobuf(bytes);
			expect(stringifyJson(value), kind).toBe(text);
			expect(Buffer.compare(encodeProtobuf(value), bytes), kind).toBe(0);
			expect({unknownFields, partial}).toEqual({unknownFields: 0, partial: false});
			compared++;
			for (const [name] of text.matchAll(/(?<=")[^"\\]+(?=":)/gv)) {
				seen.add(name);
			}
		}
	}), {numRuns: objectsPerKind, seed: 20_261_123});
	const names = new Set(table.messages.flatMap(([, fields]) => fields.map(([, name]) => name)));
	const never = unnamed();
	const missed = [...names].filter(name => !seen.has(name) && !never.has(name));
	process.stdout.write(`generated objects encoded and decoded: ${compared} of ${kinds.length} kinds, ${names.size - missed.length} field names\n`);
	expect(kinds.length).toBeGreaterThan(300);
	expect(missed).toEqual([]);
});
