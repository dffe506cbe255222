import fc from 'fast-check';
import {expect, test} from 'vitest';
import {matchesFilter} from '../../source/expression/evaluate-filter.js';
import type {Filter} from '../../source/expression/filter.js';
import type {Operation} from '../../source/model/operation.js';
import type {AggregateRow} from '../../source/store/operation-store.js';
import {
	filter as arbitraryFilter,
	headerLines,
	operations as arbitraryOperations,
	operationWith,
	sessionWith,
} from './arbitrary-session.js';
import {batchWith, type ContractBackend, inPlace} from './contract-backend.js';

const inserting = (operations: readonly Operation[]): ReadonlyArray<{readonly operation: Operation}> => operations.map(operation => ({operation}));
const sequencesOf = (operations: readonly Operation[]): readonly number[] => operations.map(({sequence}) => sequence);

const keyOf = (operation: Operation): readonly string[] => [operation.verb, operation.resource ?? '', operation.name ?? '', operation.status?.toString() ?? ''];

/** What `aggregateOperations` should say, added up one by one. */
const aggregate = (operations: readonly Operation[]): readonly AggregateRow[] => {
	const groups = new Map<string, AggregateRow>();
	for (const operation of operations) {
		const key = keyOf(operation);
		const before = groups.get(key.join('\0')) ?? {
			key, operations: 0, errors: 0, durationNs: 0n, longestNs: 0n, responseBytes: 0,
		};
		const took = operation.kind === 'event' || operation.endedAt === undefined ? 0n : operation.endedAt - operation.arrivedAt;
		groups.set(key.join('\0'), {
			key,
			operations: before.operations + 1,
			errors: before.errors + (matchesFilter({type: 'error'}, operation) ? 1 : 0),
			durationNs: before.durationNs + took,
			longestNs: took > before.longestNs ? took : before.longestNs,
			responseBytes: before.responseBytes + (operation.responseSize ?? 0),
		});
	}

	return groups.values().toArray();
};

const byKey = (rows: readonly AggregateRow[]): readonly AggregateRow[] => rows.toSorted((left, right) => (left.key.join('\0') < right.key.join('\0') ? -1 : 1));

/** Times that a sum over a session can hold. */
const isSummable = ({arrivedAt, endedAt}: Operation): boolean => (endedAt ?? arrivedAt) - arrivedAt < 2n ** 58n;

const testRoundTrip = (backend: ContractBackend): void => {
	test('every field of an operation comes back as it was, however odd', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let session = 0;
			await fc.assert(fc.asyncProperty(arbitraryOperations(12), async operations => {
				session += 1;
				const id = `round-trip-${session}`;
				await store.createSession(sessionWith({id}));
				await store.insertOperations(id, inserting(operations));
				expect(await store.queryOperations({session: id, limit: 100})).toEqual(operations);
				expect(await store.getOperation(id, operations.length)).toEqual(operations.at(-1));
				expect(await store.getOperation(id, operations.length + 1)).toBeUndefined();
			}), {numRuns: 150});
		});
	});

	test('headers come back line by line, whether they were there at once or came with the response', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let session = 0;
			await fc.assert(fc.asyncProperty(arbitraryOperations(6), fc.array(headerLines, {minLength: 12, maxLength: 12}), async (operations, lines) => {
				session += 1;
				const id = `headers-${session}`;
				await store.createSession(sessionWith({id}));
				await store.insertOperations(id, operations.map((operation, index) => ({operation, requestHeaders: lines[index]})));
				await store.write(id, batchWith({
					completions: operations.map((operation, index) => ({completion: {sequence: operation.sequence, status: 200, responseSize: 1146}, responseHeaders: lines[index + 6]})),
				}));
				for (const [index, {sequence}] of operations.entries()) {
					expect(await store.readHeaders(id, sequence)).toEqual({request: lines[index], response: lines[index + 6]});
					expect(await store.getOperation(id, sequence)).toMatchObject({hasHeaders: true, status: 200, responseSize: 1146});
				}
			}), {numRuns: 60});
		});
	});

	test('an operation without headers has none', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			await store.insertOperations('s1', inserting([operationWith({sequence: 1})]));
			expect(await store.readHeaders('s1', 1)).toEqual({request: [], response: []});
			expect(await store.getOperation('s1', 1)).toMatchObject({hasHeaders: false});
		});
	});

	test('a completion replaces the fields it sets and leaves the others', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const arrived = operationWith({
				sequence: 1, verb: 'create', group: '', resource: 'pods', namespace: 'default', fieldManager: 'a', requestSize: 5, hash: '00112233445566778899aabbccddeeff',
			});
			await store.insertOperations('s1', inserting([arrived, operationWith({sequence: 2})]));
			await store.completeOperation('s1', {
				completion: {
					sequence: 1, name: 'web-1', status: 201, endedAt: 5_000_000n, end: 'complete', resourceVersion: '7', flags: new Set(['redacted']),
				},
			});
			expect(await store.getOperation('s1', 1)).toEqual({
				...arrived, name: 'web-1', status: 201, endedAt: 5_000_000n, end: 'complete', resourceVersion: '7', flags: new Set(['redacted']),
			});
			expect(await store.getOperation('s1', 2)).toEqual(operationWith({sequence: 2}));
			expect(sequencesOf(await store.queryOperations({
				session: 's1', filter: {
					type: 'place', group: '', resource: 'pods', namespace: 'default', name: 'web-1',
				}, limit: 5,
			}))).toEqual([1]);
		});
	});
};

