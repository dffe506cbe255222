import {strict as assert} from 'node:assert';
import type {Breakpoint} from '../model/breakpoint.js';
import {usageError} from '../model/kubestep-error.js';
import type {Operation} from '../model/operation.js';
import type {OperationStore} from '../store/operation-store.js';
import {compilePattern, patternFor} from './breakpoint-filter.js';
import {
	breakpointsHolding,
	createBreakpointCompiler,
	nearestStop,
	type CompiledBreakpoint,
} from './breakpoint-search.js';
import {rangeBeyond, type Search} from './search.js';
import type {Breakpoints} from './timeline-types.js';

/** Breakpoints of one session. */
export const maximumBreakpoints = 200;

export type BreakpointContext = {
	readonly store: OperationStore;
	readonly session: string;
	readonly search: Search;
	length(): number;
	operation(step: number): Promise<Operation | undefined>;
};

type Editing = Pick<Breakpoints, 'list' | 'add' | 'save' | 'remove'>;

/** The list of breakpoints, kept with the session. */
const createEditing = ({store, session}: BreakpointContext): Editing => {
	assert.notEqual(session, '', 'breakpoints belong to a session');
	let lastId = 0;

	const list = async (): Promise<readonly Breakpoint[]> => {
		const breakpoints = await store.listBreakpoints(session);
		return breakpoints.toSorted((left, right) => left.id - right.id);
	};

	return {
		list,
		async add(pattern) {
			compilePattern(pattern);
			const known = await list();
			if (known.length >= maximumBreakpoints) {
				throw usageError(`session ${session} has ${maximumBreakpoints} breakpoints already: delete one first`);
			}

			// An id is not given twice, even when its breakpoint was deleted.
			lastId = Math.max(lastId, known.at(-1)?.id ?? 0) + 1;
			const breakpoint = {id: lastId, enabled: true, pattern};
			assert.ok(known.every(({id}) => id < breakpoint.id), 'ids increase');
			assert.ok(breakpoint.id <= Number.MAX_SAFE_INTEGER, 'ids stay whole numbers');
			await store.saveBreakpoint(session, breakpoint);
			return breakpoint;
		},
		async save(breakpoint) {
			assert.ok(Number.isSafeInteger(breakpoint.id) && breakpoint.id > 0, 'breakpoints count from 1');
			compilePattern(breakpoint.pattern);
			lastId = Math.max(lastId, breakpoint.id);
			await store.saveBreakpoint(session, breakpoint);
		},
		remove: async id => store.deleteBreakpoint(session, id),
	};
};

export const createBreakpoints = (context: BreakpointContext): Breakpoints => {
	const {search} = context;
	const compile = createBreakpointCompiler(maximumBreakpoints);
	const editing = createEditing(context);

	const enabled = async (): Promise<readonly CompiledBreakpoint[]> => {
		const breakpoints = await editing.list();
		return breakpoints.filter(breakpoint => breakpoint.enabled).map(breakpoint => compile(breakpoint));
	};

	const holdingAt = async (compiled: readonly CompiledBreakpoint[], step: number): Promise<readonly Breakpoint[]> => {
		const operation = await context.operation(step);
		return operation === undefined ? [] : breakpointsHolding(search, compiled, operation);
	};

	return {
		...editing,
		patternFor,
		async hitsAt(step) {
			assert.ok(Number.isSafeInteger(step) && step >= 0, 'a step is a whole number from 0');
			return holdingAt(await enabled(), step);
		},
		async steps(breakpoint, options) {
			const {condition} = compile(breakpoint);
			const steps = await search.all(condition, {from: 1, to: context.length()}, options);
			assert.ok(steps.length <= context.length(), 'a breakpoint holds at most once a step');
			return steps;
		},
		async resume(step, direction, options = {}) {
			const compiled = await enabled();
			const range = rangeBeyond(step, context.length(), direction);
			const found = await nearestStop({
				search, compiled, range, direction, options,
			});
			if (found === undefined) {
				return undefined;
			}

			assert.ok(found >= range.from && found <= range.to, 'a stop lies beyond the step');
			const breakpoints = await holdingAt(compiled, found);
			assert.ok(breakpoints.length > 0, 'a breakpoint holds where continue stops');
			return {step: found, breakpoints};
		},
	};
};
