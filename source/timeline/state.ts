import {strict as assert} from 'node:assert';
import {parseFieldSelector, parseLabelSelector, type Selector} from '../kubernetes/selectors.js';
import {usageError} from '../model/kubestep-error.js';
import type {ObjectKey, ObjectPlace} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import type {OperationStore} from '../store/operation-store.js';
import type {ObjectReader} from './object-decoding.js';
import type {ObjectState, StateQuery} from './timeline-types.js';

/** Objects read and decoded at a time while a state is streamed. */
export const objectsPerPage = 64;
/** Pages of one state: a bound against a store that would not end. */
const maximumPages = 1_000_000;

/** The cluster's objects at any step: one function of (session, step). */
export type StateReader = {
	objectAt(step: number, place: ObjectPlace): Promise<ObjectState | undefined>;
	stateAt(step: number, query?: StateQuery): AsyncIterable<ObjectState>;
};

const parseSelectors = (query: StateQuery): readonly Selector[] => {
	try {
		const selectors = [parseLabelSelector(query.labelSelector ?? ''), parseFieldSelector(query.fieldSelector ?? '')];
		assert.ok(query.labelSelector !== undefined || selectors[0]!.isEmpty, 'no label selector selects everything');
		assert.ok(query.fieldSelector !== undefined || selectors[1]!.isEmpty, 'no field selector selects everything');
		return selectors.filter(selector => !selector.isEmpty);
	} catch (error) {
		if (error instanceof TypeError) {
			throw usageError(`selector cannot be read: ${error.message}`);
		}

		throw error;
	}
};

/** The one place a query names, where it names one. */
const placeOf = ({group, resource, namespace, name}: StateQuery): ObjectPlace | undefined =>
	group === undefined || resource === undefined || namespace === undefined || name === undefined
		? undefined
		: {
			group, resource, namespace, name,
		};

export const createStateReader = (store: OperationStore, session: string, reader: ObjectReader): StateReader => {
	/** The versions that are the state at a step, by key, a page at a time. */
	async function * pagesAt(step: number, query: StateQuery): AsyncIterable<readonly ObjectVersion[]> {
		let afterKey: ObjectKey | undefined;
		for (let page = 0; page < maximumPages; page++) {
			const rows = await store.queryVersions({ // eslint-disable-line no-await-in-loop -- keyset pages follow each other
				session, group: query.group, resource: query.resource, namespace: query.namespace, at: step, afterKey, limit: objectsPerPage,
			});
			assert.ok(rows.length <= objectsPerPage, 'a store keeps the limit');
			assert.ok(rows.every(version => version.kind !== 'end' && version.step <= step), 'neither the past nor the future is in the state');
			yield rows;
			afterKey = rows.at(-1)?.key;
			if (afterKey === undefined || rows.length < objectsPerPage) {
				return;
			}
		}

		throw usageError(`the state at step ${step} does not end after ${maximumPages * objectsPerPage} objects: name a resource or a namespace`);
	}

	/** The one object a query names, or all. */
	async function * versionsAt(step: number, query: StateQuery): AsyncIterable<readonly ObjectVersion[]> {
		const place = placeOf(query);
		if (place === undefined) {
			yield * pagesAt(step, query);
			return;
		}

		const version = await store.versionAt(session, place, step);
		assert.ok(version === undefined || version.step <= step, 'nothing of the future is in the state');
		assert.ok(version === undefined || version.key.name === place.name, 'the object asked for was given');
		yield version === undefined || version.kind === 'end' ? [] : [version];
	}

	return {
		async objectAt(step, place) {
			assert.ok(Number.isSafeInteger(step) && step >= 0, 'a step is a whole number from 0');
			const version = step === 0 ? undefined : await store.versionAt(session, place, step);
			assert.ok(version === undefined || version.step <= step, 'nothing of the future is in the state');
			return version === undefined || version.kind === 'end' ? undefined : reader.state(version);
		},
		async * stateAt(step, query = {}) {
			assert.ok(Number.isSafeInteger(step) && step >= 0, 'a step is a whole number from 0');
			const selectors = parseSelectors(query);
			assert.ok(selectors.length <= 2, 'one selector by labels, one by fields');
			for await (const page of versionsAt(step, query)) {
				const named = query.name === undefined ? page : page.filter(({key}) => key.name === query.name);
				const states = await reader.states(named, false);
				yield * states.filter(({object}) => selectors.every(selector => selector.matches(object)));
			}
		},
	};
};
