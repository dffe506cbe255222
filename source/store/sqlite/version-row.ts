import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {isJsonObject} from '../../model/json.js';
import type {ObjectVersion, VersionKind} from '../../model/object-version.js';
import type {Dictionaries} from './dictionaries.js';
import {
	type Column,
	decodeHex,
	decodeUuid,
	decodeVersion,
} from './encodings.js';
import {sessionStride} from './schema.js';
import {damagedError} from './store-error.js';

/** What `decode` reads, of `versionTables`. */
export const versionColumns = 'v.place, v.entered, v.number, v.steps, v.form, s.resource_version, v.body, v.rest, s.generation, s.controller, s.hx, s.hm, x.uid';
export const versionTables = 'versions v JOIN states s ON s.id = v.state JOIN objects x ON x.id = s.object';

type Form = Pick<ObjectVersion, 'kind' | 'apiVersion' | 'objectKind' | 'storageEpoch' | 'redacted'>;

export type VersionDecoder = {
	decode(row: readonly Column[]): ObjectVersion;
	forget(): void;
};

const versionKinds: ReadonlySet<string> = new Set<VersionKind>(['whole', 'metadata', 'end']);
const isVersionKind = (value: unknown): value is VersionKind => typeof value === 'string' && versionKinds.has(value);

const optionalNumber = (column: Column | undefined): number | undefined => (typeof column === 'number' ? column : undefined);

const decodeRest = (column: Column | undefined): ObjectVersion['rest'] => {
	if (typeof column !== 'string') {
		return undefined;
	}

	const value: unknown = JSON.parse(column);
	if (!isJsonObject(value) || typeof value.step !== 'number' || typeof value.body !== 'number') {
		throw new TypeError('what the rest is taken from is damaged');
	}

	const {resourceVersion, step, body} = value;
	return {resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : undefined, step, body};
};

export const createVersionDecoder = (database: Database.Database, dictionaries: Dictionaries, locator: string): VersionDecoder => {
	const forms = new Map<number, Form>();
	const selectForms = database.prepare('SELECT id, kind, api_version, object_kind, storage_epoch, redacted FROM forms LIMIT 65536').raw();

	const formOf = (id: number): Form => {
		const known = forms.get(id);
		if (known !== undefined) {
			return known;
		}

		forms.clear();
		for (const [number, kind, apiVersion, objectKind, storageEpoch, redacted] of selectForms.all() as ReadonlyArray<readonly Column[]>) {
			assert.ok(isVersionKind(kind), 'a kind we know');
			forms.set(Number(number), {
				kind, apiVersion: String(apiVersion), objectKind: String(objectKind), storageEpoch: Number(storageEpoch), redacted: redacted === 1,
			});
		}

		const form = forms.get(id);
		assert.ok(form !== undefined, `form ${id} is missing`);
		return form;
	};

	const decode = (row: readonly Column[]): ObjectVersion => {
		const [place, entered, number, steps, form, version = null, body, rest, generation, controller, hx = null, hm = null, uid = ''] = row;
		assert.ok(typeof place === 'number' && typeof entered === 'number' && typeof form === 'number', 'a version has a place, a step and a form');
		const {group = '', resource = '', namespace, name} = dictionaries.place(place);
		const step = entered % sessionStride;
		return {
			number: Number(number),
			key: {
				group, resource, namespace, name, uid: decodeUuid(uid),
			},
			...formOf(form),
			resourceVersion: decodeVersion(version),
			step,
			until: typeof steps === 'number' ? step + steps : undefined,
			body: optionalNumber(body),
			rest: decodeRest(rest),
			hx: decodeHex(hx),
			hm: decodeHex(hm),
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
