import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {isJsonObject} from '../../model/json.js';
import type {ObjectVersion, VersionKind} from '../../model/object-version.js';
import type {Dictionaries} from './dictionaries.js';
import {
	type Column,
	decodeUuid,
	decodeVersion,
	hexSql,
	optionalNumber,
	optionalText,
	uuidSql,
	versionSql,
} from './encodings.js';
import {sessionStride} from './schema.js';
import {damagedError} from './store-error.js';

/** What `decode` reads, of `versionTables`. */
export const versionColumns = [
	'v.place',
	'v.entered',
	'v.number',
	'v.steps',
	'v.form',
	'v.body',
	'v.rest',
	'p.scope',
	'p.name',
	uuidSql('x.uid'),
	versionSql('s.resource_version'),
	's.generation',
	's.controller',
	hexSql('s.hx'),
	hexSql('s.hm'),
].join(', ');
export const versionJoins = 'JOIN states s ON s.id = v.state JOIN objects x ON x.id = s.object JOIN places p ON p.id = v.place';
export const versionTables = `versions v ${versionJoins}`;
const columnCount = 15;
/** Where the object's name stands. */
export const namePosition = 8;

/** Forms read from a file. */
const maximumForms = 65_536;

type Form = Pick<ObjectVersion, 'kind' | 'apiVersion' | 'objectKind' | 'storageEpoch' | 'redacted'>;

export type VersionDecoder = {
	decode(row: readonly Column[]): ObjectVersion;
	forget(): void;
};

const versionKinds: ReadonlySet<string> = new Set<VersionKind>(['whole', 'metadata', 'end']);
const isVersionKind = (value: unknown): value is VersionKind => typeof value === 'string' && versionKinds.has(value);

const decodeRest = (column: Column | undefined): ObjectVersion['rest'] => {
	if (typeof column !== 'string') {
		return undefined;
	}

	const value: unknown = JSON.parse(column);
	if (!isJsonObject(value) || typeof value.step !== 'number' || typeof value.body !== 'number') {
		throw new TypeError('what the rest is taken from is damaged');
	}

	const {resourceVersion, step, body} = value;
	assert.ok(Number.isSafeInteger(step) && step >= 0 && step < sessionStride, 'the rest entered at a step');
	assert.ok(Number.isSafeInteger(body) && body > 0, 'the rest has a body');
	return {resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : undefined, step, body};
};

/** The forms of a file, by their numbers: few, so all are read at once. */
const createForms = (database: Database.Database): {of(id: number): Form; clear(): void} => {
	const forms = new Map<number, Form>();
	const selectForms = database.prepare('SELECT id, kind, api_version, object_kind, storage_epoch, redacted FROM forms LIMIT ?').raw();

	const find = (id: number): Form => {
		const known = forms.get(id);
		if (known !== undefined) {
			return known;
		}

		forms.clear();
		for (const [number, kind, apiVersion, objectKind, storageEpoch, redacted] of selectForms.all(maximumForms) as ReadonlyArray<readonly Column[]>) {
			assert.ok(isVersionKind(kind), 'a kind we know');
			assert.ok(Number(storageEpoch) >= 1, 'storage epochs count from 1');
			forms.set(Number(number), {
				kind, apiVersion: String(apiVersion), objectKind: String(objectKind), storageEpoch: Number(storageEpoch), redacted: redacted === 1,
			});
		}

		assert.ok(forms.size <= maximumForms, 'a bounded number of forms');
		const form = forms.get(id);
		assert.ok(form !== undefined, `form ${id} is missing`);
		return form;
	};

	return {
		of: find,
		clear() {
			forms.clear();
		},
	};
};

export const createVersionDecoder = (database: Database.Database, dictionaries: Dictionaries, locator: string): VersionDecoder => {
	const forms = createForms(database);

	const decode = (row: readonly Column[]): ObjectVersion => {
		const [place, entered, number, steps, form, body, rest, scopeNumber, name, uid, version, generation, controller, hx, hm] = row;
		assert.ok(row.length >= columnCount, 'a row with all its columns');
		assert.ok(typeof place === 'number' && typeof entered === 'number' && typeof form === 'number', 'a version has a place, a step and a form');
		const {group = '', resource = '', namespace} = dictionaries.scope(Number(scopeNumber));
		const step = entered % sessionStride;
		assert.ok(typeof number === 'number' && number > 0, 'versions are numbered from 1');
		assert.ok(typeof steps !== 'number' || steps >= 0, 'a version does not end before it entered');
		assert.ok(step >= 0, 'steps are not negative');
		const known = forms.of(form);
		assert.ok(known.kind !== 'end' || typeof body !== 'number', 'an end has no body');
		return {
			number,
			key: {
				group, resource, namespace, name: String(name), uid: decodeUuid(String(uid)),
			},
			...known,
			resourceVersion: decodeVersion(version),
			step,
			until: typeof steps === 'number' ? step + steps : undefined,
			body: optionalNumber(body),
			rest: decodeRest(rest),
			hx: optionalText(hx),
			hm: optionalText(hm),
			generation: optionalNumber(generation),
			controllerUid: typeof controller === 'number' ? dictionaries.uid(controller) : undefined,
		};
	};

	return {
		decode(row) {
			try {
				return decode(row);
			} catch (error) {
				if (error instanceof TypeError || error instanceof SyntaxError || error instanceof assert.AssertionError) {
					throw damagedError(locator, `version ${String(row[2])} cannot be read (${error.message})`, error);
				}

				throw error;
			}
		},
		forget() {
			forms.clear();
		},
	};
};
