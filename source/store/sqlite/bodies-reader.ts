import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {exitCodes, KubestepError} from '../../model/kubestep-error.js';
import type {BodyNumber} from '../../model/operation.js';
import {decodeStoredBody, type StoredBody} from '../body-codec.js';
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

const toStored = ([base, second, data]: readonly Column[], number: BodyNumber): StoredBody => {
	assert(data instanceof Uint8Array, 'a body has data');
	const distances = [second, base].filter((distance): distance is number => typeof distance === 'number' && distance !== 0);
	const bases = distances.map(distance => number - distance);
	assert(bases.every(one => one > 0 && one < number), 'a body is compressed against earlier ones');
	return {bases, isCompressed: typeof base === 'number', data};
};

export const createBodiesReader = (database: Database.Database, locator: string): BodiesReader => {
	const find = database.prepare('SELECT base, second_base, data FROM bodies WHERE id = ?').raw();
	const cache = createWeightedCache<number, Uint8Array>(maximumBaseBytes);

	const load = (session: SessionRow, number: BodyNumber, isAskedFor: boolean): StoredBody => {
		const row = find.get((session.number * sessionStride) + number) as readonly Column[] | undefined;
		if (row === undefined) {
			throw isAskedFor
				? new KubestepError(`session "${session.id}" of ${locator} has no body ${number}`, exitCodes.unreadable)
				: damagedError(locator, `body ${number}, which others are read with, is missing`);
		}

		return toStored(row, number);
	};

	const decode = (stored: StoredBody, known: ReadonlyMap<number, Uint8Array>): Uint8Array => {
		const bases = stored.bases.map(base => known.get(base)).filter(base => base !== undefined);
		assert.equal(bases.length, stored.bases.length, 'every base was read before');
		const dictionary = bases.length === 1 ? bases[0] : Buffer.concat(bases);
		return decodeStoredBody(stored, bases.length === 0 ? undefined : dictionary);
	};

	/** Reads a body and, before it, those it is compressed against: with a stack, for they may have bases of their own. */
	const read = (session: SessionRow, wanted: BodyNumber): Uint8Array => {
		const idOf = (number: BodyNumber): number => (session.number * sessionStride) + number;
		const known = new Map<number, Uint8Array>();
		const loaded = new Map<number, StoredBody>();
		const stack = [wanted];
		for (let number = stack.at(-1); number !== undefined; number = stack.at(-1)) {
			const held = known.get(number) ?? cache.get(idOf(number));
			if (held !== undefined) {
				known.set(number, held);
				stack.pop();
				continue;
			}

			const stored = loaded.get(number) ?? load(session, number, number === wanted);
			loaded.set(number, stored);
			assert(loaded.size <= maximumRead, 'a body is read through few others');
			const missing = stored.bases.filter(base => !known.has(base));
			if (missing.length > 0) {
				stack.push(...missing);
				continue;
			}

			const bytes = decode(stored, known);
			known.set(number, bytes);
			if (number !== wanted) {
				cache.set(idOf(number), bytes, bytes.length);
			}

			stack.pop();
		}

		const bytes = known.get(wanted);
		assert(bytes !== undefined, 'the wanted body was read');
		return bytes;
	};

	return {
		read(session, number) {
			try {
				return read(session, number);
			} catch (error) {
				const isDamage = error instanceof assert.AssertionError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ZSTD'))
					|| error instanceof RangeError;
				throw isDamage ? damagedError(locator, `body ${number} cannot be read`, error) : error;
			}
		},
		forget() {
			cache.clear();
		},
	};
};
