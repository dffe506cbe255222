import type {SearchOptions, Timeline} from '../../timeline/timeline-types.js';
import type {Task} from '../keys/effect.js';
import {changeBreakpoints} from './breakpoint-tasks.js';
import {travelTo} from './navigation.js';
import type {StateStore} from './store.js';

/** A task that takes longer shows itself, its progress and how to stop it: ms; and how often progress is drawn. */
const visibleAfter = 120;
const progressEvery = 100;

const labels: Readonly<Partial<Record<Task['type'], string>>> = {
	resume: 'continuing',
	search: 'searching',
	filter: 'filtering',
	nextError: 'looking for an error',
	sameObject: 'looking for the object',
};

export type TaskRunner = {
	/** Does what a key asked for. Never rejects: what went wrong is said on the status line. */
	run(task: Task): Promise<void>;
	/** Stops the task under way. */
	interrupt(): void;
};

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

const say = (store: StateStore, text: string, isError = false): void => {
	if (text !== '') {
		store.receive({type: 'message', message: {text, isError}});
	}
};

const filter = async (timeline: Timeline, store: StateStore, source: string, options: SearchOptions): Promise<string> => {
	if (source === '') {
		const hadFilter = store.get().view !== undefined;
		store.receive({type: 'filtered', source: '', matching: undefined});
		return hadFilter ? 'no filter: all steps are shown' : '';
	}

	const {compileExpression} = await import('../../expression/compile-expression.js');
	const matching = await timeline.matches(compileExpression(source), options);
	if (matching.length === 0) {
		return `no step matches ${source}: the list stays as it is`;
	}

	store.receive({type: 'filtered', source, matching});
	return `${matching.length} of ${store.get().length} steps match; an empty & shows all again`;
};

const perform = async (timeline: Timeline, store: StateStore, task: Task, options: SearchOptions): Promise<void> => {
	switch (task.type) {
		case 'resume':
		case 'search':
		case 'sameObject':
		case 'nextError': {
			const {step, text, isError} = await travelTo(timeline, store.get(), task, options);
			if (step !== undefined) {
				store.receive({type: 'arrived', step});
			}

			say(store, text, isError);
			break;
		}

		case 'filter': {
			say(store, await filter(timeline, store, task.source, options));
			break;
		}

		case 'resolve': {
			store.receive({type: 'arrived', step: await timeline.resolveAt(task.at)});
			break;
		}

		case 'toggleBreakpoint':
		case 'addBreakpoint':
		case 'saveCondition':
		case 'enableBreakpoint':
		case 'removeBreakpoint': {
			const text = await changeBreakpoints(timeline, store.get(), task);
			store.receive({type: 'breakpoints', breakpoints: await timeline.breakpoints.list()});
			say(store, text);
			break;
		}
	}
};

export const createTaskRunner = (timeline: Timeline, store: StateStore): TaskRunner => {
	let abort: AbortController | undefined;

	return {
		async run(task) {
			const controller = new AbortController();
			const label = labels[task.type] ?? 'working';
			const reached: {step: number | undefined; drawn: number} = {step: undefined, drawn: 0};
			abort = controller;
			const show = (): void => {
				reached.drawn = performance.now();
				store.receive({type: 'task', task: {label, step: reached.step}});
			};

			const visible = setTimeout(show, visibleAfter);
			const onProgress = (step: number): void => {
				reached.step = step;
				if (store.get().task !== undefined && performance.now() - reached.drawn > progressEvery) {
					show();
				}
			};

			try {
				await perform(timeline, store, task, {signal: controller.signal, onProgress});
			} catch (error) {
				const where = reached.step === undefined ? '' : ` at step ${reached.step}`;
				say(store, controller.signal.aborted ? `stopped${where}` : messageOf(error), !controller.signal.aborted);
			} finally {
				clearTimeout(visible);
				abort = undefined;
				store.receive({type: 'task', task: undefined});
			}
		},
		interrupt() {
			abort?.abort(new Error('interrupted'));
		},
	};
};
