import type {Operation} from '../../model/operation.js';
import type {Timeline} from '../../timeline/timeline-types.js';
import {visibleVersions} from '../render/history-pane.js';
import {layoutOf} from '../render/layout.js';
import {positionCount, stepAt} from '../state/positions.js';
import type {State} from '../state/state.js';
import type {Request} from './loader.js';

/** Steps of one request. */
const stepsPerRequest = 256;
/** Beyond this many steps asked for per step wanted, they are asked for one by one. */
const sparse = 4;

export type WantedOperations = Request & {readonly steps: readonly number[]};

const missingIn = (state: State, from: number, to: number): readonly number[] => {
	const missing: number[] = [];
	const last = Math.min(positionCount(state) - 1, to);
	for (let position = Math.max(0, from); position <= last && missing.length < stepsPerRequest; position++) {
		const step = stepAt(state, position);
		if (step > 0 && !state.operations.has(step)) {
			missing.push(step);
		}
	}

	return missing;
};

/** Operations that brought the versions the history pane shows. */
const missingOrigins = (state: State): readonly number[] => {
	const area = layoutOf(state).history;
	return area === undefined
		? []
		: visibleVersions(state, area.rows).map(({version}) => version.step).filter(step => step <= state.length && !state.operations.has(step));
};

/** What the list needs next: the rows in the window and the cursor's, then a few windows after and before them. */
export const wantedOperations = (state: State): WantedOperations | undefined => {
	const rows = Math.max(1, layoutOf(state).list?.rows ?? state.size.rows);
	const visible = missingIn(state, state.top, state.top + rows - 1);
	const isCursorMissing = state.cursor > 0 && !state.operations.has(state.cursor) && !visible.includes(state.cursor);
	const first = isCursorMissing ? [state.cursor, ...visible] : visible;
	// Asked for together with what comes next to it, while something is asked for at all.
	const near = (): readonly number[] => [...missingIn(state, state.top + rows, state.top + (4 * rows)), ...missingIn(state, state.top - (2 * rows), state.top - 1)];
	const isNearEnd = missingIn(state, state.top + rows, state.top + rows + Math.ceil(rows / 2)).length > 0 || missingIn(state, state.top - Math.ceil(rows / 2), state.top - 1).length > 0;
	const wanted = [first, missingOrigins(state), isNearEnd ? near() : []].find(steps => steps.length > 0);
	const steps = wanted ?? [];
	return steps.length === 0 ? undefined : {key: `${state.length}:${steps.join(',')}`, steps};
};

/** Loads them: neighbours in one question, scattered ones each for itself. */
export const loadOperations = async (timeline: Timeline, steps: readonly number[]): Promise<readonly Operation[]> => {
	const sorted = [...steps].toSorted((left, right) => left - right);
	const [from, to] = [sorted[0]!, sorted.at(-1)!];
	if (to - from < sorted.length * sparse) {
		return timeline.operations(from, to);
	}

	const loaded = await Promise.all(sorted.map(async step => timeline.operation(step)));
	return loaded.filter(operation => operation !== undefined);
};
