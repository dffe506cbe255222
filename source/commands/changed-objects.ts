import {placeId, type ObjectPlace} from '../model/object-key.js';
import type {ObjectState, Timeline} from '../timeline/timeline-types.js';

/** One object at two steps; undefined: it did not exist, as far as the recording shows. */
export type ObjectChange = {
	readonly place: ObjectPlace;
	readonly before: ObjectState | undefined;
	readonly after: ObjectState | undefined;
};

const pageSize = 1000;
/** Objects that one diff shows; past it `isCut` says so. */
export const maximumChangedObjects = 20_000;

/** Places whose state may differ between two steps: those a version entered at, or ended, in between. */
const touchedPlaces = async (timeline: Timeline, from: number, to: number): Promise<{readonly places: readonly ObjectPlace[]; readonly isCut: boolean}> => {
	const places = new Map<string, ObjectPlace>();
	let after: {readonly step: number; readonly number: number} | undefined;
	let isLast = false;
	while (!isLast && places.size <= maximumChangedObjects) {
		const page = await timeline.store.queryVersions({ // eslint-disable-line no-await-in-loop -- keyset pages
			session: timeline.session.id, from: from + 1, to, after, limit: pageSize,
		});
		for (const {key} of page) {
			places.set(placeId(key), {
				group: key.group, resource: key.resource, namespace: key.namespace, name: key.name,
			});
		}

		const last = page.at(-1);
		after = last === undefined ? undefined : {step: last.step, number: last.number};
		isLast = page.length < pageSize;
	}

	const ordered = [...places].toSorted(([left], [right]) => left < right ? -1 : 1).map(([, place]) => place);
	return {places: ordered.slice(0, maximumChangedObjects), isCut: ordered.length > maximumChangedObjects};
};

/** Objects whose state at step `to` is another version than at step `from`, ordered by group, resource, namespace, name. */
export const changedObjects = async (timeline: Timeline, from: number, to: number): Promise<{readonly changes: readonly ObjectChange[]; readonly isCut: boolean}> => {
	const {places, isCut} = await touchedPlaces(timeline, Math.min(from, to), Math.max(from, to));
	const changes: ObjectChange[] = [];
	for (const place of places) {
		const [before, after] = await Promise.all([timeline.objectAt(from, place), timeline.objectAt(to, place)]); // eslint-disable-line no-await-in-loop -- bounded by maximumChangedObjects
		if (before?.version.number !== after?.version.number) {
			changes.push({place, before, after});
		}
	}

	return {changes, isCut};
};
