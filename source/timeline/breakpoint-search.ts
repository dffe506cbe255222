import {strict as assert} from 'node:assert';
import type {Breakpoint} from '../model/breakpoint.js';
import {KubestepError} from '../model/kubestep-error.js';
import type {Operation} from '../model/operation.js';
import type {Direction} from '../store/operation-store.js';
import {compilePattern} from './breakpoint-filter.js';
import type {Condition, StepRange} from './operation-scan.js';
import type {Search} from './search.js';
import type {SearchOptions} from './timeline-types.js';

export type CompiledBreakpoint = {readonly breakpoint: Breakpoint; readonly condition: Condition};

/** Compiles breakpoints and remembers the last `capacity` patterns: one is compiled once, and again when it is edited. */
export const createBreakpointCompiler = (capacity: number): ((breakpoint: Breakpoint) => CompiledBreakpoint) => {
	assert.ok(Number.isSafeInteger(capacity) && capacity > 0, 'at least one pattern is remembered');
	const conditions = new Map<string, Condition>();

	return breakpoint => {
		assert.ok(Number.isSafeInteger(breakpoint.id), 'a breakpoint has a number');
		const text = JSON.stringify(breakpoint.pattern);
		const known = conditions.get(text);
		if (known !== undefined) {
			return {breakpoint, condition: known};
		}

		// Patterns that were edited away make room all at once.
		if (conditions.size >= capacity) {
			conditions.clear();
		}

		try {
			const condition = compilePattern(breakpoint.pattern);
			conditions.set(text, condition);
			assert.ok(conditions.size <= capacity, 'the compiler stays within its cap');
			return {breakpoint, condition};
		} catch (error) {
			if (error instanceof KubestepError) {
				throw new KubestepError(`breakpoint ${breakpoint.id}: ${error.message}`, error.exitCode, {cause: error});
			}

			throw error;
		}
	};
};

/** One scan for all breakpoints that columns alone do not decide: it stops where any of them holds. */
const anyOf = (conditions: readonly Condition[]): Condition => {
	assert.ok(conditions.length > 0, 'a scan has a condition');
	return {
		filter: {type: 'any', filters: conditions.map(({filter}) => filter)},
		exact: conditions.every(({exact}) => exact),
		needs: new Set(conditions.flatMap(({needs}) => [...needs])),
		test: (operation, bodies) => conditions.some(condition => condition.test(operation, bodies)),
	};
};

const isNearer = (step: number, than: number | undefined, direction: Direction): boolean =>
	than === undefined || (direction === 'forward' ? step < than : step > than);

/** The part of a range before (in the direction) a step already found. */
const upTo = (range: StepRange, found: number | undefined, direction: Direction): StepRange => {
	if (found === undefined) {
		return range;
	}

	return direction === 'forward' ? {from: range.from, to: found - 1} : {from: found + 1, to: range.to};
};

export type NearestQuery = {
	readonly search: Search;
	readonly compiled: readonly CompiledBreakpoint[];
	readonly range: StepRange;
	readonly direction: Direction;
	readonly options: SearchOptions;
};

/** The nearest step at which any holds: exact ones by one indexed question each; then one scan for the others, no further than the nearest of those. */
export const nearestStop = async ({search, compiled, range, direction, options}: NearestQuery): Promise<number | undefined> => {
	const exact = compiled.filter(({condition}) => condition.exact);
	const others = compiled.filter(({condition}) => !condition.exact);
	let found: number | undefined;
	for (const {condition} of exact) {
		const step = await search.first(condition, upTo(range, found, direction), direction, options); // eslint-disable-line no-await-in-loop -- each narrows the next
		assert.ok(step === undefined || isNearer(step, found, direction), 'a search ends before the stop already found');
		found = step ?? found;
	}

	if (others.length === 0) {
		return found;
	}

	const step = await search.first(anyOf(others.map(({condition}) => condition)), upTo(range, found, direction), direction, options);
	assert.ok(step === undefined || isNearer(step, found, direction), 'the scan ends before the stop already found');
	return step ?? found;
};

/** Those of the breakpoints that hold for one operation. */
export const breakpointsHolding = async (search: Search, compiled: readonly CompiledBreakpoint[], operation: Operation): Promise<readonly Breakpoint[]> => {
	assert.ok(compiled.every(({breakpoint}) => breakpoint.enabled), 'a disabled breakpoint holds nowhere');
	assert.ok(operation.sequence >= 1, 'steps count from 1');
	const held: Breakpoint[] = [];
	for (const {breakpoint, condition} of compiled) {
		if (await search.holds(condition, operation)) { // eslint-disable-line no-await-in-loop -- a handful
			held.push(breakpoint);
		}
	}

	return held;
};
