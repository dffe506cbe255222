import {strict as assert} from 'node:assert';
import type {ObjectPlace} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import type {Operation} from '../model/operation.js';
import {compareResourceVersions} from '../model/resource-version.js';
import type {OperationStore} from '../store/operation-store.js';

/** Versions looked through for the one before a version that came late. */
const maximumOlder = 256;

/** What the recording knows of the versions an event tells. */
export type KnownVersions = {
	/** The version an event carries, as it entered at or before the event's step. */
	carried(event: Operation, place: ObjectPlace): Promise<ObjectVersion | undefined>;
	/** The version that one replaced; for one that never was the state, the newest that is older. */
	before(version: ObjectVersion): Promise<ObjectVersion | undefined>;
	/** The row that ended an event's uid at or before the event's step. */
	end(event: Operation, place: ObjectPlace): Promise<ObjectVersion | undefined>;
};

/** The newest version of the same uid and storage epoch that is older than this one. */
const newestOlder = (version: ObjectVersion, rows: readonly ObjectVersion[]): ObjectVersion | undefined => {
	assert.ok(rows.every(row => row.key.uid === version.key.uid), 'versions of one uid are compared');
	let newest: ObjectVersion | undefined;
	for (const row of rows) {
		const order = compareResourceVersions(row.resourceVersion, version.resourceVersion);
		const isOlder = order !== undefined && order < 0 && row.kind !== 'end' && row.storageEpoch === version.storageEpoch;
		if (isOlder && (newest === undefined || (compareResourceVersions(row.resourceVersion, newest.resourceVersion) ?? 0) > 0)) {
			newest = row;
		}
	}

	assert.ok(newest?.number !== version.number, 'a version is not older than itself');
	return newest;
};

export const createKnownVersions = (store: OperationStore, session: string): KnownVersions => {
	/** Rows of one uid that entered up to a step, the last first. */
	const lastRows = async (place: ObjectPlace, uid: string, step: number, limit: number): Promise<readonly ObjectVersion[]> => {
		const rows = await store.queryVersions({
			session, group: place.group, resource: place.resource, uid, from: 1, to: step, direction: 'backward', limit,
		});
		assert.ok(rows.every(row => row.key.uid === uid && row.step <= step), 'one uid was asked for, up to a step');
		return rows;
	};

	return {
		async carried(event, place) {
			if (event.uid === undefined || event.resourceVersion === undefined) {
				return undefined;
			}

			const rows = await store.versionsOf(session, {...place, uid: event.uid}, event.resourceVersion);
			assert.ok(rows.every(({resourceVersion}) => resourceVersion === event.resourceVersion), 'exactly one resourceVersion was asked for');
			return rows.findLast(({step, kind}) => kind !== 'end' && step <= event.sequence);
		},
		async before(version) {
			const {key, step} = version;
			if (version.until === step) {
				return newestOlder(version, await lastRows(key, key.uid, step, maximumOlder));
			}

			const row = step === 1 ? undefined : await store.versionAt(session, key, step - 1);
			assert.ok(row === undefined || (row.step < step && row.number !== version.number), 'what was before entered before');
			return row?.key.uid === key.uid && row.kind !== 'end' ? row : undefined;
		},
		async end(event, place) {
			// Versions from before the end can be told after it: the end is not always the last row.
			const rows = event.uid === undefined ? [] : await lastRows(place, event.uid, event.sequence, maximumOlder);
			return rows.find(({kind}) => kind === 'end');
		},
	};
};