const testQueries = (backend: ContractBackend): void => {
	test('filters give what they say, in sequence numbers, counts and pages, forwards and backwards', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let session = 0;
			const sample = fc.tuple(arbitraryOperations(25), fc.array(arbitraryFilter, {minLength: 8, maxLength: 8}), fc.integer({min: 1, max: 4}));
			await fc.assert(fc.asyncProperty(sample, async ([operations, filters, limit]) => {
				session += 1;
				const id = `filters-${session}`;
				await store.createSession(sessionWith({id}));
				await store.insertOperations(id, inserting(operations));
				for (const filter of filters) {
					const matching = sequencesOf(operations.filter(operation => matchesFilter(filter, operation)));
					expect([...await store.querySequences({session: id, filter, limit: 1000})]).toEqual(matching);
					expect(await store.countOperations({session: id, filter})).toBe(matching.length);
					expect(sequencesOf(await store.queryOperations({session: id, filter, limit}))).toEqual(matching.slice(0, limit));
					const [from, to] = [3, operations.length - 2];
					const inRange = matching.filter(sequence => sequence >= from && sequence <= to);
					expect(sequencesOf(await store.queryOperations({
						session: id, filter, from, to, direction: 'backward', limit,
					}))).toEqual(inRange.toReversed().slice(0, limit));
				}
			}), {numRuns: 120});
		});
	});

	test('pages follow each other without holes or repeats', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const operations = Array.from({length: 250}, (_, index) => operationWith({sequence: index + 1, status: index % 10 === 0 ? 409 : 200}));
			await store.insertOperations('s1', inserting(operations));
			const seen: number[] = [];
			for (let from = 1; from <= 250;) {
				const page = await store.queryOperations({session: 's1', from, limit: 60});
				seen.push(...sequencesOf(page));
				from = page.at(-1)!.sequence + 1;
			}

			expect(seen).toEqual(sequencesOf(operations));
			expect(sequencesOf(await store.queryOperations({
				session: 's1', from: 100, filter: {type: 'error'}, limit: 1,
			}))).toEqual([101]);
			expect(sequencesOf(await store.queryOperations({
				session: 's1', to: 100, filter: {type: 'error'}, direction: 'backward', limit: 1,
			}))).toEqual([91]);
			expect(await store.queryOperations({session: 's1', from: 251, limit: 60})).toEqual([]);
		});
	});

	test('aggregates are the sums over the operations', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let session = 0;
			await fc.assert(fc.asyncProperty(arbitraryOperations(40), arbitraryFilter, async (all, filter) => {
				session += 1;
				const id = `aggregates-${session}`;
				const operations = all.map(operation => (isSummable(operation) ? operation : {...operation, endedAt: undefined}));
				await store.createSession(sessionWith({id}));
				await store.insertOperations(id, inserting(operations));
				const rows = await store.aggregateOperations({session: id, filter, by: ['verb', 'resource', 'name', 'status']});
				const matching = operations.filter(operation => matchesFilter(filter, operation));
				expect(byKey(rows)).toEqual(byKey(aggregate(matching)));
				const actors = await store.countActors(id);
				expect(actors.reduce((sum, {operations: count}) => sum + count, 0)).toBe(operations.length);
				expect(actors).toContainEqual({
					process: operations[0]!.process,
					actor: operations[0]!.actor,
					operations: operations.filter(({process, actor}) => process === operations[0]!.process && actor === operations[0]!.actor).length,
				});
				const {rawBodyBytes} = await store.sizes(id);
				expect(rawBodyBytes).toBe(operations.reduce((sum, {requestSize = 0, responseSize = 0}) => sum + requestSize + responseSize, 0));
			}), {numRuns: 60});
		});
	});

	test('a filter that nests deeply is answered, one that is endless is refused in words', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			await store.insertOperations('s1', inserting([operationWith({sequence: 1}), operationWith({sequence: 2, message: 'x'})]));
			let nested: Filter = {
				type: 'text', column: 'message', test: 'equals', value: 'x',
			};
			for (let depth = 0; depth < 100; depth += 1) {
				nested = {type: 'not', filter: nested};
			}

			expect(await store.countOperations({session: 's1', filter: nested})).toBe(1);
			const many = Array.from({length: 20_000}, () => ({
				type: 'text', column: 'message', test: 'equals', value: 'x',
			} as const));
			await expect(store.countOperations({session: 's1', filter: {type: 'any', filters: many}})).rejects.toMatchObject({exitCode: 2});
		});
	});
};

/** What every backend must do with operations. */
export const testOperations = (backend: ContractBackend): void => {
	testRoundTrip(backend);
	testQueries(backend);
};
