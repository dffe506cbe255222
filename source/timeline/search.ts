import {strict as assert} from 'node:assert';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {Operation} from '../model/operation.js';
import type {Direction, OperationQuery, OperationStore} from '../store/operation-store.js';
import type {OperationBodies} from './operation-bodies.js';
import {scanOperations, type Condition, type StepRange} from './operation-scan.js';
import type {SearchOptions} from './timeline-types.js';

/** Steps of one question for exact sequences: what is answered before a signal is looked at again. */
const stepsPerTurn = 250_000;

export type Search = {
	/** The first step of the range, in the direction, at which the condition holds. */
	first(condition: Condition, range: StepRange, direction: Direction, options?: SearchOptions): Promise<number | undefined>;
	/** All steps of the range at which it holds, ascending. */
	all(condition: Condition, range: StepRange, options?: SearchOptions): Promise<Int32Array>;
	/** Whether it holds for one operation. */
	holds(condition: Condition, operation: Operation): Promise<boolean>;
};

/** The part of a session after (or, backwards, before) a step. */
export const rangeBeyond = (step: number, length: number, direction: Direction): StepRange =>
	direction === 'forward' ? {from: Math.max(1, step + 1), to: length} : {from: 1, to: Math.min(length, step - 1)};

const joinSteps = (parts: readonly Int32Array[]): Int32Array => {
	const joined = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
	assert.ok(parts.every((part, index) => index === 0 || (parts[index - 1]!.at(-1) ?? 0) < (part[0] ?? Infinity)), 'parts ascend');
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.length;
	}

	assert.equal(offset, joined.length);
	return joined;
};

const enlarge = (steps: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
	const larger = new Int32Array(steps.length * 2);
	larger.set(steps);
	return larger;
};

type ExactQuery = Required<Pick<OperationQuery, 'session' | 'filter'>> & {readonly range: StepRange; readonly options: SearchOptions};

/** Steps that columns decide, a range at a time. */
const exactSteps = async (store: OperationStore, {session, filter, range, options}: ExactQuery): Promise<Int32Array> => {
	assert.ok(range.from >= 1 || range.to < range.from, 'steps count from 1');
	const parts: Int32Array[] = [];
	for (let {from} = range; from <= range.to; from += stepsPerTurn) {
		options.signal?.throwIfAborted();
		const to = Math.min(range.to, from + stepsPerTurn - 1);
		parts.push(await store.querySequences({ // eslint-disable-line no-await-in-loop -- one range after the other, ascending
			session, from, to, filter, limit: stepsPerTurn,
		}));
		options.onProgress?.(to);
		await nextTurn(); // eslint-disable-line no-await-in-loop
	}

	assert.ok(parts.every(part => part.length <= stepsPerTurn), 'a store keeps the limit');
	return joinSteps(parts);
};

export const createSearch = (store: OperationStore, session: string, bodies: OperationBodies): Search => ({
	async first(condition, range, direction, options = {}) {
		options.signal?.throwIfAborted();
		if (range.to < range.from) {
			return undefined;
		}

		if (condition.exact) {
			const [operation] = await store.queryOperations({
				session, ...range, filter: condition.filter, direction, limit: 1,
			});
			assert.ok(operation === undefined || (operation.sequence >= range.from && operation.sequence <= range.to), 'a match lies in its range');
			return operation?.sequence;
		}

		const scan = scanOperations({
			store, session, bodies, condition, range, direction, options,
		});
		assert.ok(range.from >= 1, 'steps count from 1');
		const nearest = await scan[Symbol.asyncIterator]().next();
		return nearest.done === true ? undefined : nearest.value;
	},
	async all(condition, range, options = {}) {
		if (condition.exact) {
			return exactSteps(store, {
				session, filter: condition.filter, range, options,
			});
		}

		let steps = new Int32Array(1024);
		let found = 0;
		for await (const step of scanOperations({
			store, session, bodies, condition, range, direction: 'forward', options,
		})) {
			assert.ok(found === 0 || steps[found - 1]! < step, 'steps ascend');
			steps = found < steps.length ? steps : enlarge(steps);
			steps[found] = step;
			found++;
		}

		assert.ok(found <= range.to, 'a step is found once');
		return steps.slice(0, found);
	},
	async holds(condition, operation) {
		assert.ok(!condition.exact || condition.needs.size === 0, 'what columns decide needs no bodies');
		const [loaded] = condition.exact || condition.needs.size === 0 ? [] : await bodies.load([operation], condition.needs);
		return condition.test(operation, loaded);
	},
});
