/** A request, or a watch event delivered to the operator. */
export type OperationKind = 'request' | 'event';

/** How a request's exchange ended. */
export const endKinds = ['complete', 'client-abort', 'server-timeout', 'transport-error', 'unknown'] as const;
export type EndKind = typeof endKinds[number];

/** Facts about one operation, kept as bits in the store: append only. */
export const operationFlags = [
	'redacted', // A secret value was replaced by a token
	'truncated', // A body was longer than the cap, or cut in the source
	'synthetic', // Not on the wire: reconstructed
	'noise', // Leases, events, discovery, reviews, health: dimmed and can be hidden
	'dryRun', // Nothing was stored
	'force', // Forced server-side apply
	'initialEventsEnd', // The bookmark that ends initial events
	'listComplete', // Response to a list that is whole, or the last page of one
	'noop', // A write that changed nothing
	'wholeFrame', // An event's body is its whole frame, not the object alone (it was not framed as kube-apiserver does)
	'undecodable', // A body could not be decoded by its content type
] as const;
export type OperationFlag = typeof operationFlags[number];

/** Body of a session, by number: unique within its session, given by ingest in order of first use. */
export type BodyNumber = number;

/** Header lines as on the wire, in order, duplicates kept. Credentials are already gone. */
export type HeaderLines = ReadonlyArray<readonly [name: string, value: string]>;

/** Preconditions a write carried. */
export type Preconditions = {
	readonly uid?: string;
	readonly resourceVersion?: string;
};

/**
One thing on the wire (design: *Operation*). Times are ns since the session's start; a field that does not apply, or that the source
cannot see, is undefined. For events, `verb` is the event type as on the wire (`ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK`, `ERROR`).
*/
export type Operation = {
	readonly sequence: number;
	readonly kind: OperationKind;
	/** Verb of RequestInfo (get, list, watch, create, …; lower-case method for a non-resource URL), or the event's type. */
	readonly verb: string;
	/** '' is the core group; undefined for a non-resource URL. */
	readonly group?: string;
	readonly version?: string;
	readonly resource?: string;
	readonly subresource?: string;
	/** '' for cluster scope and for requests across all namespaces. */
	readonly namespace?: string;
	readonly name?: string;
	readonly objectKind?: string;
	readonly uid?: string;
	/** URL path without query, only where it is not a resource's. */
	readonly path?: string;
	/** Query string as on the wire, without `?`. */
	readonly query?: string;
	/** ResourceVersion the request carried (precondition or body), or the event's object's previous one. */
	readonly resourceVersionBefore?: string;
	/** ResourceVersion of the object in the response or event. */
	readonly resourceVersion?: string;
	/** List's or bookmark's resourceVersion. */
	readonly collectionResourceVersion?: string;
	readonly generation?: number;
	readonly controllerUid?: string;
	/** Everything of the user agent up to the first space (audit logs: the pod's uid where known). */
	readonly process: string;
	/** Who in that process: see design, *actor*. */
	readonly actor: string;
	readonly userAgent?: string;
	readonly user?: string;
	readonly fieldManager?: string;
	readonly patchType?: string;
	readonly preconditions?: Preconditions;
	readonly status?: number;
	readonly reason?: string;
	readonly message?: string;
	readonly auditId?: string;
	/** Which life of the process, from 1. */
	readonly epoch?: number;
	/** An event's watch request, by sequence number. */
	readonly stream?: number;
	/** The write whose version an event carries, by sequence number: exact. */
	readonly cause?: number;
	/** Exact reconcile id, where the operator marked it. */
	readonly reconcile?: string;
	readonly connection?: string;
	readonly arrivedAt: bigint;
	readonly sentAt?: bigint;
	readonly responseStartedAt?: bigint;
	readonly endedAt?: bigint;
	/** The recorder's own wait, ns. */
	readonly ownWait?: bigint;
	/** How far the times may be off, ns. */
	readonly uncertainty?: bigint;
	readonly end?: EndKind;
	readonly requestContentType?: string;
	readonly responseContentType?: string;
	/** Bytes on the wire after content-encoding was undone. */
	readonly requestSize?: number;
	readonly responseSize?: number;
	/** Headers, by number of the session's header blocks; read with `readHeaders`. */
	readonly hasHeaders: boolean;
	readonly requestBody?: BodyNumber;
	/** Response body; for an event the object it carries. */
	readonly responseBody?: BodyNumber;
	/** 64-bit semantic hashes of the object after this operation, 16 hex digits: without and with the noise mask. */
	readonly hx?: string;
	readonly hm?: string;
	/** Field paths this operation changed (`spec.replicas`, `metadata.labels["a.b/c"]`), at most `maximumChangedPaths`. */
	readonly changed?: readonly string[];
	readonly flags: ReadonlySet<OperationFlag>;
	/** 128 bits, hex: content of this operation chained to the one before. */
	readonly hash?: string;
};

/** What is known only when a request's response ends. Set fields replace the operation's; the rest stays. */
export type OperationCompletion = Partial<Omit<Operation, 'sequence' | 'kind' | 'hash' | 'hasHeaders'>> & {
	readonly sequence: number;
};

export const maximumChangedPaths = 64;

const writeVerbs: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

export const isWriteVerb = (verb: string): boolean => writeVerbs.has(verb);

/** Statuses and event types a person looks for with `e`: refused requests, broken exchanges, ERROR events. */
export const isError = (operation: Operation): boolean =>
	(operation.status !== undefined && operation.status >= 400)
	|| operation.verb === 'ERROR'
	|| operation.end === 'transport-error';
