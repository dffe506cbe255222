import type {ObjectFacts} from '../ingest/object-facts.js';

/** Bytes of objects that are remembered; beyond, the longest unused is forgotten. */
const maximumBytes = 64 * 1024 * 1024;

/** The latest state of an object, as far as the log shows. */
export type KnownObject = {
	readonly uid: string;
	readonly group: string;
	readonly version: string;
	readonly resource: string;
	readonly namespace: string;
	readonly name: string;
	readonly resourceVersion: string;
	/** The version it was created with; undefined: before the log shows it. */
	readonly created: string | undefined;
	/** Watches were told of this version: a write made it. */
	readonly isTold: boolean;
	/** JSON text of the whole object, kind and all. */
	readonly bytes: Uint8Array;
};

export type KnownObjects = {
	get(uid: string): KnownObject | undefined;
	at(place: Pick<KnownObject, 'group' | 'resource' | 'namespace' | 'name'>): KnownObject | undefined;
	set(object: KnownObject): void;
	delete(uid: string): void;
	values(): Iterable<KnownObject>;
};

const placeOf = ({group, resource, namespace, name}: Pick<KnownObject, 'group' | 'resource' | 'namespace' | 'name'>): string =>
	`${group}\0${resource}\0${namespace}\0${name}`;

/** Whether facts are those of one whole object. */
export const isWholeObject = (facts: ObjectFacts | undefined): facts is ObjectFacts =>
	facts !== undefined && facts.uid !== '' && facts.resourceVersion !== '' && facts.status === undefined && facts.continue === undefined
	&& facts.kind !== 'PartialObjectMetadata' && facts.kind !== 'Table';

export const createKnownObjects = (): KnownObjects => {
	const objects = new Map<string, KnownObject>();
	const places = new Map<string, string>();
	let size = 0;

	const forget = (uid: string): void => {
		const object = objects.get(uid);
		if (object === undefined) {
			return;
		}

		objects.delete(uid);
		size -= object.bytes.length;
		const place = placeOf(object);
		if (places.get(place) === uid) {
			places.delete(place);
		}
	};

	return {
		get: uid => objects.get(uid),
		at(place) {
			const uid = places.get(placeOf(place));
			return uid === undefined ? undefined : objects.get(uid);
		},
		set(object) {
			forget(object.uid);
			objects.set(object.uid, object);
			places.set(placeOf(object), object.uid);
			size += object.bytes.length;
			for (const uid of objects.keys()) {
				if (size <= maximumBytes) {
					break;
				}

				forget(uid);
			}
		},
		delete: forget,
		values: () => objects.values(),
	};
};
