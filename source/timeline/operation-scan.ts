import {strict as assert} from 'node:assert';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {CompiledExpression} from '../expression/compile-expression.js';
import type {Operation} from '../model/operation.js';
import type {Direction, OperationStore} from '../store/operation-store.js';
import type {OperationBodies} from './operation-bodies.js';
import type {SearchOptions} from './timeline-types.js';

/** What a search asks of an operation: a superset from columns, and the test that decides where that is not exact. */
export type Condition = Pick<CompiledExpression, 'filter' | 'exact' | 'needs' | 'test'>;

/** Steps from..to, inclusive; an empty range is one whose `to` is below its `from`. */
export type StepRange = {readonly from: number; readonly to: number};

/** Operations of the first page of a scan and of the later ones: a near match answers at once, a far one in few questions. */
const firstPage = 64;
const laterPages = 1024;
/** Operations, and bytes of their bodies, decoded before the event loop gets its turn. */
const operationsPerTurn = 64;
const bytesPerTurn = 2 * 1024 * 1024;

export type Scan = {
	readonly store: OperationStore;
	readonly session: string;
	readonly bodies: OperationBodies;
	readonly condition: Condition;
	readonly range: StepRange;
	readonly direction: Direction;
	readonly options: SearchOptions;
};

/** Cuts a page into parts whose bodies fit one turn; each has at least one operation. */
const splitBySize = (page: readonly Operation[]): ReadonlyArray<readonly Operation[]> => {
	const parts: Operation[][] = [];
	let bytes = 0;
	for (const operation of page) {
		const size = (operation.responseSize ?? 0) + (operation.requestSize ?? 0);
		const part = parts.at(-1);
		if (part === undefined || part.length >= operationsPerTurn || bytes + size > bytesPerTurn) {
			parts.push([operation]);
			bytes = size;
		} else {
			part.push(operation);
			bytes += size;
		}
	}

	assert.ok(parts.every(part => part.length > 0 && part.length <= operationsPerTurn), 'a part has some operations, and not too many');
	assert.equal(parts.reduce((sum, part) => sum + part.length, 0), page.length, 'every operation is in one part');
	return parts;
};

/** Pages of operations in the direction asked for; the event loop turns between them. */
async function * pagesOf({store, session, condition, range, direction, options}: Scan): AsyncIterable<readonly Operation[]> {
	assert.ok(range.from >= 1, 'steps count from 1');
	let {from, to} = range;
	let limit = firstPage;
	for (let turn = range.from; turn <= range.to; turn++) {
		options.signal?.throwIfAborted();
		const page = await store.queryOperations({ // eslint-disable-line no-await-in-loop -- keyset pages follow each other
			session, from, to, filter: condition.filter, direction, limit,
		});
		assert.ok(page.length <= limit, 'a page stays within its limit');
		const last = page.at(-1);
		if (last === undefined) {
			return;
		}

		assert.ok(last.sequence >= from && last.sequence <= to, 'a page lies in its range');
		yield page;
		options.onProgress?.(last.sequence);
		from = direction === 'forward' ? last.sequence + 1 : from;
		to = direction === 'forward' ? to : last.sequence - 1;
		if (page.length < limit || to < from) {
			return;
		}

		limit = laterPages;
		await nextTurn(); // eslint-disable-line no-await-in-loop
	}
}

/** The steps of a page at which the condition holds, part by part. */
async function * matchesIn(page: readonly Operation[], {bodies, condition, options}: Scan): AsyncIterable<number> {
	assert.ok(page.length > 0, 'an empty page ends a scan');
	const hasNeeds = condition.needs.size > 0;
	for (const part of hasNeeds ? splitBySize(page) : [page]) {
		options.signal?.throwIfAborted();
		const loaded = hasNeeds ? await bodies.load(part, condition.needs) : undefined; // eslint-disable-line no-await-in-loop -- one part in memory at a time
		assert.ok(loaded === undefined || loaded.length === part.length, 'every operation has its bodies');
		const matching = part.filter((operation, index) => condition.test(operation, loaded?.[index]));
		yield * matching.map(({sequence}) => sequence);
		if (hasNeeds) {
			await nextTurn(); // eslint-disable-line no-await-in-loop
		}
	}
}

/** The steps of a range at which a condition holds, in the direction asked for, found as they are asked for. */
export async function * scanOperations(scan: Scan): AsyncIterable<number> {
	for await (const page of pagesOf(scan)) {
		yield * matchesIn(page, scan);
	}
}
