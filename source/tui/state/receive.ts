import type {Breakpoint} from '../../model/breakpoint.js';
import type {Operation} from '../../model/operation.js';
import type {Session} from '../../model/session.js';
import type {DiffDocument} from '../diff/diff-document.js';
import {
	goTo,
	jumpTo,
	settle,
	showStep,
} from './positions.js';
import {
	maximumLoaded,
	type History,
	type KnownBreakpoint,
	type Message,
	type Size,
	type State,
	type Task,
} from './state.js';

/** What came back from outside. */
export type Received =
	| {readonly type: 'operations'; readonly operations: readonly Operation[]}
	| {readonly type: 'document'; readonly document: DiffDocument}
	| {readonly type: 'documentSlow'}
	| {readonly type: 'documentFailed'; readonly step: number; readonly text: string}
	| {readonly type: 'errors'; readonly count: number}
	| {readonly type: 'history'; readonly history: History | undefined}
	| {readonly type: 'breakpoints'; readonly breakpoints: readonly Breakpoint[]}
	| {readonly type: 'breakpointSteps'; readonly id: number; readonly steps: Int32Array}
	| {readonly type: 'arrived'; readonly step: number}
	| {readonly type: 'filtered'; readonly source: string; readonly matching: Int32Array | undefined}
	| {readonly type: 'task'; readonly task: Task | undefined}
	| {readonly type: 'waiting'; readonly keys: number}
	| {readonly type: 'message'; readonly message: Message | undefined}
	| {readonly type: 'grown'; readonly session: Session; readonly length: number}
	| {readonly type: 'resized'; readonly size: Size};

const withOperations = (state: State, operations: readonly Operation[]): State => {
	const merged = new Map(state.operations);
	for (const operation of operations) {
		// Set anew, so that a Map's order stays the order of loading.
		merged.delete(operation.sequence);
		merged.set(operation.sequence, operation);
	}

	for (const oldest of merged.keys()) {
		if (merged.size <= maximumLoaded) {
			break;
		}

		merged.delete(oldest);
	}

	return {...state, operations: merged};
};

const isSamePlace = (left: DiffDocument | undefined, right: DiffDocument): boolean => left?.title === right.title;

/** The diff pane stays where it is for the same object: `settle` moves it when its first change would be out of sight. */
const withDocument = (state: State, document: DiffDocument): State => {
	const {diff} = state;
	const isSameStep = diff.document?.step === document.step;
	const [scroll, sideways] = isSamePlace(diff.document, document) ? [diff.scroll, diff.sideways] : [0, 0];
	return {
		...state,
		diff: {
			...diff, document, scroll, sideways, isSlow: false, failure: undefined, isScrolled: isSameStep && diff.isScrolled,
		},
	};
};

/** Steps already counted stay with a breakpoint whose pattern did not change. */
const withBreakpoints = (state: State, breakpoints: readonly Breakpoint[]): State => {
	const known = new Map(state.breakpoints.map(entry => [entry.breakpoint.id, entry]));
	const entries = breakpoints.map((breakpoint): KnownBreakpoint => {
		const old = known.get(breakpoint.id);
		const isSame = old !== undefined && JSON.stringify(old.breakpoint.pattern) === JSON.stringify(breakpoint.pattern);
		return {breakpoint, steps: isSame ? old.steps : undefined};
	});
	// The panel stays in front when its last one is deleted: a `q` meant for it must not quit.
	return {...state, breakpoints: entries, selected: Math.max(0, Math.min(entries.length - 1, state.selected))};
};

const withSteps = (state: State, id: number, steps: Int32Array): State => ({
	...state,
	breakpoints: state.breakpoints.map(entry => entry.breakpoint.id === id ? {...entry, steps} : entry),
});

const withView = (state: State, source: string, matching: Int32Array | undefined): State => {
	if (matching === undefined) {
		return {...state, view: undefined};
	}

	const view = {
		source, matching, shown: matching, hidden: undefined,
	};
	// To the nearest step that is shown, so that j and k have a neighbour on both sides.
	const next = matching.find(step => step >= state.cursor) ?? matching.at(-1);
	const filtered = {...state, view};
	return next === undefined || state.cursor === 0 ? {...filtered, view: showStep(view, state.cursor)} : goTo(filtered, next);
};

/** A recording that goes on: one that follows it stays at its end, if there one was. */
const grow = (state: State, session: Session, length: number): State => {
	const wasAtEnd = state.cursor === state.length;
	// Requests that were still under way are read again: they may have ended.
	const ended = [...state.operations].filter(([, {kind, end}]) => kind === 'event' || end !== undefined);
	const grown: State = {
		...state, session, length, operations: new Map(ended),
	};
	return wasAtEnd && state.isFollowing && state.view === undefined ? goTo(grown, length) : grown;
};

const appliers: {readonly [Type in Received['type']]: (state: State, received: Extract<Received, {readonly type: Type}>) => State} = {
	operations: (state, {operations}) => withOperations(state, operations),
	document: (state, {document}) => withDocument(state, document),
	documentSlow: state => ({...state, diff: {...state.diff, isSlow: true}}),
	documentFailed: (state, {step, text}) => ({...state, diff: {...state.diff, failure: {step, text}}}),
	errors: (state, {count}) => ({...state, errors: count}),
	history: (state, {history}) => ({...state, history}),
	breakpoints: (state, {breakpoints}) => withBreakpoints(state, breakpoints),
	breakpointSteps: (state, {id, steps}) => withSteps(state, id, steps),
	arrived: (state, {step}) => jumpTo(state, step),
	filtered: (state, {source, matching}) => withView(state, source, matching),
	task: (state, {task}) => state.task === task ? state : {...state, task},
	waiting: (state, {keys}) => ({...state, waitingKeys: keys}),
	message: (state, {message}) => ({...state, message}),
	grown: (state, {session, length}) => grow(state, session, length),
	resized: (state, {size}) => ({...state, size}),
};

/** The state with what came back in it. Pure. */
export const receive = (state: State, received: Received): State => {
	const apply = appliers[received.type] as (state: State, received: Received) => State;
	return settle(apply(state, received));
};
