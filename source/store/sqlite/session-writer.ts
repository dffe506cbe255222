import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {exitCodes, KubestepError} from '../../model/kubestep-error.js';
import type {Gap} from '../../model/session.js';
import {createBodyEncoder} from '../body-codec.js';
import {createHeaderEncoder} from '../header-codec.js';
import type {NewBody, NewCompletion, NewOperation, WriteBatch} from '../operation-store.js';
import type {Column} from './encodings.js';
import {createInterning} from './interning.js';
import type {OperationsReader} from './operations-reader.js';
import {encodeOperation, operationColumns, type RowEncoder} from './operation-row.js';
import {sessionStride} from './schema.js';
import {type SessionRow, updateSession} from './sessions.js';
import {createVersionsWriter} from './versions-writer.js';

/** Writes into one session. */
export type SessionWriter = {
	/** All or nothing. */
	write(batch: WriteBatch): void;
};

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL

const createBodiesWriter = (database: Database.Database, session: number): {write(body: NewBody): void; reset(): void} => {
	const encoder = createBodyEncoder();
	const insert = database.prepare('INSERT INTO bodies (id, base, second_base, data) VALUES (?, ?, ?, ?)');
	return {
		write(body) {
			const stored = encoder.encode(body);
			assert(stored.bases.length <= 2 && stored.bases.every(base => base < body.number), 'at most two bases, both earlier');
			// The nearest base is last in the dictionary; it is named first, for it is the usual one.
			const [base, second] = stored.bases.toReversed().map(number => body.number - number);
			insert.run((session * sessionStride) + body.number, stored.isCompressed ? base ?? 0 : null, orNull(second), stored.data); // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL
		},
		reset() {
			encoder.reset();
		},
	};
};

const definedOnly = <Value extends Record<string, unknown>>(value: Value): Partial<Value> =>
	Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Partial<Value>;

export const createSessionWriter = (database: Database.Database, session: SessionRow, reader: OperationsReader): SessionWriter => {
	const interning = createInterning(database, session.number);
	const encoder: RowEncoder = {
		session: session.number, clock: session.clock, interning, headers: createHeaderEncoder(),
	};
	const bodies = createBodiesWriter(database, session.number);
	const versions = createVersionsWriter(database, session.number, interning);
	const marks = operationColumns.map(() => '?').join(', ');
	const insert = database.prepare(`INSERT INTO operations (${operationColumns.join(', ')}) VALUES (${marks})`);
	const replace = database.prepare(`INSERT OR REPLACE INTO operations (${operationColumns.join(', ')}) VALUES (${marks})`);
	const insertGap = database.prepare('INSERT INTO gaps (session, from_step, to_step, operations, bytes, reason) VALUES (?, ?, ?, ?, ?, ?)');

	const insertOperation = ({operation, requestHeaders, responseHeaders}: NewOperation): void => {
		const row: readonly Column[] = encodeOperation(encoder, operation, {request: requestHeaders, response: responseHeaders});
		insert.run(...row);
	};

	/** A completion can change nearly every column, and what is computed from others: the row is read, merged and written again. */
	const complete = ({completion, responseHeaders}: NewCompletion): void => {
		const stored = reader.get(session, completion.sequence);
		if (stored === undefined) {
			throw new KubestepError(`operation ${completion.sequence} of session "${session.id}" was completed before it was stored`, exitCodes.internal);
		}

		const headers = reader.headers(session, completion.sequence);
		assert(headers !== undefined, 'a stored operation');
		const operation = {...stored, ...definedOnly(completion)};
		assert.equal(operation.sequence, completion.sequence);
		const row = encodeOperation(encoder, operation, {
			request: headers.request, response: responseHeaders ?? headers.response,
		});
		replace.run(...row);
	};

	const insertGapRow = (gap: Gap): void => {
		assert(gap.from <= gap.to, 'a gap goes forward');
		insertGap.run(session.number, gap.from, gap.to, gap.operations, gap.bytes, gap.reason);
	};

	const writeAll = database.transaction((batch: WriteBatch) => {
		for (const body of batch.bodies) {
			bodies.write(body);
		}

		for (const operation of batch.operations) {
			insertOperation(operation);
		}

		for (const completion of batch.completions) {
			complete(completion);
		}

		for (const version of batch.versions) {
			versions.write(version);
		}

		for (const gap of batch.gaps) {
			insertGapRow(gap);
		}

		if (batch.session !== undefined) {
			updateSession(database, session, batch.session);
		}
	});

	return {
		write(batch) {
			try {
				writeAll.immediate(batch);
			} catch (error) {
				// What was remembered as stored was rolled back.
				interning.reset();
				bodies.reset();
				versions.reset();
				reader.forget();
				throw error;
			}
		},
	};
};
