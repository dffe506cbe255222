import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {endKinds} from '../../model/operation.js';
import {createWeightedCache} from '../weighted-cache.js';
import {
	type Column,
	decodeUuid,
	optionalNumber,
	optionalText,
	uuidSql,
} from './encodings.js';
import {
	fieldsOf,
	hasBit,
	type Shape,
	type ShapeFields,
	type ShapeText,
	shapeTexts,
} from './shape.js';
import {damagedError} from './store-error.js';

/** Bytes of texts, and rows of each other kind, that are remembered while a file is read. */
const textBytes = 4 * 1024 * 1024;
const textOverhead = 64;
const rememberedRows = 16_384;

/** A shape, and what of an operation it says. */
export type StoredShape = Shape & {readonly operation: ShapeFields};

/** A resource in a namespace, as stored; group and resource are undefined for an operation that has none. */
export type StoredScope = {readonly group: string | undefined; readonly resource: string | undefined; readonly namespace: string};
export type StoredPlace = StoredScope & {readonly name: string};

/**
Gives the values behind the numbers of a file.
@throws KubestepError where a number leads nowhere.
*/
export type Dictionaries = {
	text(id: number): string;
	detail(id: number): string;
	place(id: number): StoredPlace;
	scope(id: number): StoredScope;
	uid(object: number): string;
	shape(id: number): StoredShape;
	/** Forgets everything: the rows behind the numbers have gone. */
	clear(): void;
	/** How often everything was forgotten. */
	readonly generation: number;
};

type Row = readonly Column[];
/** How much is remembered, and what each value weighs. */
type Weights<Value> = {readonly capacity: number; weigh(value: Value): number};
const byCount: Weights<unknown> = {capacity: rememberedRows, weigh: () => 1};

/** Looks a number up, and remembers what it stands for. */
type Lookup<Value> = {get(id: number): Value; clear(): void};

const toShape = (row: Row, text: (id: number) => string): StoredShape => {
	assert.equal(row.length, shapeTexts.length + 7, 'a column for every part of a shape');
	const texts: Partial<Record<ShapeText, string>> = {};
	for (const [index, [name]] of shapeTexts.entries()) {
		const column = row[index];
		if (typeof column === 'number') {
			texts[name] = text(column);
		}
	}

	const [kind, end, status, epoch, flags, defined, error] = row.slice(shapeTexts.length);
	assert.ok(typeof flags === 'number' && typeof defined === 'number', 'a shape has flags');
	const shape: Shape = {
		texts,
		isEvent: kind === 1,
		end: typeof end === 'number' ? endKinds[end] : undefined,
		status: optionalNumber(status),
		epoch: optionalNumber(epoch),
		flags,
		hasNamespace: hasBit(defined, 0),
		hasName: hasBit(defined, 1),
		hasVersionPrecondition: hasBit(defined, 2),
		hasUidPrecondition: hasBit(defined, 3),
		isError: error === 1,
	};
	return {...shape, operation: fieldsOf(shape)};
};

/** Columns of `shapes` as `toShape` reads them. */
const shapeColumns = [...shapeTexts.map(([, column]) => column), 'kind', 'end', 'status', 'epoch', 'flags', 'defined', 'error'].join(', ');

const toScope = ([group, resource, namespace]: Row): StoredScope => ({group: optionalText(group), resource: optionalText(resource), namespace: optionalText(namespace) ?? ''});

export const createDictionaries = (database: Database.Database, locator: string): Dictionaries => {
	assert.ok(database.open, 'an open file');
	assert.ok(locator !== '', 'a file has a name, for errors');
	const lookup = <Value>(what: string, sql: string, decode: (row: Row) => Value, {capacity, weigh}: Weights<Value> = byCount): Lookup<Value> => {
		assert.ok(sql.endsWith('id = ?'), 'a row is found by its number');
		const statement = database.prepare(sql).raw();
		const cache = createWeightedCache<number, Value>(capacity);
		return {
			get(id) {
				const known = cache.get(id);
				if (known !== undefined) {
					return known;
				}

				const row = statement.get(id) as Row | undefined;
				if (row === undefined) {
					throw damagedError(locator, `${what} ${id} is missing`);
				}

				assert.ok(row.length > 0, 'a row has columns');
				const value = decode(row);
				const weight = weigh(value);
				assert.ok(weight > 0, 'whatever is remembered counts against the capacity');
				cache.set(id, value, weight);
				return value;
			},
			clear() {
				cache.clear();
			},
		};
	};

	let generation = 0;
	const byBytes: Weights<string> = {capacity: textBytes, weigh: text => textOverhead + (2 * text.length)};
	const texts = lookup('text', 'SELECT text FROM texts WHERE id = ?', ([text]) => String(text), byBytes);
	const details = lookup('detail', 'SELECT detail FROM details WHERE id = ?', ([detail]) => String(detail), byBytes);
	const scopes = lookup('scope', 'SELECT grp, resource, namespace FROM scopes WHERE id = ?', toScope);
	const places = lookup('place', 'SELECT scope, name FROM places WHERE id = ?', ([scope, name]): StoredPlace => ({...scopes.get(Number(scope)), name: String(name)}));
	const uids = lookup('object', `SELECT ${uuidSql('uid')} FROM objects WHERE id = ?`, ([uid]) => decodeUuid(String(uid)));
	const shapes = lookup('shape', `SELECT ${shapeColumns} FROM shapes WHERE id = ?`, row => toShape(row, texts.get));
	return {
		text: texts.get,
		detail: details.get,
		place: places.get,
		uid: uids.get,
		scope: scopes.get,
		shape: shapes.get,
		get generation() {
			return generation;
		},
		clear() {
			generation += 1;
			for (const one of [texts, details, scopes, places, uids, shapes]) {
				one.clear();
			}
		},
	};
};
