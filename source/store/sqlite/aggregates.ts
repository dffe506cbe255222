import {strict as assert} from 'node:assert';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type {ActorCount} from '../../model/session.js';
import type {AggregateQuery, AggregateRow} from '../operation-store.js';
import type {Dictionaries} from './dictionaries.js';
import type {Column} from './encodings.js';
import type {OperationQueries} from './operation-queries.js';
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

const keyPart = (by: Key, shape: Shape, place: {readonly namespace: string; readonly name: string} | undefined): string => {
	switch (by) {
		case 'kind': {
			return shape.isEvent ? 'event' : 'request';
		}

		case 'status': {
			return shape.status?.toString() ?? '';
		}

		case 'namespace': {
			return place?.namespace ?? '';
		}

		case 'name': {
			return place?.name ?? '';
		}

		default: {
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

export const createAggregates = (database: Database.Database, dictionaries: Dictionaries, queries: OperationQueries): Aggregates => {
	const aggregate = async (session: SessionRow, {by, filter = {type: 'all', filters: []}, ...range}: AggregateQuery): Promise<readonly AggregateRow[]> => {
		const compiled = queries.compile(filter, session);
		const isByPlace = by.includes('namespace') || by.includes('name');
		const statement = database.prepare(`SELECT o.shape, ${isByPlace ? 'o.place' : 'NULL'}, count(*), CAST(sum(o.duration) AS TEXT), CAST(max(o.duration) AS TEXT), sum(o.response_size)
			FROM operations o NOT INDEXED WHERE o.id BETWEEN ? AND ? AND ${compiled.sql} GROUP BY 1, 2`).raw();
		const groups = new Map<string, Group>();

		const add = ([shapeId, placeId, count, sum, longest, bytes]: readonly Column[]): void => {
			assert(typeof shapeId === 'number' && typeof count === 'number', 'a group has a shape and a count');
			const shape = dictionaries.shape(shapeId);
			const place = typeof placeId === 'number' ? dictionaries.place(placeId) : undefined;
			const key = by.map(part => keyPart(part, shape, place));
			const id = key.join('\0');
			const group = groups.get(id) ?? {
				key, operations: 0, errors: 0, durationNs: 0n, longestNs: 0n, responseBytes: 0,
			};
			group.operations += count;
			group.errors += shape.isError ? count : 0;
			group.responseBytes += Number(bytes ?? 0);
			if (!shape.isEvent) {
				group.durationNs += toBigInt(sum);
				const candidate = toBigInt(longest);
				group.longestNs = candidate > group.longestNs ? candidate : group.longestNs;
			}

			groups.set(id, group);
			assert(groups.size <= maximumGroups, `at most ${maximumGroups} groups`);
		};

		for (const {first, last} of queries.slices(session, range)) {
			for (const row of statement.all(first, last, ...compiled.parameters) as ReadonlyArray<readonly Column[]>) {
				add(row);
			}

			await nextTurn(); // eslint-disable-line no-await-in-loop -- a scan in slices leaves the event loop free
		}

		return [...groups.values()].toSorted((left, right) => compareKeys(left.key, right.key));
	};

	const sizes = database.prepare('SELECT sum(coalesce(request_size, 0) + coalesce(response_size, 0)) FROM operations WHERE id BETWEEN ? AND ?').pluck();
	return {
		aggregate,
		async countActors(session) {
			const rows = await aggregate(session, {session: session.id, by: ['process', 'actor']});
			assert(rows.every(({key}) => key.length === 2), 'a process and an actor');
			return rows.map(({key: [process = '', actor = ''], operations}) => ({process, actor, operations}));
		},
		async rawBodyBytes(session) {
			let total = 0;
			for (const {first, last} of queries.slices(session, {})) {
				total += Number(sizes.get(first, last) ?? 0);
				await nextTurn(); // eslint-disable-line no-await-in-loop -- a scan in slices leaves the event loop free
			}

			assert(total >= 0);
			return total;
		},
	};
};
