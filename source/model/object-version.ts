import type {BodyNumber} from './operation.js';
import type {ObjectKey} from './object-key.js';

/**
One state of one object (design: *object version* and *What enters the state, and when*).

- `whole`: a full body of the resource's own kind.
- `metadata`: a PartialObjectMetadata: metadata is new, the rest is as of `rest`.
- `end`: the uid ended at this step (deleted, or absent from a complete list); it has no body.
*/
export type VersionKind = 'whole' | 'metadata' | 'end';

export type ObjectVersion = {
	/** Number of the version row in its session, given by ingest: 1, 2, …; stable when the row is updated. */
	readonly number: number;
	readonly key: ObjectKey;
	readonly kind: VersionKind;
	readonly apiVersion: string;
	readonly objectKind: string;
	/** Undefined for an end whose version nobody was told. */
	readonly resourceVersion?: string;
	/** The step at which it entered the state. */
	readonly step: number;
	/**
	It is the object's state at steps `step` … `until - 1`; undefined: to the end. `until === step` is a version that never was the state
	(an older one that arrived late). The intervals of one object never overlap.
	*/
	readonly until?: number;
	/** A restored etcd starts a new one; from 1. */
	readonly storageEpoch: number;
	/** Self-contained body (JSON, or protobuf with its envelope) of the object, or of its PartialObjectMetadata. */
	readonly body?: BodyNumber;
	/** For `metadata`: the whole version the rest is taken from. */
	readonly rest?: {readonly resourceVersion?: string; readonly step: number; readonly body: BodyNumber};
	/** The body came from a redacted operation. */
	readonly redacted: boolean;
	readonly hx?: string;
	readonly hm?: string;
	readonly generation?: number;
	readonly controllerUid?: string;
};
