import {strict as assert} from 'node:assert';
import {stringifyJson} from '../kubernetes/decode-body.js';
import {
	arrayAt,
	objectAt,
	stringAt,
	type JsonObject,
	type JsonValue,
} from '../model/json.js';

/** Entries of managedFields that are looked at: a real object has a handful. */
const maximumEntries = 256;

type Entry = {
	readonly manager: string;
	/** Who books fields apart: manager, operation, subresource and version. */
	readonly identity: string;
	readonly time: string;
	readonly text: string;
};

const entriesOf = (object: JsonObject | undefined): readonly Entry[] =>
	arrayAt(objectAt(object, 'metadata'), 'managedFields').slice(0, maximumEntries).flatMap((value: JsonValue) => {
		const manager = stringAt(value, 'manager');
		const parts = ['operation', 'subresource', 'apiVersion'].map(key => stringAt(value, key) ?? '');
		return manager === undefined
			? []
			: [{
				manager, identity: [manager, ...parts].join('\0'), time: stringAt(value, 'time') ?? '', text: stringifyJson(value),
			}];
	});

const newestOf = (entries: readonly Entry[]): string | undefined => {
	let newest: Entry | undefined;
	for (const entry of entries) {
		newest = newest === undefined || entry.time >= newest.time ? entry : newest;
	}

	assert.ok(entries.length === 0 || newest !== undefined, 'of some entries one is the newest');
	assert.ok(newest?.manager !== '', 'a manager without a name is none');
	return newest?.manager;
};

/**
The field manager that made an object what it is, by what it booked since `before`: an entry that is new or has a new time, else one whose fields changed (a manager
that only lost fields to another keeps its time). Undefined: nobody booked anything, as when a deletion was requested.
*/
export const blamedManager = (before: JsonObject | undefined, after: JsonObject): string | undefined => {
	const entries = entriesOf(after);
	if (before === undefined) {
		return newestOf(entries);
	}

	const known = new Map(entriesOf(before).map(entry => [entry.identity, entry]));
	const fresh = entries.filter(({identity, time}) => known.get(identity)?.time !== time);
	const altered = entries.filter(({identity, text}) => known.get(identity)?.text !== text);
	assert.ok(fresh.every(entry => altered.includes(entry)), 'who booked at another time booked something else');
	return newestOf(fresh) ?? newestOf(altered);
};
