import type {Breakpoint, Mark} from '../../model/breakpoint.js';
import type {ObjectVersion} from '../../model/object-version.js';
import type {Operation} from '../../model/operation.js';
import type {Session} from '../../model/session.js';
import type {DiffDocument} from '../diff/diff-document.js';

export type Size = {readonly columns: number; readonly rows: number};

export type Pane = 'list' | 'diff' | 'breakpoints';

/** A breakpoint and the steps at which it holds, once they are known. */
export type KnownBreakpoint = {readonly breakpoint: Breakpoint; readonly steps: Int32Array | undefined};

/** The list, filtered: `matching` are the steps that match; `shown` has the cursor's step as well, where it does not (`hidden`). */
export type View = {
	readonly source: string;
	readonly matching: Int32Array;
	readonly shown: Int32Array;
	readonly hidden: number | undefined;
};

export const promptKinds = ['command', 'search', 'filter', 'condition'] as const;
export type PromptKind = typeof promptKinds[number];

export type Prompt = {
	readonly kind: PromptKind;
	readonly text: string;
	/** Characters before the caret. */
	readonly caret: number;
	/** The breakpoint whose condition is edited. */
	readonly breakpoint: number | undefined;
	/** How far back in the history: 0 is what is being typed. */
	readonly back: number;
};

export type Message = {readonly text: string; readonly isError: boolean};

/** Something long under way that Esc stops. `step`: how far it has come. */
export type Task = {readonly label: string; readonly step: number | undefined};

/** What the diff pane shows. `document` may still be of another step than the cursor's while that one's is on its way. */
export type DiffPane = {
	readonly document: DiffDocument | undefined;
	/** The wanted one takes its time: stop showing the old one. */
	readonly isSlow: boolean;
	readonly failure: {readonly step: number; readonly text: string} | undefined;
	readonly mode: 'diff' | 'object';
	readonly scroll: number;
	/** The person scrolled: the place is theirs until the next step. */
	readonly isScrolled: boolean;
	readonly sideways: number;
};

export type History = {readonly placeId: string; readonly title: string; readonly versions: readonly ObjectVersion[]; readonly isCut: boolean};

/** Everything the screen is drawn from. Changed only by `press` and `receive`. */
export type State = {
	readonly session: Session;
	readonly length: number;
	readonly size: Size;
	/** The step the screen is at: 0 is before everything. */
	readonly cursor: number;
	/** Position of the list's first visible row. */
	readonly top: number;
	readonly sideways: number;
	readonly view: View | undefined;
	/** Operations loaded so far, by step: at most `maximumLoaded`. */
	readonly operations: ReadonlyMap<number, Operation>;
	/** Refused or failed operations in the session, once counted. */
	readonly errors: number | undefined;
	readonly diff: DiffPane;
	readonly history: History | undefined;
	readonly breakpoints: readonly KnownBreakpoint[];
	/** Row of the breakpoint panel's cursor. */
	readonly selected: number;
	readonly marks: readonly Mark[];
	/** Steps jumped from, oldest first. */
	readonly jumps: readonly number[];
	readonly pane: Pane;
	readonly isZoomed: boolean;
	readonly isFollowing: boolean;
	readonly search: string | undefined;
	/** Help's first visible line; undefined: no help. */
	readonly help: number | undefined;
	readonly prompt: Prompt | undefined;
	readonly promptHistory: Readonly<Record<PromptKind, readonly string[]>>;
	/** Digits typed so far. */
	readonly count: string;
	/** A key that waits for a second one: `m`, `'`, `y`. */
	readonly pendingKey: string | undefined;
	readonly message: Message | undefined;
	readonly task: Task | undefined;
	/** Keys typed while a task runs; they are done after it. */
	readonly waitingKeys: number;
};

export const maximumLoaded = 4096;
export const maximumJumps = 100;
export const maximumPromptHistory = 50;
export const maximumPromptText = 2000;

export type InitialFacts = Pick<State, 'session' | 'length' | 'size' | 'cursor'> & {readonly breakpoints: readonly Breakpoint[]; readonly marks: readonly Mark[]; readonly follow: boolean};

export const initialState = ({session, length, size, cursor, breakpoints, marks, follow}: InitialFacts): State => ({
	session,
	length,
	size,
	cursor,
	top: 0,
	sideways: 0,
	view: undefined,
	operations: new Map(),
	errors: undefined,
	diff: {
		document: undefined, isSlow: false, failure: undefined, mode: 'diff', scroll: 0, isScrolled: false, sideways: 0,
	},
	history: undefined,
	breakpoints: breakpoints.map(breakpoint => ({breakpoint, steps: undefined})),
	selected: 0,
	marks,
	jumps: [],
	pane: 'list',
	isZoomed: false,
	isFollowing: follow,
	search: undefined,
	help: undefined,
	prompt: undefined,
	promptHistory: {
		command: [], search: [], filter: [], condition: [],
	},
	count: '',
	pendingKey: undefined,
	message: undefined,
	task: undefined,
	waitingKeys: 0,
});

export const say = (state: State, text: string): State => ({...state, message: {text, isError: false}});
export const complain = (state: State, text: string): State => ({...state, message: {text, isError: true}});

export const cursorOperation = (state: State): Operation | undefined => state.operations.get(state.cursor);
