import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectVersion} from '../../model/object-version.js';
import type {Operation} from '../../model/operation.js';
import {createWeightedCache, type WeightedCache} from '../weighted-cache.js';
import {
	type Column,
	encodeHex,
	encodeUuid,
	encodeVersion,
} from './encodings.js';
import {
	definedBits,
	endIndex,
	type Shape,
	shapeKey,
	shapeTexts,
} from './shape.js';

/** Values of each kind whose numbers are remembered while a session is written. What is forgotten is looked up, or stored again: harmless, for values are compared, not numbers. */
const remembered = 32_768;
/** Digits of a semantic hash. */
const hashDigits = 16;

export type StateFacts = Pick<Operation, 'resourceVersion' | 'generation' | 'controllerUid' | 'hx' | 'hm' | 'uid'>;
export type Place = {readonly group: string | undefined; readonly resource: string | undefined; readonly namespace: string; readonly name: string};

/** Gives repeated values their numbers, storing them where they are new. */
export type Interning = {
	text(text: string): number;
	/** JSON of facts few operations have. */
	detail(detail: string): number;
	place(place: Place): number;
	shape(shape: Shape): number;
	/** Undefined where there is nothing to say. */
	state(facts: StateFacts, place: number | undefined): number | undefined;
	form(version: ObjectVersion): number;
	headers(request: string | undefined, response: string | undefined, dateOffset: number): number;
	/** Forgets everything: what was stored since the last commit was not. */
	reset(): void;
};

type Insert = (...columns: readonly Column[]) => number;

const preparedInsert = (database: Database.Database, table: string, columns: readonly string[]): Insert => {
	assert.ok(columns[0] === 'session' || table === 'places', 'a row belongs to a session');
	assert.equal(new Set(columns).size, columns.length, 'a column is given once');
	const marks = columns.map(() => '?').join(', ');
	const statement = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
	return (...values) => {
		assert.equal(values.length, columns.length, 'a value for every column');
		return Number(statement.run(...values).lastInsertRowid);
	};
};

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL

/** Remembers what `make` gave for a key. */
const rememberIn = (cache: WeightedCache<string, number>, key: string, make: () => number): number => {
	const known = cache.get(key);
	if (known !== undefined) {
		return known;
	}

	const made = make();
	assert.ok(made > 0, 'rows are numbered from 1');
	assert.ok(Number.isSafeInteger(made), 'row numbers are whole, and exact');
	cache.set(key, made, 1);
	return made;
};

const createPlaces = (database: Database.Database, session: number): {of(place: Place): number; reset(): void} => {
	const scopes = createWeightedCache<string, number>(remembered);
	const places = createWeightedCache<string, number>(remembered);
	const findScope = database.prepare('SELECT id FROM scopes WHERE session = ? AND grp IS ? AND resource IS ? AND namespace IS ?').pluck();
	const findPlace = database.prepare('SELECT id FROM places WHERE scope = ? AND name = ?').pluck();
	const insertScope = preparedInsert(database, 'scopes', ['session', 'grp', 'resource', 'namespace']);
	const insertPlace = preparedInsert(database, 'places', ['scope', 'name']);

	const scopeOf = ({group, resource, namespace}: Place): number =>
		rememberIn(scopes, `${group === undefined ? '' : `${group.length}=${group}`},${resource === undefined ? '' : `${resource.length}=${resource}`},${namespace}`, () => {
			const columns = [session, orNull(group), orNull(resource), namespace] as const;
			const found: unknown = findScope.get(...columns);
			return typeof found === 'number' ? found : insertScope(...columns);
		});

	return {
		of(place) {
			const scope = scopeOf(place);
			return rememberIn(places, `${scope}\0${place.name}`, () => {
				const found: unknown = findPlace.get(scope, place.name);
				return typeof found === 'number' ? found : insertPlace(scope, place.name);
			});
		},
		reset() {
			scopes.clear();
			places.clear();
		},
	};
};

