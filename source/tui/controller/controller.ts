import type {Timeline} from '../../timeline/timeline-types.js';
import {isTask, type Immediate} from '../keys/effect.js';
import {pressAll} from '../keys/press.js';
import {goTo, settle} from '../state/positions.js';
import {initialState, type Size, type State} from '../state/state.js';
import {copyOperation} from './copy-operation.js';
import {createErrorCounter, createHitCounter} from './counters.js';
import {createDocumentLoader, createHistoryLoader} from './document-loader.js';
import {createFollower} from './follow.js';
import {createLoader} from './loader.js';
import {createStateStore, type StateStore} from './store.js';
import {createTaskRunner, type TaskRunner} from './tasks.js';
import {loadOperations, wantedOperations} from './wanted-operations.js';

/** Keys that wait for a task; beyond that many they are dropped. */
const maximumWaitingKeys = 1000;

/** What only the terminal can do. */
export type Terminal = {
	/** Bytes past the screen: the clipboard. Undefined: the terminal takes none. */
	readonly copy: ((sequence: string) => void) | undefined;
	redraw(): void;
	suspend(): void;
	quit(): void;
	/** Leaves the screen because of an error of ours. */
	fail(error: unknown): void;
};

export type Controller = {
	readonly store: StateStore;
	/** Keys of one packet, in order. */
	press(tokens: readonly string[]): void;
	resize(size: Size): void;
	/** Settles when nothing is under way: for a plain frame, and for tests. */
	idle(): Promise<void>;
	dispose(): void;
};

export type ControllerOptions = {
	readonly timeline: Timeline;
	/** Step to begin at; default: the first operation, or the end of a session that is followed. */
	readonly at: number | undefined;
	readonly follow: boolean;
	readonly size: Size;
	readonly terminal: Terminal;
};

const beginning = async ({timeline, at, follow, size}: ControllerOptions): Promise<State> => {
	const [breakpoints, marks] = await Promise.all([timeline.breakpoints.list(), timeline.listMarks()]);
	const {session, length} = timeline;
	const cursor = at ?? (follow ? length : Math.min(1, length));
	const state = initialState({
		session, length, size, cursor: Math.min(length, Math.max(0, cursor)), breakpoints, marks, follow,
	});
	return settle(goTo(state, state.cursor));
};

/** Effects that take no time. */
const createEffects = (timeline: Timeline, store: StateStore, tasks: TaskRunner, terminal: Terminal) => {
	const complain = (error: unknown): void => {
		store.receive({type: 'message', message: {text: error instanceof Error ? error.message : String(error), isError: true}});
	};

	const saveMark = async (letter: string, step: number): Promise<void> => {
		try {
			await timeline.saveMark({letter, step});
		} catch (error) {
			complain(error);
		}
	};

	return (effect: Immediate): void => {
		switch (effect.type) {
			case 'saveMark': {
				void saveMark(effect.letter, effect.step);
				break;
			}

			case 'yank': {
				store.receive({type: 'message', message: copyOperation(store.get(), effect.form, terminal.copy)});
				break;
			}

			case 'interrupt': {
				tasks.interrupt();
				break;
			}

			case 'redraw':
			case 'suspend':
			case 'quit': {
				terminal[effect.type]();
				break;
			}
		}
	};
};

/** Keys that stop a task. */
const interrupting: ReadonlySet<string> = new Set(['Esc', '^C', 'q', 'Q']);

/** Does keys in order: those after a task wait for it, the rest is immediate. Esc and ^C stop the task and forget the keys. */
const createKeyQueue = (store: StateStore, tasks: TaskRunner, perform: (effect: Immediate) => void, fail: (error: unknown) => void) => {
	const queue: string[] = [];
	let working: Promise<void> = Promise.resolve();
	let isWorking = false;

	const pressQueued = async (): Promise<void> => {
		while (queue.length > 0) {
			const {state, effects, waiting} = pressAll(store.get(), queue.splice(0), isTask);
			queue.unshift(...waiting);
			store.set(state);
			for (const effect of effects) {
				if (isTask(effect)) {
					await tasks.run(effect); // eslint-disable-line no-await-in-loop -- one after the other: that is what the queue is for
				} else {
					perform(effect);
				}
			}
		}

		// In the same turn as the last look: keys that come later find nobody working.
		isWorking = false;
	};

	const work = async (): Promise<void> => {
		isWorking = true;
		try {
			await pressQueued();
		} catch (error) {
			isWorking = false;
			fail(error);
		}
	};

	return {
		press(tokens: readonly string[]): void {
			const stop = isWorking ? tokens.findIndex(token => interrupting.has(token)) : -1;
			if (stop !== -1) {
				queue.length = 0;
				tasks.interrupt();
			}

			const isCancel = stop !== -1 && tokens[stop] !== 'q' && tokens[stop] !== 'Q';
			const kept = stop === -1 ? tokens : tokens.slice(stop + Number(isCancel));
			queue.push(...kept.slice(0, maximumWaitingKeys - queue.length));
			if (!isWorking) {
				working = work();
			} else if (store.get().task !== undefined) {
				store.receive({type: 'waiting', keys: queue.length});
			}
		},
		idle: async (): Promise<void> => working,
	};
};

/** Everything outside React: loads what the screen needs, does what keys ask, and puts what comes back into the state. */
export const createController = async (options: ControllerOptions): Promise<Controller> => {
	const {timeline, terminal} = options;
	const closing = new AbortController();
	const loaders: Array<{poke(): void; idle(): Promise<void>}> = [];
	const store = createStateStore(await beginning(options), () => {
		follower.update();
		for (const loader of loaders) {
			loader.poke();
		}
	});
	const complain = (error: unknown): void => {
		store.receive({type: 'message', message: {text: error instanceof Error ? error.message : String(error), isError: true}});
	};

	const follower = createFollower(timeline, store, complain);
	const operations = createLoader(() => wantedOperations(store.get()), async ({steps}) => {
		try {
			store.receive({type: 'operations', operations: await loadOperations(timeline, steps)});
		} catch (error) {
			complain(error);
		}
	});
	const documents = createDocumentLoader(timeline, store);
	loaders.push(operations, documents, createHistoryLoader(timeline, store), createHitCounter(timeline, store, closing.signal), createErrorCounter(timeline, store));
	const tasks = createTaskRunner(timeline, store);
	const keys = createKeyQueue(store, tasks, createEffects(timeline, store, tasks, terminal), terminal.fail);
	follower.update();
	for (const loader of loaders) {
		loader.poke();
	}

	return {
		store,
		press: keys.press,
		resize(size) {
			store.receive({type: 'resized', size});
			store.flush();
		},
		async idle() {
			await keys.idle();
			// What one loader brings can make another want something.
			for (const last of loaders) {
				await Promise.all([last, ...loaders].map(async loader => loader.idle())); // eslint-disable-line no-await-in-loop -- as many rounds as there are loaders
			}
		},
		dispose() {
			closing.abort(new Error('closed'));
			tasks.interrupt();
			follower.dispose();
			documents.dispose();
		},
	};
};
