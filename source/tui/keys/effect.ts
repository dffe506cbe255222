import type {BreakpointPattern} from '../../model/breakpoint.js';

export const yankForms = ['kubectl', 'curl', 'yaml'] as const;
export type YankForm = typeof yankForms[number];

export type Direction = 'forward' | 'backward';

/** Journeys: they end at a step, or nowhere. */
export type Travel =
	| {readonly type: 'resume'; readonly direction: Direction; readonly count: number}
	| {readonly type: 'sameObject'; readonly direction: Direction; readonly count: number}
	| {readonly type: 'nextError'; readonly direction: Direction; readonly count: number}
	| {readonly type: 'search'; readonly text: string; readonly direction: Direction; readonly count: number};

export type BreakpointTask =
	| {readonly type: 'toggleBreakpoint'}
	| {readonly type: 'addBreakpoint'; readonly pattern: BreakpointPattern}
	| {readonly type: 'saveCondition'; readonly id: number; readonly condition: string}
	| {readonly type: 'enableBreakpoint'; readonly id: number; readonly enabled: boolean}
	| {readonly type: 'removeBreakpoint'; readonly id: number};

/** What takes its time. Tasks run one after the other, and keys typed meanwhile wait for them, so that `3c` and `cj` mean what they say. */
export type Task =
	| Travel
	| BreakpointTask
	| {readonly type: 'filter'; readonly source: string}
	| {readonly type: 'resolve'; readonly at: string};

/** What is done on the side. */
export type Immediate =
	| {readonly type: 'saveMark'; readonly letter: string; readonly step: number}
	| {readonly type: 'yank'; readonly form: YankForm}
	| {readonly type: 'interrupt'}
	| {readonly type: 'redraw'}
	| {readonly type: 'suspend'}
	| {readonly type: 'quit'};

/** What a key asks for that the state alone cannot do. */
export type Effect = Task | Immediate;

const immediate: ReadonlySet<string> = new Set<Immediate['type']>(['saveMark', 'yank', 'interrupt', 'redraw', 'suspend', 'quit']);

export const isTask = (effect: Effect): effect is Task => !immediate.has(effect.type);
