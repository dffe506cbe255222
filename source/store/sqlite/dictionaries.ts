import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectPlace} from '../../model/object-key.js';
import {endKinds} from '../../model/operation.js';
import {createWeightedCache} from '../weighted-cache.js';
import {
	type Column, decodeHex, decodeUuid, decodeVersion,
} from './encodings.js';
import type {StateFacts} from './interning.js';
import {type Shape, type ShapeText, shapeTexts} from './shape.js';
import {damagedError} from './store-error.js';

/** Bytes of texts, and rows of each other kind, that are remembered while a file is read. */
const textBytes = 4 * 1024 * 1024;
const textOverhead = 64;
const rememberedRows = 16_384;

/** A place as stored; group and resource are undefined for an operation that has none. */
export type StoredPlace = Omit<ObjectPlace, 'group' | 'resource'> & {readonly group: string | undefined; readonly resource: string | undefined};

/** Gives the values behind the numbers of a file. @throws KubestepError where a number leads nowhere. */
export type Dictionaries = {
	text(id: number): string;
	place(id: number): StoredPlace;
	state(id: number): StateFacts;
	uid(object: number): string;
	shape(id: number): Shape;
	/** Forgets everything: the rows behind the numbers have gone. */
	clear(): void;
};

const idOf = (column: Column | undefined): number => {
	assert(typeof column === 'number', 'a number of a row');
	return column;
};

const optionalNumber = (column: Column | undefined): number | undefined => (typeof column === 'number' ? column : undefined);

const toShape = (row: readonly Column[], text: (id: number) => string): Shape => {
	const texts: Partial<Record<ShapeText, string>> = {};
	for (const [index, [name]] of shapeTexts.entries()) {
		const column = row[index];
		if (typeof column === 'number') {
			texts[name] = text(column);
		}
	}

	const [kind, end, status, epoch, flags, defined, error] = row.slice(shapeTexts.length);
	assert(error !== undefined, 'a row has all its columns');
	const bits = idOf(defined);
	return {
		texts,
		isEvent: kind === 1,
		end: typeof end === 'number' ? endKinds[end] : undefined,
		status: optionalNumber(status),
		epoch: optionalNumber(epoch),
		flags: idOf(flags),
		hasNamespace: (bits & 1) !== 0,
		hasName: (bits & 2) !== 0,
		hasVersionPrecondition: (bits & 4) !== 0,
		hasUidPrecondition: (bits & 8) !== 0,
		isError: error === 1,
	};
};

/** Columns of `shapes` as `toShape` reads them. */
export const shapeColumns = [...shapeTexts.map(([, column]) => column), 'kind', 'end', 'status', 'epoch', 'flags', 'defined', 'error'].join(', ');

export const createDictionaries = (database: Database.Database, locator: string): Dictionaries => {
	const texts = createWeightedCache<number, string>(textBytes);
	const places = createWeightedCache<number, StoredPlace>(rememberedRows);
	const states = createWeightedCache<number, StateFacts>(rememberedRows);
	const uids = createWeightedCache<number, string>(rememberedRows);
	const shapes = createWeightedCache<number, Shape>(rememberedRows);
	const findText = database.prepare('SELECT text FROM texts WHERE id = ?').raw();
	const findPlace = database.prepare('SELECT s.grp, s.resource, s.namespace, p.name FROM places p JOIN scopes s ON s.id = p.scope WHERE p.id = ?').raw();
	const findState = database.prepare('SELECT object, resource_version, generation, controller, hx, hm FROM states WHERE id = ?').raw();
	const findObject = database.prepare('SELECT uid FROM objects WHERE id = ?').raw();
	const findShape = database.prepare(`SELECT ${shapeColumns} FROM shapes WHERE id = ?`).raw();

	const find = (statement: Database.Statement, id: number, what: string): readonly Column[] => {
		const row = statement.get(id) as readonly Column[] | undefined;
		if (row === undefined) {
			throw damagedError(locator, `${what} ${id} is missing`);
		}

		assert(row.length > 0, 'a row has columns');
		return row;
	};

	const textOf = (id: number): string => {
		const known = texts.get(id);
		if (known !== undefined) {
			return known;
		}

		const text = String(find(findText, id, 'text')[0]);
		texts.set(id, text, textOverhead + (2 * text.length));
		return text;
	};

	const uidOf = (object: number): string => {
		const known = uids.get(object);
		if (known !== undefined) {
			return known;
		}

		const uid = decodeUuid(find(findObject, object, 'object')[0] ?? '');
		uids.set(object, uid, 1);
		return uid;
	};

	const optionalText = (column: Column | undefined): string | undefined => (typeof column === 'string' ? column : undefined);

	return {
		text: textOf,
		uid: uidOf,
		place(id) {
			const known = places.get(id);
			if (known !== undefined) {
				return known;
			}

			const [group, resource, namespace, name] = find(findPlace, id, 'place');
			const place = {
				group: optionalText(group), resource: optionalText(resource), namespace: optionalText(namespace) ?? '', name: optionalText(name) ?? '',
			};
			places.set(id, place, 1);
			return place;
		},
		state(id) {
			const known = states.get(id);
			if (known !== undefined) {
				return known;
			}

			const [object, version = null, generation, controller, hx = null, hm = null] = find(findState, id, 'state'); // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
			const state: StateFacts = {
				uid: typeof object === 'number' ? uidOf(object) : undefined,
				resourceVersion: decodeVersion(version),
				generation: optionalNumber(generation),
				controllerUid: typeof controller === 'number' ? uidOf(controller) : undefined,
				hx: decodeHex(hx),
				hm: decodeHex(hm),
			};
			states.set(id, state, 1);
			return state;
		},
		shape(id) {
			const known = shapes.get(id);
			if (known !== undefined) {
				return known;
			}

			const shape = toShape(find(findShape, id, 'shape'), textOf);
			shapes.set(id, shape, 1);
			return shape;
		},
		clear() {
			for (const cache of [texts, places, states, uids, shapes]) {
				cache.clear();
			}
		},
	};
};
