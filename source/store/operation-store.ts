import type {Breakpoint, Mark} from '../model/breakpoint.js';
import type {ObjectKey, ObjectPlace} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import type {
	BodyNumber,
	HeaderLines,
	Operation,
	OperationCompletion,
} from '../model/operation.js';
import type {ActorCount, Gap, Session} from '../model/session.js';
import type {Filter} from '../expression/filter.js';

/** A body on its way in. `chain` names bodies that resemble it (one object, else one resource): the store may compress it against them. */
export type NewBody = {
	readonly number: BodyNumber;
	readonly bytes: Uint8Array;
	readonly chain: string;
};

export type NewOperation = {
	readonly operation: Operation;
	readonly requestHeaders?: HeaderLines;
	readonly responseHeaders?: HeaderLines;
};

export type NewCompletion = {
	readonly completion: OperationCompletion;
	readonly responseHeaders?: HeaderLines;
};

/** What goes into a session in one transaction, in this order. All or nothing. */
export type WriteBatch = {
	readonly bodies: readonly NewBody[];
	readonly operations: readonly NewOperation[];
	readonly completions: readonly NewCompletion[];
	/** New rows, and rows already written (same `number`) with other steps: they replace the old. */
	readonly versions: readonly ObjectVersion[];
	readonly gaps: readonly Gap[];
	/** Session fields that changed (counts, duration, facts, open). */
	readonly session?: Partial<Omit<Session, 'id' | 'source'>>;
};

export type Direction = 'forward' | 'backward';

export type OperationQuery = {
	readonly session: string;
	/** First and last step of the range, inclusive; default: the whole session. */
	readonly from?: number;
	readonly to?: number;
	readonly filter?: Filter;
	readonly direction?: Direction;
	/** At most this many operations, 1 to 10,000. The next page starts after the last sequence number given. */
	readonly limit: number;
};

/** `place`: one object (all incarnations). `at`: only versions that are the state at that step, ends left out. */
export type VersionQuery = {
	readonly session: string;
	readonly group?: string;
	readonly resource?: string;
	readonly namespace?: string;
	readonly place?: ObjectPlace;
	readonly uid?: string;
	readonly at?: number;
	/** With `at` absent: versions that entered in this range, in order of step then number. */
	readonly from?: number;
	readonly to?: number;
	readonly direction?: Direction;
	/** Keyset: only rows after this one in the order asked for. */
	readonly after?: {readonly step: number; readonly number: number};
	/** Keyset of `at`, whose rows come in order of group, resource, namespace and name: only objects after this one. */
	readonly afterKey?: ObjectKey;
	readonly limit: number;
};

export type AggregateQuery = {
	readonly session: string;
	readonly from?: number;
	readonly to?: number;
	readonly filter?: Filter;
	/** Columns to group by. */
	readonly by: ReadonlyArray<'kind' | 'verb' | 'group' | 'resource' | 'namespace' | 'name' | 'process' | 'actor' | 'status' | 'reason'>;
};

export type AggregateRow = {
	/** One text per column of `by`; '' where it does not apply. */
	readonly key: readonly string[];
	readonly operations: number;
	readonly errors: number;
	/** Sum and greatest of endedAt − arrivedAt over ended requests, ns. */
	readonly durationNs: bigint;
	readonly longestNs: bigint;
	readonly responseBytes: number;
};

/** Sizes, for `sessions --sizes`, tests and benchmarks. */
export type StoreSizes = {readonly fileBytes: number; readonly rawBodyBytes: number};

/**
Sessions, operations, object versions and bodies (design: *OperationStore*). Every method is asynchronous, and nothing may count on an answer in
the same tick. Rows come back in the order asked for. Errors: `KubestepError` with exit code 3 (not a readable session file), 4 (cannot be
reached), 5 (disk full, our failure), 2 (a session that does not exist; the message lists those that do).
*/
export type OperationStore = {
	readonly locator: string;
	/** The medium refuses writes (or it was opened for reading): breakpoints and marks live in memory then. */
	readonly readonly: boolean;
	/** What a person should know about the file: that it is cut short, or that a copy is read. One line each. */
	readonly warnings: readonly string[];

	/** Refuses an id that exists. */
	createSession(session: Session): Promise<void>;
	listSessions(): Promise<readonly Session[]>;
	getSession(id: string): Promise<Session>;
	countActors(session: string): Promise<readonly ActorCount[]>;
	deleteSession(id: string): Promise<void>;

	write(session: string, batch: WriteBatch): Promise<void>;
	/** The two everyday halves of `write`. */
	insertOperations(session: string, operations: readonly NewOperation[]): Promise<void>;
	completeOperation(session: string, completion: NewCompletion): Promise<void>;

	getOperation(session: string, sequence: number): Promise<Operation | undefined>;
	queryOperations(query: OperationQuery): Promise<readonly Operation[]>;
	/** Sequence numbers only, ascending, all of them: for a filtered view. At most `limit`; a view of millions is a few MB. */
	querySequences(query: Omit<OperationQuery, 'direction'>): Promise<Int32Array>;
	countOperations(query: Omit<OperationQuery, 'direction' | 'limit'>): Promise<number>;
	aggregateOperations(query: AggregateQuery): Promise<readonly AggregateRow[]>;

	queryVersions(query: VersionQuery): Promise<readonly ObjectVersion[]>;
	/** The version that is this object's state at a step (undefined: it did not exist, or nothing is known). An indexed look-up. */
	versionAt(session: string, place: ObjectPlace, step: number): Promise<ObjectVersion | undefined>;
	/** The version rows that carry exactly this resourceVersion of a uid. */
	versionsOf(session: string, key: ObjectKey, resourceVersion: string): Promise<readonly ObjectVersion[]>;
	/** Version rows that entered at exactly this step (a list can bring many). */
	versionsEnteredAt(session: string, step: number, limit: number): Promise<readonly ObjectVersion[]>;

	readBody(session: string, body: BodyNumber): Promise<Uint8Array>;
	readBodies(session: string, bodies: readonly BodyNumber[]): Promise<readonly Uint8Array[]>;
	readHeaders(session: string, sequence: number): Promise<{readonly request: HeaderLines; readonly response: HeaderLines}>;

	listBreakpoints(session: string): Promise<readonly Breakpoint[]>;
	/** Inserts or replaces by id. */
	saveBreakpoint(session: string, breakpoint: Breakpoint): Promise<void>;
	deleteBreakpoint(session: string, id: number): Promise<void>;
	listMarks(session: string): Promise<readonly Mark[]>;
	saveMark(session: string, mark: Mark): Promise<void>;

	/** Changes whenever another process wrote: a cheap poll for `--follow`. */
	dataVersion(): Promise<number>;
	sizes(session: string): Promise<StoreSizes>;
	close(): Promise<void>;
};
