import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {ObjectVersion} from '../../source/model/object-version.js';
import type {OperationStore, VersionQuery} from '../../source/store/operation-store.js';
import {operationWith, sessionWith, versionWith} from './arbitrary-session.js';
import {batchWith, type ContractBackend, inPlace} from './contract-backend.js';

const steps = 40;

type Life = {readonly name: string; readonly namespace: string; readonly resource: string; readonly cuts: readonly number[]; readonly isLastEnd: boolean; readonly late: number | undefined};

const life: fc.Arbitrary<Life> = fc.record({
	name: fc.constantFrom('a', 'b', 'web', 'web-1'),
	namespace: fc.constantFrom('', 'default', 'kube-system'),
	resource: fc.constantFrom('deployments', 'pods'),
	cuts: fc.uniqueArray(fc.integer({min: 1, max: steps}), {minLength: 1, maxLength: 8}).map(cuts => cuts.toSorted((left, right) => left - right)),
	isLastEnd: fc.boolean(),
	late: fc.option(fc.integer({min: 1, max: steps}), {nil: undefined}),
});

/** Two incarnations where the first has ended, the second in the very step of the end: as rows, with versions that never were the state. */
const rowsOf = (lives: readonly Life[]): readonly ObjectVersion[] => {
	const rows: ObjectVersion[] = [];
	const places = new Set<string>();
	for (const [index, {name, namespace, resource, cuts, isLastEnd, late}] of lives.entries()) {
		const place = `${resource}/${namespace}/${name}`;
		if (places.has(place)) {
			continue;
		}

		places.add(place);
		const uid = `00000000-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`;
		const key = {
			group: resource === 'pods' ? '' : 'apps', resource, namespace, name, uid,
		};
		for (const [position, step] of cuts.entries()) {
			const isEnd = isLastEnd && position === cuts.length - 1;
			rows.push(versionWith({
				number: rows.length + 1, step, until: isEnd ? undefined : cuts[position + 1], key, kind: isEnd ? 'end' : 'whole', body: isEnd ? undefined : rows.length + 1,
			}));
			if (isEnd) {
				rows.push(versionWith({number: rows.length + 1, step, key: {...key, uid: `${uid.slice(0, -3)}9${uid.slice(-2)}`}}));
			}
		}

		if (late !== undefined) {
			rows.push(versionWith({
				number: rows.length + 1, step: late, until: late, key, resourceVersion: '1',
			}));
		}
	}

	return rows;
};

const partsOf = ({key}: ObjectVersion): string => `${key.group}\0${key.resource}\0${key.namespace}\0${key.name}`;
const isState = (row: ObjectVersion, at: number): boolean => row.kind !== 'end' && row.step <= at && (row.until === undefined || row.until > at);
const stateOf = (rows: readonly ObjectVersion[], at: number): readonly ObjectVersion[] =>
	rows.filter(row => isState(row, at)).toSorted((left, right) => (partsOf(left) < partsOf(right) ? -1 : 1));
const inOrder = (rows: readonly ObjectVersion[]): readonly ObjectVersion[] =>
	rows.toSorted((left, right) => (left.step === right.step ? left.number - right.number : left.step - right.step));

const readAll = async (store: OperationStore, query: Omit<VersionQuery, 'limit'>, limit: number): Promise<readonly ObjectVersion[]> => {
	const all: ObjectVersion[] = [];
	let last: ObjectVersion | undefined;
	do {
		const page = await store.queryVersions({
			...query, limit, ...(last !== undefined && (query.at === undefined ? {after: last} : {afterKey: last.key})),
		});
		all.push(...page);
		last = page.length < limit ? undefined : page.at(-1);
	} while (last !== undefined);

	return all;
};

