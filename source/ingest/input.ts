import type {EndKind, HeaderLines} from '../model/operation.js';

/** A request at the moment it arrived, as a source saw it. Times are ns since the session's start. */
export type ArrivedRequest = {
	readonly at: bigint;
	readonly method: string;
	/** Path and query as on the wire. */
	readonly url: string;
	readonly headers: HeaderLines;
	/** As on the wire; content-encoding is undone by ingest. Undefined: no body, or the source cannot see it. */
	readonly body?: Uint8Array;
	/** Set when the source cut the body. */
	readonly bodyTruncated?: boolean;
	readonly connection?: string;
	/** Facts a source knows otherwise than from headers (audit logs). */
	readonly user?: string;
	readonly userAgent?: string;
	readonly process?: string;
	readonly auditId?: string;
	/** Verb and object as the source states them, where the URL alone does not say (the Go KubeStep's rows, audit's generateName). */
	readonly stated?: {
		readonly verb?: string; readonly group?: string; readonly version?: string; readonly resource?: string; readonly subresource?: string;
		readonly namespace?: string; readonly name?: string; readonly uid?: string;
	};
	readonly reconcile?: string;
	readonly uncertainty?: bigint;
	readonly synthetic?: boolean;
};

/** The end of a request's response. A watch's events were delivered one by one before. */
export type EndedResponse = {
	readonly at: bigint;
	readonly sentAt?: bigint;
	readonly responseStartedAt?: bigint;
	/** Undefined: no answer. */
	readonly status?: number;
	readonly headers: HeaderLines;
	readonly body?: Uint8Array;
	readonly bodyTruncated?: boolean;
	readonly end: EndKind;
	/** Status object of an audit log that lacks the body. */
	readonly reason?: string;
	readonly message?: string;
	readonly ownWait?: bigint;
};

/** One whole watch event, delivered to the client at `at` (its last byte). */
export type DeliveredEvent = {
	readonly at: bigint;
	/** Event type on the wire: ADDED, MODIFIED, DELETED, BOOKMARK, ERROR. */
	readonly type: string;
	/**
	The object's own bytes, self-contained: JSON text ending in one newline, or protobuf with its envelope; so that it is byte for byte the body a
	response with this object has. With `wholeFrame` it is the frame as it came.
	*/
	readonly object: Uint8Array;
	readonly wholeFrame: boolean;
	readonly synthetic?: boolean;
};
