import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectVersion} from '../../model/object-version.js';
import {createWeightedCache} from '../weighted-cache.js';
import type {Column} from './encodings.js';
import type {Interning} from './interning.js';
import {sessionStride} from './schema.js';

/** Rows whose step is remembered, for they may be written again. Of others it is looked up among their object's rows. */
const rememberedRows = 131_072;

export type VersionsWriter = {
	write(version: ObjectVersion): void;
	reset(): void;
};

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL

/** Writes the version rows of one session; a row that was written before (same number, same place) is replaced. */
export const createVersionsWriter = (database: Database.Database, session: number, interning: Interning): VersionsWriter => {
	const first = session * sessionStride;
	assert.ok(Number.isSafeInteger(first + sessionStride), 'ids are exact');
	const entered = createWeightedCache<number, number>(rememberedRows);
	const greatest = database.prepare('SELECT max(number) FROM versions WHERE entered BETWEEN ? AND ?').pluck();
	const find = database.prepare('SELECT entered FROM versions WHERE place = ? AND number = ?').pluck();
	const remove = database.prepare('DELETE FROM versions WHERE place = ? AND entered = ? AND number = ?');
	const insert = database.prepare(`INSERT INTO versions (place, entered, living, number, steps, form, state, body, rest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
	let last: number | undefined;

	const earlierEntry = (place: number, number: number): number | undefined => {
		last ??= Number(greatest.get(first, first + sessionStride - 1) ?? 0);
		assert.ok(last >= 0, 'versions are numbered from 1');
		if (number > last) {
			last = number;
			return undefined;
		}

		const known = entered.get(number) ?? find.get(place, number);
		assert.ok(known === undefined || typeof known === 'number', 'a row has a step');
		assert.ok(known === undefined || (known >= first && known < first + sessionStride), 'a place has rows of one session only');
		return known;
	};

	return {
		write(version) {
			const {key, number, step, until} = version;
			assert.ok(step >= 0 && step < sessionStride && number > 0, 'a version has a step and a number');
			assert.ok(until === undefined || until >= step, 'a version does not end before it entered');
			assert.ok(version.kind !== 'end' || version.body === undefined, 'an end has no body');
			assert.ok(version.rest === undefined || version.kind === 'metadata', 'only metadata takes its rest from elsewhere');
			const place = interning.place(key);
			const at = first + step;
			const before = earlierEntry(place, number);
			if (before !== undefined) {
				const {changes} = remove.run(place, before, number);
				assert.equal(changes, 1, 'the row that is replaced is there');
			}

			// Every version has a state row: its uid is never missing.
			const state = interning.state({...version, uid: key.uid}, place);
			assert.ok(state !== undefined, 'a version that has no state could not be joined');
			const columns: readonly Column[] = [
				place,
				at,
				version.kind === 'end' ? 0 : 1,
				number,
				until === undefined ? null : until - step,
				interning.form(version),
				state,
				orNull(version.body),
				version.rest === undefined ? null : JSON.stringify(version.rest),
			];
			insert.run(...columns);
			entered.set(number, at, 1);
		},
		reset() {
			entered.clear();
			last = undefined;
		},
	};
};
