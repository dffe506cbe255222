import {strict as assert} from 'node:assert';
import type {ObjectPlace} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import type {OperationStore} from '../store/operation-store.js';

const versionsPerPage = 1000;

/** Versions of one object, all incarnations, in order of step; at most `limit`. */
export const readHistory = async (store: OperationStore, session: string, place: ObjectPlace, limit: number): Promise<readonly ObjectVersion[]> => {
	assert.ok(Number.isSafeInteger(limit) && limit >= 0, 'a limit is a whole number');
	const versions: ObjectVersion[] = [];
	for (let left = limit; left > 0; left -= versionsPerPage) {
		const last = versions.at(-1);
		const page = await store.queryVersions({ // eslint-disable-line no-await-in-loop -- keyset pages follow each other
			session, place, after: last === undefined ? undefined : {step: last.step, number: last.number}, limit: Math.min(left, versionsPerPage),
		});
		assert.ok(page.length <= versionsPerPage, 'a store keeps the limit');
		versions.push(...page);
		if (page.length < versionsPerPage) {
			break;
		}
	}

	assert.ok(versions.length <= limit, 'a history stays within its limit');
	return versions;
};