const testState = (backend: ContractBackend): void => {
	test('the state at every step is what the intervals say, for one object and for all, page by page', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let session = 0;
			await fc.assert(fc.asyncProperty(fc.array(life, {minLength: 1, maxLength: 8}), fc.integer({min: 1, max: 4}), async (lives, limit) => {
				session += 1;
				const id = `state-${session}`;
				const rows = rowsOf(lives);
				await store.createSession(sessionWith({id}));
				await store.write(id, batchWith({versions: rows}));
				for (const at of [0, 1, 5, 20, steps, steps + 5]) {
					const state = stateOf(rows, at);
					expect(await readAll(store, {session: id, at}, limit)).toEqual(state);
					expect(await readAll(store, {
						session: id, at, resource: 'pods', namespace: 'default',
					}, limit))
						.toEqual(state.filter(({key}) => key.resource === 'pods' && key.namespace === 'default'));
					for (const {key} of rows) {
						expect(await store.versionAt(id, key, at)).toEqual(state.find(row => partsOf(row) === partsOf({key} as ObjectVersion)));
					}
				}
			}), {numRuns: 60});
		});
	});

	test('rows come in order of step and number, by range, place, uid and resource, forwards and backwards', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let session = 0;
			await fc.assert(fc.asyncProperty(fc.array(life, {minLength: 1, maxLength: 8}), fc.integer({min: 1, max: 5}), async (lives, limit) => {
				session += 1;
				const id = `order-${session}`;
				const rows = rowsOf(lives);
				const ordered = inOrder(rows);
				const {key} = rows[0]!;
				await store.createSession(sessionWith({id}));
				await store.write(id, batchWith({versions: rows}));
				expect(await readAll(store, {session: id}, limit)).toEqual(ordered);
				expect(await readAll(store, {
					session: id, direction: 'backward', from: 3, to: 30,
				}, limit)).toEqual(ordered.filter(({step}) => step >= 3 && step <= 30).toReversed());
				expect(await readAll(store, {session: id, place: key}, limit)).toEqual(ordered.filter(row => partsOf(row) === partsOf(rows[0]!)));
				expect(await readAll(store, {session: id, uid: key.uid, direction: 'backward'}, limit)).toEqual(ordered.filter(row => row.key.uid === key.uid).toReversed());
				expect(await readAll(store, {session: id, group: 'apps', namespace: 'default'}, limit)).toEqual(ordered.filter(row => row.key.group === 'apps' && row.key.namespace === 'default'));
				for (const row of rows) {
					expect(await store.versionsOf(id, row.key, row.resourceVersion!))
						.toEqual(ordered.filter(other => other.key.uid === row.key.uid && partsOf(other) === partsOf(row) && other.resourceVersion === row.resourceVersion));
				}

				expect(await store.versionsEnteredAt(id, rows[0]!.step, 100)).toEqual(ordered.filter(({step}) => step === rows[0]!.step));
			}), {numRuns: 60});
		});
	});
};

const testRows = (backend: ContractBackend): void => {
	test('a version found among thousands, in order or not, is the right one', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const versions = Array.from({length: 3000}, (_, index) => versionWith({
				number: index + 1, step: index + 1, until: index + 2, resourceVersion: String(index === 2999 ? 5 : 1000 + (index * 3)),
			}));
			await store.write('s1', batchWith({versions}));
			const {key} = versions[0]!;
			for (const index of [0, 1, 1499, 2998, 2999]) {
				expect(await store.versionsOf('s1', key, versions[index]!.resourceVersion!)).toEqual([versions[index]]);
			}

			expect(await store.versionsOf('s1', key, '1001')).toEqual([]);
			expect(await store.versionsOf('s1', {...key, uid: 'another'}, '1000')).toEqual([]);
			const restored = versionWith({
				number: 3001, step: 3001, resourceVersion: '1003', storageEpoch: 2,
			});
			await store.write('s1', batchWith({versions: [restored]}));
			expect(await store.versionsOf('s1', key, '1003')).toEqual([versions[1], restored]);
		});
	});

	test('a row that is written again moves, changes and stays one', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const first = versionWith({number: 1, step: 5, hx: '00112233445566ff'});
			const second = versionWith({number: 2, step: 9});
			await store.write('s1', batchWith({versions: [first, second]}));
			const moved = versionWith({
				number: 1, step: 3, until: 9, kind: 'metadata', body: 7, rest: {resourceVersion: '9', step: 2, body: 4}, hx: 'ffeeddccbbaa9988', hm: 'ffeeddccbbaa9988', generation: 4,
				controllerUid: 'c5fe2f3c-0f3b-488b-9ebd-446417b1737c', redacted: true,
			});
			await store.write('s1', batchWith({versions: [moved]}));
			expect(await store.queryVersions({session: 's1', limit: 10})).toEqual([moved, second]);
			const reopened = await place.open('write');
			const again = {...moved, step: 4};
			await reopened.write('s1', batchWith({versions: [again]}));
			expect(await reopened.queryVersions({session: 's1', limit: 10})).toEqual([again, second]);
			expect(await store.versionAt('s1', first.key, 3)).toBeUndefined();
		});
	});

	test('a place that was only read has no versions', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			await store.insertOperations('s1', [{
				operation: operationWith({
					sequence: 1, group: '', resource: 'pods', namespace: 'default', name: 'x',
				}),
			}]);
			const pod = {
				group: '', resource: 'pods', namespace: 'default', name: 'x',
			};
			expect(await store.versionAt('s1', pod, 1)).toBeUndefined();
			expect(await store.queryVersions({session: 's1', place: pod, limit: 10})).toEqual([]);
			expect(await store.queryVersions({session: 's1', at: 1, limit: 10})).toEqual([]);
			expect(await store.queryVersions({session: 's1', uid: 'nobody', limit: 10})).toEqual([]);
		});
	});
};

/** What every backend must do with object versions. */
export const testVersions = (backend: ContractBackend): void => {
	testState(backend);
	testRows(backend);
};
