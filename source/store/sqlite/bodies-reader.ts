import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import type Database from 'better-sqlite3';
import {exitCodes, KubestepError} from '../../model/kubestep-error.js';
import type {BodyNumber} from '../../model/operation.js';
import {ownBytes} from '../../model/own-bytes.js';
import {bodyForms, decodeStoredBody, type StoredBody} from '../body-codec.js';
import {createWeightedCache} from '../weighted-cache.js';
import type {Column} from './encodings.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';
import {damagedError} from './store-error.js';

/** Bytes of decoded bodies others are compressed against, held for the next. */
const maximumBaseBytes = 8 * 1024 * 1024;
/** Bodies read for one: beyond any that we write. */
const maximumRead = 64;

export type BodiesReader = {
	read(session: SessionRow, number: BodyNumber): Uint8Array;
	forget(): void;
};

const toStored = ([form, base, second, data]: readonly Column[], number: BodyNumber): StoredBody => {
	const known = bodyForms[Number(form)];
	assert.ok(known !== undefined && data instanceof Uint8Array, 'a body has a form we know, and data');
	const bases = [second, base].filter(distance => typeof distance === 'number').map(distance => number - distance);
	assert.ok(bases.every(one => one > 0 && one < number), 'a body is compressed against earlier ones');
	return {form: known, bases, data};
};

const decode = (stored: StoredBody, known: ReadonlyMap<BodyNumber, Uint8Array>): Uint8Array => {
	const bases = stored.bases.map(base => known.get(base)).filter(base => base !== undefined);
	assert.equal(bases.length, stored.bases.length, 'every base was read before');
	const dictionary = bases.length < 2 ? bases[0] : Buffer.concat(bases);
	return decodeStoredBody(stored, dictionary);
};

/** What a damaged body makes of us: a contradiction, or an error of zstd. */
const isDamage = (error: unknown): boolean =>
	error instanceof assert.AssertionError || error instanceof RangeError
	|| (error instanceof Error && 'code' in error && String(error.code).startsWith('ZSTD'));

export const createBodiesReader = (database: Database.Database, locator: string): BodiesReader => {
	const find = database.prepare('SELECT form, base, second_base, data FROM bodies WHERE id = ?').raw();
	const cache = createWeightedCache<number, Uint8Array>(maximumBaseBytes);
	const idOf = (session: SessionRow, number: BodyNumber): number => (session.number * sessionStride) + number;

	const load = (session: SessionRow, number: BodyNumber, wanted: BodyNumber): StoredBody => {
		assert.ok(number <= wanted, 'a body is read with earlier ones');
		const row = find.get(idOf(session, number)) as readonly Column[] | undefined;
		if (row !== undefined) {
			return toStored(row, number);
		}

		throw number === wanted
			? new KubestepError(`session "${session.id}" of ${locator} has no body ${number}`, exitCodes.unreadable)
			: damagedError(locator, `body ${number}, which others are read with, is missing`);
	};

	/** The wanted body and those it is compressed against, which may have bases of their own, in the order in which they can be read. What was read before goes to `known`. */
	const loadAll = (session: SessionRow, wanted: BodyNumber, known: Map<BodyNumber, Uint8Array>): ReadonlyArray<readonly [BodyNumber, StoredBody]> => {
		const loaded = new Map<BodyNumber, StoredBody>();
		const needed = [wanted];
		for (let number = needed.pop(); number !== undefined; number = needed.pop()) {
			const held = number === wanted ? undefined : known.get(number) ?? cache.get(idOf(session, number));
			if (held !== undefined) {
				known.set(number, held);
				continue;
			}

			const stored = loaded.get(number) ?? load(session, number, wanted);
			loaded.set(number, stored);
			assert.ok(loaded.size <= maximumRead, 'a body is read through few others');
			needed.push(...stored.bases.filter(base => !loaded.has(base)));
			assert.ok(needed.length <= 2 * maximumRead, 'few bodies are left to read at any time');
		}

		assert.ok(loaded.has(wanted), 'the wanted body comes from the file');
		// Bases have lower numbers than what is compressed against them.
		return loaded.entries().toArray().toSorted(([left], [right]) => left - right);
	};

	const read = (session: SessionRow, wanted: BodyNumber): Uint8Array => {
		const known = new Map<BodyNumber, Uint8Array>();
		const loaded = loadAll(session, wanted, known);
		assert.equal(loaded.at(-1)?.[0], wanted, 'the wanted body is decoded last');
		for (const [number, stored] of loaded) {
			const bytes = decode(stored, known);
			known.set(number, bytes);
			if (number !== wanted) {
				cache.set(idOf(session, number), ownBytes(bytes), bytes.length);
			}
		}

		const bytes = known.get(wanted);
		assert.ok(bytes !== undefined, 'the wanted body was read');
		return bytes;
	};

	return {
		read(session, number) {
			try {
				return read(session, number);
			} catch (error) {
				throw isDamage(error) ? damagedError(locator, `body ${number} cannot be read`, error) : error;
			}
		},
		forget() {
			cache.clear();
		},
	};
};
