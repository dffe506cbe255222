import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {exitCodes, KubestepError} from '../../model/kubestep-error.js';
import type {Gap} from '../../model/session.js';
import {bodyForms, createBodyEncoder} from '../body-codec.js';
import {createHeaderEncoder} from '../header-codec.js';
import type {
	NewBody,
	NewCompletion,
	NewOperation,
	WriteBatch,
} from '../operation-store.js';
import {createInterning} from './interning.js';
import {operationColumns} from './operation-columns.js';
import {encodeOperation, type RowEncoder} from './operation-encoding.js';
import type {OperationsReader} from './operations-reader.js';
import {sessionStride} from './schema.js';
import {insertGaps, type SessionRow, updateSession} from './sessions.js';
import {createVersionsWriter} from './versions-writer.js';

/** Writes into one session. */
export type SessionWriter = {
	/** All or nothing. */
	write(batch: WriteBatch): void;
};

type BodiesWriter = {write(body: NewBody): void; reset(): void};
type OperationsWriter = {insert(operation: NewOperation): void; complete(completion: NewCompletion): void};

const createBodiesWriter = (database: Database.Database, {number: session}: SessionRow): BodiesWriter => {
	const encoder = createBodyEncoder();
	const insert = database.prepare('INSERT INTO bodies (id, form, base, second_base, data) VALUES (?, ?, ?, ?, ?)');
	return {
		write({number, bytes, chain}) {
			const {form, bases, data} = encoder.encode({number, bytes, chain});
			assert.ok(number < sessionStride, 'a session holds this many bodies');
			assert.ok(bases.length <= 2 && bases.every(base => base < number), 'at most two bases, both earlier');
			// The nearest base is last in the dictionary, and named first: it is the usual one.
			const [base = null, second = null] = bases.toReversed().map(one => number - one);
			const id = (session * sessionStride) + number;
			assert.ok(Number.isSafeInteger(id), 'ids are exact');
			insert.run(id, bodyForms.indexOf(form), base, second, data);
		},
		reset() {
			encoder.reset();
		},
	};
};

const definedOnly = <Value extends Record<string, unknown>>(value: Value): Partial<Value> =>
	Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Partial<Value>;

const createOperationsWriter = (database: Database.Database, session: SessionRow, encoder: RowEncoder, reader: OperationsReader): OperationsWriter => {
	assert.equal(encoder.session, session.number, 'rows go into the session they are encoded for');
	const into = `INTO operations (${operationColumns.join(', ')}) VALUES (${operationColumns.map(() => '?').join(', ')})`;
	const insert = database.prepare(`INSERT ${into}`);
	const replace = database.prepare(`INSERT OR REPLACE ${into}`);

	return {
		insert({operation, requestHeaders, responseHeaders}) {
			const {changes} = insert.run(...encodeOperation(encoder, operation, {request: requestHeaders, response: responseHeaders}));
			assert.equal(changes, 1, 'one row for an operation');
		},
		/** A completion can change nearly every column, and what is computed from others: the row is read, merged and written again. */
		complete({completion, responseHeaders}) {
			const stored = reader.get(session, completion.sequence);
			const headers = reader.headers(session, completion.sequence);
			if (stored === undefined || headers === undefined) {
				throw new KubestepError(`operation ${completion.sequence} of session "${session.id}" was completed before it was stored`, exitCodes.internal);
			}

			const operation = {...stored, ...definedOnly(completion)};
			assert.equal(operation.hash, stored.hash, 'what was chained stays');
			assert.equal(operation.sequence, stored.sequence);
			const {changes} = replace.run(...encodeOperation(encoder, operation, {request: headers.request, response: responseHeaders ?? headers.response}));
			assert.equal(changes, 1, 'one row replaces the one that was read');
		},
	};
};

const checkGaps = (gaps: readonly Gap[]): readonly Gap[] => {
	assert.ok(gaps.every(({from, to}) => from <= to), 'a gap goes forward');
	return gaps;
};

export const createSessionWriter = (database: Database.Database, session: SessionRow, reader: OperationsReader): SessionWriter => {
	assert.ok(!database.readonly, 'a file open for writing');
	assert.ok(Number.isSafeInteger(session.clock), 'a clock in whole milliseconds');
	const interning = createInterning(database, session.number);
	const encoder: RowEncoder = {
		session: session.number, clock: session.clock, interning, headers: createHeaderEncoder(),
	};
	const bodies = createBodiesWriter(database, session);
	const operations = createOperationsWriter(database, session, encoder, reader);
	const versions = createVersionsWriter(database, session.number, interning);

	const writeAll = database.transaction((batch: WriteBatch) => {
		assert.ok(database.inTransaction, 'a batch goes in as a whole');
		for (const body of batch.bodies) {
			bodies.write(body);
		}

		for (const operation of batch.operations) {
			operations.insert(operation);
		}

		for (const completion of batch.completions) {
			operations.complete(completion);
		}

		for (const version of batch.versions) {
			versions.write(version);
		}

		insertGaps(database, session.number, checkGaps(batch.gaps));
		updateSession(database, session, batch.session ?? {});
		assert.ok(database.inTransaction, 'no part of a batch was committed alone');
	});

	return {
		write(batch) {
			assert.ok(!database.inTransaction, 'one batch after the other');
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