const createStates = (database: Database.Database, session: number): {of: Interning['state']; reset(): void} => {
	const objects = createWeightedCache<string, number>(remembered);
	const states = createWeightedCache<string, number>(remembered);
	const findObject = database.prepare('SELECT id FROM objects WHERE substr(uid, 1, 4) = substr(:uid, 1, 4) AND uid = :uid AND session = :session AND place IS :place').pluck();
	const insertObject = preparedInsert(database, 'objects', ['session', 'place', 'uid']);
	const insertState = preparedInsert(database, 'states', ['session', 'object', 'resource_version', 'generation', 'controller', 'hx', 'hm']);

	const objectOf = (uid: string | undefined, place: number | undefined): number | undefined =>
		uid === undefined
			? undefined
			: rememberIn(objects, `${place ?? ''}\0${uid}`, () => {
				const stored = encodeUuid(uid);
				const found: unknown = findObject.get({uid: stored, session, place: orNull(place)});
				return typeof found === 'number' ? found : insertObject(session, orNull(place), stored);
			});

	return {
		of(facts, place) {
			assert.ok(place === undefined || place > 0, 'places are numbered from 1');
			const {uid, resourceVersion, generation, controllerUid, hx, hm} = facts;
			if ((uid ?? resourceVersion ?? generation ?? controllerUid ?? hx ?? hm) === undefined) {
				return undefined;
			}

			const object = objectOf(uid, place);
			const controller = objectOf(controllerUid, undefined);
			assert.equal(object === undefined, uid === undefined, 'an object with a uid has a number');
			assert.equal(controller === undefined, controllerUid === undefined, 'a controller has a number');
			const version = resourceVersion === undefined ? '' : `=${resourceVersion}`;
			return rememberIn(states, `${object ?? ''},${generation ?? ''},${controller ?? ''},${hx ?? ''},${hm ?? ''}\0${version}`, () => insertState(
				session, orNull(object), encodeVersion(resourceVersion), orNull(generation), orNull(controller), encodeHex(hx, hashDigits), encodeHex(hm, hashDigits),
			));
		},
		reset() {
			objects.clear();
			states.clear();
		},
	};
};

/** Columns of a shape after its texts. */
const shapeNumbers = (shape: Shape): readonly Column[] =>
	[orNull(endIndex(shape.end)), orNull(shape.status), orNull(shape.epoch), shape.flags, definedBits(shape), Number(shape.isError)];

export const createInterning = (database: Database.Database, session: number): Interning => {
	assert.ok(Number.isSafeInteger(session) && session >= 0, 'session numbers count from 0');
	const texts = createWeightedCache<string, number>(remembered);
	const shapes = createWeightedCache<string, number>(remembered);
	const details = createWeightedCache<string, number>(remembered);
	const forms = createWeightedCache<string, number>(remembered);
	const headerForms = createWeightedCache<string, number>(remembered);
	const places = createPlaces(database, session);
	const states = createStates(database, session);
	assert.ok(!database.readonly, 'a file that is written');
	const insertText = preparedInsert(database, 'texts', ['session', 'text']);
	const insertDetail = preparedInsert(database, 'details', ['session', 'detail']);
	const insertShape = preparedInsert(database, 'shapes', [
		'session', 'kind', ...shapeTexts.map(([, column]) => column), 'end', 'status', 'epoch', 'flags', 'defined', 'error',
	]);
	const insertForm = preparedInsert(database, 'forms', ['session', 'kind', 'api_version', 'object_kind', 'storage_epoch', 'redacted']);
	const insertHeaders = preparedInsert(database, 'header_forms', ['session', 'request', 'response', 'date_offset']);

	const textOf = (text: string): number => rememberIn(texts, text, () => insertText(session, text));
	const textOrNull = (text: string | undefined): Column => (text === undefined ? null : textOf(text));

	return {
		text: textOf,
		detail: detail => rememberIn(details, detail, () => insertDetail(session, detail)),
		place: place => places.of(place),
		shape: shape => rememberIn(shapes, shapeKey(shape), () => insertShape(
			session, Number(shape.isEvent), ...shapeTexts.map(([name]) => textOrNull(shape.texts[name])), ...shapeNumbers(shape),
		)),
		state: (facts, place) => states.of(facts, place),
		form: version => rememberIn(forms, `${version.kind},${version.storageEpoch},${version.redacted},${version.apiVersion.length}=${version.apiVersion},${version.objectKind}`, () => insertForm(
			session, version.kind, version.apiVersion, version.objectKind, version.storageEpoch, Number(version.redacted),
		)),
		headers(request, response, dateOffset) {
			assert.ok(Number.isSafeInteger(dateOffset), 'dates differ by whole seconds');
			const requestText = textOrNull(request);
			const responseText = textOrNull(response);
			return rememberIn(headerForms, `${String(requestText)},${String(responseText)},${dateOffset}`, () => insertHeaders(session, requestText, responseText, dateOffset));
		},
		reset() {
			for (const cache of [texts, details, shapes, forms, headerForms]) {
				cache.clear();
			}

			places.reset();
			states.reset();
		},
	};
};
