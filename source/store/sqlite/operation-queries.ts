import {strict as assert} from 'node:assert';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type {Filter} from '../../expression/filter.js';
import type {Operation} from '../../model/operation.js';
import type {OperationQuery} from '../operation-store.js';
import type {Column} from './encodings.js';
import {type CompiledFilter, createFilterCompiler} from './filter-sql.js';
import {selectedColumns} from './operation-row.js';
import type {OperationsReader} from './operations-reader.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';

/** Rows looked at in one turn of the event loop. */
export const sliceRows = 50_000;
export const maximumLimit = 10_000;

/** Ids of a range of rows, both inclusive. */
export type IdRange = {readonly first: number; readonly last: number};

type Range = {readonly from?: number; readonly to?: number};

export type OperationQueries = {
	query(session: SessionRow, query: OperationQuery): Promise<readonly Operation[]>;
	sequences(session: SessionRow, query: Range & {readonly filter?: Filter; readonly limit: number}): Promise<Int32Array>;
	count(session: SessionRow, query: Range & {readonly filter?: Filter}): Promise<number>;
	/** The rows of a range that there are, cut into slices that are looked at in one turn each. */
	slices(session: SessionRow, range: Range): readonly IdRange[];
	compile(filter: Filter, session: SessionRow): CompiledFilter;
};

const everything: Filter = {type: 'all', filters: []};

const appendNumbers = (chunks: Int32Array[], ids: readonly number[], base: number): void => {
	const chunk = Int32Array.from(ids, id => id - base);
	assert(chunk.length === 0 || chunk[0]! > 0, 'sequence numbers count from 1');
	chunks.push(chunk);
};

const concatenate = (chunks: readonly Int32Array[]): Int32Array => {
	const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
	const whole = new Int32Array(length);
	let position = 0;
	for (const chunk of chunks) {
		whole.set(chunk, position);
		position += chunk.length;
	}

	assert.equal(position, length);
	return whole;
};

export const createOperationQueries = (database: Database.Database, reader: OperationsReader): OperationQueries => {
	const compileFilter = createFilterCompiler(database, reader.dictionaries);
	const compile = (filter: Filter, session: SessionRow): CompiledFilter => compileFilter(filter, session.number);
	const least = database.prepare('SELECT min(id) FROM operations WHERE id BETWEEN ? AND ?').pluck();
	const greatest = database.prepare('SELECT max(id) FROM operations WHERE id BETWEEN ? AND ?').pluck();

	const rangeOf = (session: SessionRow, {from = 1, to = sessionStride - 1}: Range): IdRange | undefined => {
		const base = session.number * sessionStride;
		const bounds = [base + Math.max(1, from), base + Math.min(sessionStride - 1, to)];
		const first: unknown = least.get(...bounds);
		const last: unknown = greatest.get(...bounds);
		assert.equal(typeof first, typeof last, 'a first row means a last');
		return typeof first === 'number' && typeof last === 'number' ? {first, last} : undefined;
	};

	const slices = (session: SessionRow, range: Range): readonly IdRange[] => {
		const whole = rangeOf(session, range);
		const cut: IdRange[] = [];
		for (let first = whole?.first ?? 0; whole !== undefined && first <= whole.last; first += sliceRows) {
			cut.push({first, last: Math.min(whole.last, first + sliceRows - 1)});
		}

		assert(cut.every(({first, last}) => last >= first && last - first < sliceRows), 'slices are of bounded size');
		return cut;
	};

	/** Slices to look at: all of it at once where an index gives few rows. */
	const parts = (session: SessionRow, range: Range, {index, sql}: CompiledFilter): readonly IdRange[] => {
		if (sql === '0') {
			return [];
		}

		const whole = index === undefined ? undefined : rangeOf(session, range);
		return index === undefined ? slices(session, range) : [whole ?? []].flat();
	};

	const table = ({index}: CompiledFilter): string => `operations o ${index === undefined ? 'NOT INDEXED' : `INDEXED BY ${index}`}`;

	return {
		compile,
		slices,
		async query(session, {filter = everything, direction = 'forward', limit, ...range}) {
			assert(Number.isSafeInteger(limit) && limit >= 1 && limit <= maximumLimit, `a limit from 1 to ${maximumLimit}`);
			const compiled = compile(filter, session);
			const order = direction === 'forward' ? 'ASC' : 'DESC';
			const statement = database.prepare(`SELECT ${selectedColumns} FROM ${table(compiled)}
				WHERE o.id BETWEEN ? AND ? AND ${compiled.sql} ORDER BY o.id ${order} LIMIT ?`).raw();
			const found: Operation[] = [];
			const ordered = direction === 'forward' ? parts(session, range, compiled) : parts(session, range, compiled).toReversed();
			for (const [index, {first, last}] of ordered.entries()) {
				if (index > 0) {
					await nextTurn(); // eslint-disable-line no-await-in-loop -- a scan in slices leaves the event loop free
				}

				const rows = statement.all(first, last, ...compiled.parameters, limit - found.length) as ReadonlyArray<readonly Column[]>;
				found.push(...rows.map(row => reader.decode(row)));
				if (found.length >= limit) {
					break;
				}
			}

			assert(found.length <= limit);
			return found;
		},
		async sequences(session, {filter = everything, limit, ...range}) {
			assert(limit >= 1, 'a limit from 1');
			const compiled = compile(filter, session);
			const base = session.number * sessionStride;
			const statement = database.prepare(`SELECT o.id FROM ${table(compiled)}
				WHERE o.id BETWEEN ? AND ? AND ${compiled.sql} ORDER BY o.id LIMIT ?`).pluck();
			const chunks: Int32Array[] = [];
			let left = limit;
			for (const [index, {first, last}] of parts(session, range, compiled).entries()) {
				if (index > 0) {
					await nextTurn(); // eslint-disable-line no-await-in-loop -- a scan in slices leaves the event loop free
				}

				const ids = statement.all(first, last, ...compiled.parameters, left) as readonly number[];
				appendNumbers(chunks, ids, base);
				left -= ids.length;
				if (left <= 0) {
					break;
				}
			}

			return concatenate(chunks);
		},
		async count(session, {filter = everything, ...range}) {
			const compiled = compile(filter, session);
			const statement = database.prepare(`SELECT count(*) FROM ${table(compiled)} WHERE o.id BETWEEN ? AND ? AND ${compiled.sql}`).pluck();
			let total = 0;
			for (const [index, {first, last}] of parts(session, range, compiled).entries()) {
				if (index > 0) {
					await nextTurn(); // eslint-disable-line no-await-in-loop -- a scan in slices leaves the event loop free
				}

				total += Number(statement.get(first, last, ...compiled.parameters));
			}

			assert(Number.isSafeInteger(total) && total >= 0);
			return total;
		},
	};
};
