import type {CompiledExpression} from '../expression/compile-expression.js';
import type {Breakpoint, BreakpointPattern, Mark} from '../model/breakpoint.js';
import type {JsonObject, JsonValue} from '../model/json.js';
import type {ObjectKey, ObjectPlace} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import type {Operation} from '../model/operation.js';
import type {Session} from '../model/session.js';
import type {Direction, OperationStore} from '../store/operation-store.js';

/**
One object as it is at a step, decoded: `whole` false means the rest of it is as of an older version, or unknown. The object is shared with whoever asks next: it
must not be changed.
*/
export type ObjectState = {
	readonly version: ObjectVersion;
	readonly object: JsonObject;
	readonly whole: boolean;
};

/**
What a step did to the object it is about. `changed`: its state before and after differ. `read`: the object as read. `nothing`: why not, in words
(no-op, refused with 409 Conflict, dry run, watch opened, outcome unknown, …). `many`: a list, or a deletecollection, that brought several in.
*/
export type StepChange =
	| {readonly type: 'changed'; readonly place: ObjectPlace; readonly before: ObjectState | undefined; readonly after: ObjectState | undefined; readonly note: string | undefined}
	| {readonly type: 'read'; readonly place: ObjectPlace; readonly object: JsonValue; readonly note: string | undefined}
	| {readonly type: 'many'; readonly entered: readonly ObjectVersion[]; readonly note: string}
	| {readonly type: 'nothing'; readonly place: ObjectPlace | undefined; readonly object: JsonValue; readonly note: string};

export type StateQuery = {
	readonly group?: string;
	readonly resource?: string;
	readonly namespace?: string;
	readonly name?: string;
	readonly labelSelector?: string;
	readonly fieldSelector?: string;
};

/** Where continue stopped: the step, and the breakpoints that hold there. */
export type Stop = {readonly step: number; readonly breakpoints: readonly Breakpoint[]};

export type SearchOptions = {
	/** Aborts a long scan; the promise then rejects with the signal's reason. */
	readonly signal?: AbortSignal;
	/** Called now and then with the step reached. */
	readonly onProgress?: (step: number) => void;
};

/**
A session with fast access to the state at any step. It holds no cursor position that a query depends on: every question names its step, so going there by
single steps, by a jump, or backwards gives the same answer. Steps are 0 (before everything) to `length`.
*/
export type Timeline = {
	readonly session: Session;
	readonly store: OperationStore;
	readonly length: number;
	/** Re-reads the session (a recording still being written grows). */
	refresh(): Promise<void>;

	operation(step: number): Promise<Operation | undefined>;
	/** Operations of steps from..to, in order; at most 10,000. */
	operations(from: number, to: number): Promise<readonly Operation[]>;

	/** What the step did; its object before and after. */
	change(step: number): Promise<StepChange>;
	objectAt(step: number, place: ObjectPlace): Promise<ObjectState | undefined>;
	/** Every object of the cluster state at the step that fits, ordered by group, resource, namespace, name; streamed. */
	stateAt(step: number, query?: StateQuery): AsyncIterable<ObjectState>;
	/** The write or event a person would blame for what the event at this step carries, if it is in the recording. */
	causeOf(operation: Operation): Promise<Operation | undefined>;
	/** Versions of one object in order. */
	history(place: ObjectPlace, limit: number): Promise<readonly ObjectVersion[]>;

	/** Nearest operation after / before `step` (exclusive) on the same object, with an error, or matching. Undefined: none. */
	nextOnObject(step: number, direction: Direction): Promise<number | undefined>;
	nextError(step: number, direction: Direction): Promise<number | undefined>;
	nextMatch(step: number, direction: Direction, expression: CompiledExpression, options?: SearchOptions): Promise<number | undefined>;
	/** All matching steps, ascending. */
	matches(expression: CompiledExpression, options?: SearchOptions): Promise<Int32Array>;
	/**
	`5`, `50%`, `end`, `first-error`, `12.5s`, `3m2s`.

	@throws KubestepError usage
	*/
	resolveAt(at: string): Promise<number>;

	readonly breakpoints: Breakpoints;
	listMarks(): Promise<readonly Mark[]>;
	saveMark(mark: Mark): Promise<void>;
};

export type Breakpoints = {
	list(): Promise<readonly Breakpoint[]>;
	/** Adds one; refused (usage error) when its condition does not compile. */
	add(pattern: BreakpointPattern): Promise<Breakpoint>;
	save(breakpoint: Breakpoint): Promise<void>;
	remove(id: number): Promise<void>;
	/** The breakpoint `b` toggles at an operation: its object (or resource) and verb. */
	patternFor(operation: Operation): BreakpointPattern;
	/** Those enabled that hold at this step. */
	hitsAt(step: number): Promise<readonly Breakpoint[]>;
	/** Steps at which a breakpoint holds, ascending, enabled or not. */
	steps(breakpoint: Breakpoint, options?: SearchOptions): Promise<Int32Array>;
	/** Continue and reverse-continue: the nearest stop after / before `step`; undefined: no enabled breakpoint holds there. */
	resume(step: number, direction: Direction, options?: SearchOptions): Promise<Stop | undefined>;
};

/** One version's identity, for messages. */
export type Incarnation = ObjectKey;
