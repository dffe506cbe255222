import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ActorCount} from '../../model/session.js';
import type {AggregateQuery, AggregateRow} from '../operation-store.js';
import type {Dictionaries} from './dictionaries.js';
import type {Column} from './encodings.js';
import type {OperationQueries} from './operation-queries.js';
import {scanInTurns} from './scan.js';
import type {SessionRow} from './sessions.js';
import type {Shape} from './shape.js';

/** Groups of one answer. */
const maximumGroups = 1_000_000;

export type Aggregates = {
	aggregate(session: SessionRow, query: AggregateQuery): Promise<readonly AggregateRow[]>;
	countActors(session: SessionRow): Promise<readonly ActorCount[]>;
	/** Sum of the sizes of all bodies, each operation's counted. */
	rawBodyBytes(session: SessionRow): Promise<number>;
};

type Key = AggregateQuery['by'][number];
type Group = {-readonly [Part in keyof AggregateRow]: AggregateRow[Part]};
type PlaceParts = {readonly namespace: string; readonly name: string};

const keyPart = (by: Key, shape: Shape, place: PlaceParts | undefined): string => {
	switch (by) {
		case 'kind': {
			return shape.isEvent ? 'event' : 'request';
		}

		case 'status': {
			return shape.status?.toString() ?? '';
		}

		case 'namespace':
		case 'name': {
			return place?.[by] ?? '';
		}

		case 'verb':
		case 'group':
		case 'resource':
		case 'process':
		case 'actor':
		case 'reason': {
			return shape.texts[by] ?? '';
		}
	}
};

const compareKeys = (left: readonly string[], right: readonly string[]): number => {
	const index = left.findIndex((part, position) => part !== right[position]);
	if (index === -1) {
		return 0;
	}

	return left[index]! < right[index]! ? -1 : 1;
};

const toBigInt = (column: Column | undefined): bigint => (typeof column === 'string' ? BigInt(column) : 0n);
const greater = (left: bigint, right: bigint): bigint => (left > right ? left : right);

/** Gathers the groups SQLite made, one for each shape (and place), into those asked for. */
const createGroups = (by: readonly Key[], dictionaries: Dictionaries): {add(row: readonly Column[]): void; rows(): readonly AggregateRow[]} => {
	const groups = new Map<string, Group>();
	return {
		add([shapeId, placeId, count, sum, longest, bytes]) {
			assert.ok(typeof shapeId === 'number' && typeof count === 'number', 'a group has a shape and a count');
			assert.ok(count > 0, 'a group holds an operation at least');
			const shape = dictionaries.shape(shapeId);
			const place = typeof placeId === 'number' ? dictionaries.place(placeId) : undefined;
			const key = by.map(part => keyPart(part, shape, place));
			const id = JSON.stringify(key);
			const group = groups.get(id) ?? {
				key, operations: 0, errors: 0, durationNs: 0n, longestNs: 0n, responseBytes: 0,
			};
			group.operations += count;
			group.errors += shape.isError ? count : 0;
			group.responseBytes += Number(bytes ?? 0);
			group.durationNs += shape.isEvent ? 0n : toBigInt(sum);
			group.longestNs = shape.isEvent ? group.longestNs : greater(group.longestNs, toBigInt(longest));
			assert.ok(group.errors <= group.operations, 'errors are operations');
			groups.set(id, group);
			assert.ok(groups.size <= maximumGroups, `at most ${maximumGroups} groups`);
		},
		rows: () => groups.values().toArray().toSorted((left, right) => compareKeys(left.key, right.key)),
	};
};

export const createAggregates = (database: Database.Database, dictionaries: Dictionaries, queries: OperationQueries): Aggregates => {
	assert.ok(database.open, 'an open file');
	const sizes = database.prepare('SELECT sum(coalesce(request_size, 0) + coalesce(response_size, 0)) FROM operations WHERE id BETWEEN ? AND ?').pluck();

	const aggregate = async (session: SessionRow, {by, filter, ...range}: AggregateQuery): Promise<readonly AggregateRow[]> => {
		const compiled = queries.compile(filter, session);
		assert.ok(compiled.sql !== '', 'a filter is a condition, whatever it leaves in');
		const place = by.includes('namespace') || by.includes('name') ? 'o.place' : 'NULL';
		const statement = database.prepare(`SELECT o.shape, ${place}, count(*), CAST(sum(o.duration) AS TEXT), CAST(max(o.duration) AS TEXT), sum(o.response_size)
			FROM operations o NOT INDEXED WHERE o.id BETWEEN ? AND ? AND ${compiled.sql} GROUP BY 1, 2`).raw();
		const groups = createGroups(by, dictionaries);
		await scanInTurns(queries.slices(session, range), ({first, last}) => {
			assert.ok(first <= last, 'a slice goes forward');
			for (const row of statement.all(first, last, ...compiled.parameters) as ReadonlyArray<readonly Column[]>) {
				groups.add(row);
			}

			return 'more';
		});
		return groups.rows();
	};

	return {
		aggregate,
		async countActors(session) {
			const rows = await aggregate(session, {session: session.id, by: ['process', 'actor']});
			assert.ok(rows.every(({key}) => key.length === 2), 'a process and an actor');
			assert.ok(rows.every(({operations}) => operations > 0), 'an actor that is listed did something');
			return rows.map(({key, operations}) => ({process: key[0] ?? '', actor: key[1] ?? '', operations}));
		},
		async rawBodyBytes(session) {
			let total = 0;
			await scanInTurns(queries.slices(session, {}), ({first, last}) => {
				assert.ok(first <= last, 'a slice goes forward');
				total += Number(sizes.get(first, last) ?? 0);
				return 'more';
			});
			assert.ok(total >= 0, 'sizes are not negative');
			return total;
		},
	};
};
