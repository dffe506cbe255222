import type {Breakpoint} from '../../source/model/breakpoint.js';
import type {Operation} from '../../source/model/operation.js';
import type {Session} from '../../source/model/session.js';
import {initialState, type State} from '../../source/tui/state/state.js';
import {operation} from './made-operation.js';

export const session: Session = {
	id: 'nightly', source: 'har', startedAt: Date.UTC(2026, 10, 23, 10), origin: 'nightly.har', capabilities: [], redacted: false, parent: undefined, gaps: [], open: false,
	operations: 100, requests: 100, events: 0, durationNs: 60_000_000_000n, facts: {},
};

export const madeOperations = (length: number): readonly Operation[] =>
	Array.from({length}, (_, index) => operation({sequence: index + 1, name: `web-${index + 1}`, arrivedAt: BigInt(index) * 10_000_000n}));

/** A state over `length` operations, all loaded. */
export const madeState = (parts: Partial<State> = {}, breakpoints: readonly Breakpoint[] = []): State => {
	const length = parts.length ?? 100;
	return {
		...initialState({
			session, length, size: {columns: 80, rows: 24}, cursor: 1, breakpoints, marks: [], follow: false,
		}),
		operations: new Map(madeOperations(length).map(made => [made.sequence, made])),
		...parts,
	};
};
