import {receive, type Received} from '../state/receive.js';
import type {State} from '../state/state.js';

/** The one place the state is kept. Listeners are told once for everything that happened in one turn. */
export type StateStore = {
	get(): State;
	set(state: State): void;
	receive(received: Received): void;
	subscribe(listener: () => void): () => void;
	/** Tells listeners now. */
	flush(): void;
};

export const createStateStore = (initial: State, onChange: () => void): StateStore => {
	let state = initial;
	let isAnnounced = false;
	const listeners = new Set<() => void>();

	const flush = (): void => {
		isAnnounced = false;
		for (const listener of listeners) {
			listener();
		}
	};

	const announce = (): void => {
		if (isAnnounced) {
			flush();
		}
	};

	const set = (next: State): void => {
		if (next === state) {
			return;
		}

		state = next;
		onChange();
		if (isAnnounced) {
			return;
		}

		isAnnounced = true;
		queueMicrotask(announce);
	};

	return {
		get: () => state,
		set,
		receive(received) {
			set(receive(state, received));
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		flush,
	};
};
