import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {Operation} from '../../model/operation.js';
import {createDictionaries, type Dictionaries} from './dictionaries.js';
import type {Column} from './encodings.js';
import {operationJoins, selectedColumns} from './operation-columns.js';
import {decodeOperation} from './operation-decoding.js';
import {decodeOperationHeaders, type OperationHeaders} from './operation-headers.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';
import {damagedError} from './store-error.js';

/** Reads single operations, and decodes rows of `selectedColumns`. */
export type OperationsReader = {
	readonly dictionaries: Dictionaries;
	get(session: SessionRow, sequence: number): Operation | undefined;
	decode(row: readonly Column[]): Operation;
	/** Undefined: there is no such operation. */
	headers(session: SessionRow, sequence: number): OperationHeaders | undefined;
	/** Forgets what rows were remembered: their transaction was rolled back. */
	forget(): void;
};

export const createOperationsReader = (database: Database.Database, locator: string): OperationsReader => {
	const dictionaries = createDictionaries(database, locator);
	const find = database.prepare(`SELECT ${selectedColumns} FROM operations o ${operationJoins} WHERE o.id = ?`).raw();
	const findHeaders = database.prepare(`SELECT f.request, f.response, f.date_offset, o.header_values
		FROM operations o JOIN header_forms f ON f.id = o.headers WHERE o.id = ?`).raw();
	const decode = (row: readonly Column[]): Operation => decodeOperation(row, dictionaries, locator);

	const get = (session: SessionRow, sequence: number): Operation | undefined => {
		const row = find.get((session.number * sessionStride) + sequence) as readonly Column[] | undefined;
		return row === undefined ? undefined : decode(row);
	};

	return {
		dictionaries,
		get,
		decode,
		headers(session, sequence) {
			assert.ok(Number.isSafeInteger(sequence), 'a sequence number is whole');
			const operation = get(session, sequence);
			const row = findHeaders.get((session.number * sessionStride) + sequence) as readonly Column[] | undefined;
			if (operation === undefined || row === undefined) {
				return operation === undefined ? undefined : {request: undefined, response: undefined};
			}

			assert.equal(operation.sequence, sequence, 'the operation that was asked for');
			assert.equal(row.length, 4, 'three columns of the form, one of the operation');
			try {
				return decodeOperationHeaders(operation, session.clock, row, dictionaries);
			} catch (error) {
				if (error instanceof TypeError || error instanceof SyntaxError || error instanceof assert.AssertionError) {
					throw damagedError(locator, `headers of operation ${sequence} cannot be read (${error.message})`, error);
				}

				throw error;
			}
		},
		forget() {
			dictionaries.clear();
		},
	};
};
