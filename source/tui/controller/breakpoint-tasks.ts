import type {Breakpoint, BreakpointPattern} from '../../model/breakpoint.js';
import type {Timeline} from '../../timeline/timeline-types.js';
import type {BreakpointTask} from '../keys/effect.js';
import {patternText} from '../render/breakpoint-cells.js';
import type {State} from '../state/state.js';

const canonical = (pattern: BreakpointPattern): string =>
	JSON.stringify(Object.entries(pattern).filter(([, value]) => value !== undefined).toSorted(([left], [right]) => (left < right ? -1 : 1)));

const add = async (timeline: Timeline, pattern: BreakpointPattern): Promise<string> => {
	const added = await timeline.breakpoints.add(pattern);
	return `breakpoint ${added.id}: ${patternText(added.pattern)}`;
};

const toggle = async (timeline: Timeline, state: State): Promise<string> => {
	const operation = state.operations.get(state.cursor) ?? await timeline.operation(state.cursor);
	if (operation === undefined) {
		return `step ${state.cursor} is not in the recording`;
	}

	const pattern = timeline.breakpoints.patternFor(operation);
	const known = await timeline.breakpoints.list();
	const same = known.find(breakpoint => canonical(breakpoint.pattern) === canonical(pattern));
	if (same === undefined) {
		return add(timeline, pattern);
	}

	await timeline.breakpoints.remove(same.id);
	return `breakpoint ${same.id} removed: ${patternText(same.pattern)}`;
};

const change = async (timeline: Timeline, id: number, edit: (breakpoint: Breakpoint) => Breakpoint): Promise<Breakpoint | undefined> => {
	const known = await timeline.breakpoints.list();
	const breakpoint = known.find(candidate => candidate.id === id);
	if (breakpoint === undefined) {
		return undefined;
	}

	const edited = edit(breakpoint);
	await timeline.breakpoints.save(edited);
	return edited;
};

/** Does what the panel or `b` asks; what to say of it comes back. */
export const changeBreakpoints = async (timeline: Timeline, state: State, task: BreakpointTask): Promise<string> => {
	switch (task.type) {
		case 'toggleBreakpoint': {
			return toggle(timeline, state);
		}

		case 'addBreakpoint': {
			return add(timeline, task.pattern);
		}

		case 'removeBreakpoint': {
			await timeline.breakpoints.remove(task.id);
			return `breakpoint ${task.id} removed`;
		}

		case 'enableBreakpoint': {
			const changed = await change(timeline, task.id, breakpoint => ({...breakpoint, enabled: task.enabled}));
			return changed === undefined ? `no breakpoint ${task.id}` : `breakpoint ${task.id} ${task.enabled ? 'enabled' : 'disabled'}`;
		}

		case 'saveCondition': {
			const condition = task.condition === '' ? undefined : task.condition;
			const changed = await change(timeline, task.id, breakpoint => ({...breakpoint, pattern: {...breakpoint.pattern, condition}}));
			return changed === undefined ? `no breakpoint ${task.id}` : `breakpoint ${task.id}: ${patternText(changed.pattern)}`;
		}
	}
};
