import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectPlace} from '../../model/object-key.js';
import {endKinds} from '../../model/operation.js';
import {createWeightedCache} from '../weighted-cache.js';
import {
	type Column,
	decodeHex,
	decodeUuid,
	decodeVersion,
} from './encodings.js';
import type {StateFacts} from './interning.js';
import {
	hasBit,
	type Shape,
	type ShapeText,
	shapeTexts,
} from './shape.js';
import {damagedError} from './store-error.js';

/** Bytes of texts, and rows of each other kind, that are remembered while a file is read. */
const textBytes = 4 * 1024 * 1024;
const textOverhead = 64;
const rememberedRows = 16_384;

/** A place as stored; group and resource are undefined for an operation that has none. */
export type StoredPlace = Omit<ObjectPlace, 'group' | 'resource'> & {readonly group: string | undefined; readonly resource: string | undefined};

/**
Gives the values behind the numbers of a file.
@throws KubestepError where a number leads nowhere.
*/
export type Dictionaries = {
	text(id: number): string;
	detail(id: number): string;
	place(id: number): StoredPlace;
	state(id: number): StateFacts;
	uid(object: number): string;
	shape(id: number): Shape;
	/** Forgets everything: the rows behind the numbers have gone. */
	clear(): void;
};

type Row = readonly Column[];
/** Looks a number up, and remembers what it stands for. */
type Lookup<Value> = {get(id: number): Value; clear(): void};

const optionalNumber = (column: Column | undefined): number | undefined => (typeof column === 'number' ? column : undefined);
const optionalText = (column: Column | undefined): string | undefined => (typeof column === 'string' ? column : undefined);

const toShape = (row: Row, text: (id: number) => string): Shape => {
	const texts: Partial<Record<ShapeText, string>> = {};
	for (const [index, [name]] of shapeTexts.entries()) {
		const column = row[index];
		if (typeof column === 'number') {
			texts[name] = text(column);
		}
	}

	const [kind, end, status, epoch, flags, defined, error] = row.slice(shapeTexts.length);
	assert.ok(typeof flags === 'number' && typeof defined === 'number', 'a shape has flags');
	return {
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
};

/** Columns of `shapes` as `toShape` reads them. */
const shapeColumns = [...shapeTexts.map(([, column]) => column), 'kind', 'end', 'status', 'epoch', 'flags', 'defined', 'error'].join(', ');

const toPlace = ([group, resource, namespace, name]: Row): StoredPlace => ({
	group: optionalText(group), resource: optionalText(resource), namespace: optionalText(namespace) ?? '', name: optionalText(name) ?? '',
});

const toState = ([object, version = null, generation, controller, hx = null, hm = null]: Row, uid: (object: number) => string): StateFacts => ({
	uid: typeof object === 'number' ? uid(object) : undefined,
	resourceVersion: decodeVersion(version),
	generation: optionalNumber(generation),
	controllerUid: typeof controller === 'number' ? uid(controller) : undefined,
	hx: decodeHex(hx),
	hm: decodeHex(hm),
});

export const createDictionaries = (database: Database.Database, locator: string): Dictionaries => {
	const lookup = <Value>(what: string, sql: string, decode: (row: Row) => Value, capacity = rememberedRows, weigh: (value: Value) => number = () => 1): Lookup<Value> => {
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
				cache.set(id, value, weigh(value));
				return value;
			},
			clear() {
				cache.clear();
			},
		};
	};

	const weighText = (text: string): number => textOverhead + (2 * text.length);
	const texts = lookup('text', 'SELECT text FROM texts WHERE id = ?', ([text]) => String(text), textBytes, weighText);
	const details = lookup('detail', 'SELECT detail FROM details WHERE id = ?', ([detail]) => String(detail), textBytes, weighText);
	const places = lookup('place', 'SELECT s.grp, s.resource, s.namespace, p.name FROM places p JOIN scopes s ON s.id = p.scope WHERE p.id = ?', toPlace);
	const uids = lookup('object', 'SELECT uid FROM objects WHERE id = ?', ([uid = '']) => decodeUuid(uid));
	const states = lookup('state', 'SELECT object, resource_version, generation, controller, hx, hm FROM states WHERE id = ?', row => toState(row, uids.get));
	const shapes = lookup('shape', `SELECT ${shapeColumns} FROM shapes WHERE id = ?`, row => toShape(row, texts.get));
	return {
		text: texts.get,
		detail: details.get,
		place: places.get,
		uid: uids.get,
		state: states.get,
		shape: shapes.get,
		clear() {
			for (const one of [texts, details, places, uids, states, shapes]) {
				one.clear();
			}
		},
	};
};
