import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {Filter} from '../../expression/filter.js';
import type {Operation} from '../../model/operation.js';
import type {OperationQuery} from '../operation-store.js';
import type {Column} from './encodings.js';
import {always, never} from './filter-leaf.js';
import {type CompiledFilter, createFilterCompiler} from './filter-sql.js';
import {operationJoins, selectedColumns} from './operation-columns.js';
import type {OperationsReader} from './operations-reader.js';
import {scanInTurns} from './scan.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';
import {createStatements} from './statements.js';

/** Rows looked at in one turn of the event loop. */
const sliceRows = 50_000;
/** Rows of one answer. */
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
	compile(filter: Filter | undefined, session: SessionRow): CompiledFilter;
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

const cut = ({first, last}: IdRange): readonly IdRange[] => {
	assert.ok(first <= last, 'a range goes forward');
	assert.ok(last - first < sessionStride, 'a range lies in one session, and has a bounded number of slices');
	const slices: IdRange[] = [];
	for (let start = first; start <= last; start += sliceRows) {
		slices.push({first: start, last: Math.min(last, start + sliceRows - 1)});
	}

	assert.equal(slices.at(-1)?.last, last, 'slices reach to the end');
	return slices;
};

/** Where the rows of a compiled filter are read. */
const source = ({index}: CompiledFilter): string => `operations o ${index === undefined ? 'NOT INDEXED' : `INDEXED BY ${index}`}`;

/** All of a range: sequence numbers have no holes. */
const denseSequences = (range: IdRange | undefined, base: number, limit: number): Int32Array => {
	const length = range === undefined ? 0 : Math.min(limit, range.last - range.first + 1);
	const first = range === undefined ? 0 : range.first - base;
	assert.ok(length >= 0 && (length === 0 || first > 0), 'sequence numbers count from 1');
	return Int32Array.from({length}, (_, index) => first + index);
};

type Ranges = Pick<OperationQueries, 'slices'> & {
	/** From the first to the last row there is. */
	rangeOf(session: SessionRow, range: Range): IdRange | undefined;
	/** All at once where an index gives few rows, else in slices. */
	parts(session: SessionRow, range: Range, filter: CompiledFilter): readonly IdRange[];
};

const createRanges = (database: Database.Database): Ranges => {
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

	return {
		rangeOf,
		slices(session, range) {
			const whole = rangeOf(session, range);
			return whole === undefined ? [] : cut(whole);
		},
		parts(session, range, {index, sql}) {
			const whole = sql === never.sql ? undefined : rangeOf(session, range);
			if (whole === undefined) {
				return [];
			}

			return index === undefined ? cut(whole) : [whole];
		},
	};
};

const createPages = (database: Database.Database, reader: OperationsReader, compile: OperationQueries['compile'], parts: Ranges['parts']): OperationQueries['query'] => {
	const prepare = createStatements(database, 'arrays');
	assert.ok(database.open, 'an open file');
	return async (session: SessionRow, asked: OperationQuery): Promise<readonly Operation[]> => {
		const {limit, direction = 'forward'} = asked;
		assert.ok(Number.isSafeInteger(limit) && limit >= 1 && limit <= maximumLimit, `a limit from 1 to ${maximumLimit}`);
		const compiled = compile(asked.filter, session);
		const statement = prepare(`SELECT ${selectedColumns} FROM ${source(compiled)} ${operationJoins}
			WHERE o.id BETWEEN ? AND ? AND ${compiled.sql} ORDER BY o.id ${direction === 'forward' ? 'ASC' : 'DESC'} LIMIT ?`);
		const ascending = parts(session, asked, compiled);
		const found: Operation[] = [];
		await scanInTurns(direction === 'forward' ? ascending : ascending.toReversed(), ({first, last}) => {
			assert.ok(found.length < limit, 'a LIMIT that is not positive would be none');
			const rows = statement.all(first, last, ...compiled.parameters, limit - found.length) as ReadonlyArray<readonly Column[]>;
			found.push(...rows.map(row => reader.decode(row)));
			return found.length < limit ? 'more' : 'enough';
		});
		assert.ok(found.length <= limit, 'no more than was asked for');
		return found;
	};
};

export const createOperationQueries = (database: Database.Database, reader: OperationsReader): OperationQueries => {
	const compileFilter = createFilterCompiler(database, reader.dictionaries);
	const compile = (filter: Filter | undefined, session: SessionRow): CompiledFilter => compileFilter(filter ?? {type: 'all', filters: []}, session.number);
	const {rangeOf, slices, parts} = createRanges(database);
	const prepareValues = createStatements(database, 'values');

	return {
		compile,
		query: createPages(database, reader, compile, parts),
		slices,
		async sequences(session, {filter, limit, ...range}) {
			assert.ok(limit >= 1, 'a limit from 1');
			const compiled = compile(filter, session);
			const base = session.number * sessionStride;
			if (compiled.sql === always.sql) {
				return denseSequences(rangeOf(session, range), base, limit);
			}

			const statement = prepareValues(`SELECT o.id FROM ${source(compiled)} WHERE o.id BETWEEN ? AND ? AND ${compiled.sql} ORDER BY o.id LIMIT ?`);
			const chunks: Int32Array[] = [];
			let left = limit;
			await scanInTurns(parts(session, range, compiled), ({first, last}) => {
				assert.ok(left > 0, 'a LIMIT that is not positive would be none');
				const ids = statement.all(first, last, ...compiled.parameters, left) as readonly number[];
				chunks.push(Int32Array.from(ids, id => id - base));
				left -= ids.length;
				assert.ok(left >= 0, 'no more than was asked for');
				return left > 0 ? 'more' : 'enough';
			});
			const sequences = concatenate(chunks);
			assert.equal(sequences.length, limit - left, 'every row was counted once');
			return sequences;
		},
		async count(session, {filter, ...range}) {
			const compiled = compile(filter, session);
			const statement = prepareValues(`SELECT count(*) FROM ${source(compiled)} WHERE o.id BETWEEN ? AND ? AND ${compiled.sql}`);
			let total = 0;
			await scanInTurns(parts(session, range, compiled), ({first, last}) => {
				total += Number(statement.get(first, last, ...compiled.parameters));
				assert.ok(total <= sessionStride, 'no more than a session can hold');
				return 'more';
			});
			assert.ok(Number.isSafeInteger(total), 'a count is whole');
			return total;
		},
	};
};
