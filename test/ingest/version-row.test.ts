import fc from 'fast-check';
import {expect, test} from 'vitest';
import {insertInOrder, partition, type VersionRow} from '../../source/ingest/version-row.js';

const rowOf = (number: number, fields: Pick<VersionRow, 'resourceVersion' | 'storageEpoch' | 'step'>): VersionRow => ({
	number, kind: 'whole', apiVersion: 'v1', objectKind: 'ConfigMap', until: undefined, body: number, rest: undefined, isRedacted: false, hx: undefined, hm: undefined,
	generation: undefined, controllerUid: undefined, changed: undefined, previous: undefined, seenAt: 0n, isFromRead: false, claim: undefined, events: [], ...fields,
});

const versions = fc.uniqueArray(
	fc.record({rv: fc.integer({min: 1, max: 40}), epoch: fc.integer({min: 1, max: 2}), step: fc.integer({min: 1, max: 60})}),
	{selector: ({rv, epoch}) => `${epoch}/${rv}`, minLength: 1, maxLength: 20},
);

const endSteps = fc.option(fc.integer({min: 1, max: 60}), {nil: undefined});

test('in whatever order versions arrive, the state at a step is the newest version that entered by then', () => {
	const property = fc.property(versions, endSteps, (given, endStep) => {
		const rows: VersionRow[] = [];
		for (const [index, {rv, epoch, step}] of given.entries()) {
			insertInOrder(rows, rowOf(index, {resourceVersion: String(rv), storageEpoch: epoch, step}));
		}

		const end = endStep === undefined ? undefined : {...rowOf(99, {resourceVersion: undefined, storageEpoch: 1, step: endStep}), kind: 'end' as const};
		partition(rows, end, () => undefined);
		for (let step = 0; step <= 61; step += 1) {
			const states = rows.filter(row => row.step <= step && (row.until === undefined || step < row.until));
			const isEnded = endStep !== undefined && endStep <= step;
			const expected = isEnded
				? undefined
				: given.filter(version => version.step <= step)
					.toSorted((left, right) => left.epoch === right.epoch ? left.rv - right.rv : left.epoch - right.epoch).at(-1);
			expect(states.map(row => row.resourceVersion)).toEqual(expected === undefined ? [] : [String(expected.rv)]);
		}
	});
	fc.assert(property);
});

test('only rows whose interval changed are reported', () => {
	const rows = [rowOf(1, {resourceVersion: '1', storageEpoch: 1, step: 1}), rowOf(2, {resourceVersion: '2', storageEpoch: 1, step: 5})];
	const changed: number[] = [];
	const note = (row: VersionRow): void => {
		changed.push(row.number);
	};

	partition(rows, undefined, note);
	partition(rows, undefined, note);
	expect(changed).toEqual([1]);
});
