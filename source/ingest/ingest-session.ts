import type {Session} from '../model/session.js';
import type {OperationStore} from '../store/operation-store.js';
import type {ArrivedRequest, DeliveredEvent, EndedResponse} from './input.js';

export type IngestOptions = {
	readonly store: OperationStore;
	readonly session: Omit<Session, 'operations' | 'requests' | 'events' | 'durationNs' | 'gaps' | 'open' | 'redacted'>;
	/** Replace secret values by equality-preserving tokens; default true. */
	readonly redact: boolean;
	/** Key of the tokens; default: random, in memory only. */
	readonly redactKey?: Uint8Array;
	/** Operations per store transaction. */
	readonly batchSize?: number;
};

/**
The way in of every operation of one session. Calls come in the order things happened: `arrive` gives the next sequence number,
`deliver` the event's, `end` completes a request (a write's effect enters the state at the step of its arrival). They never wait; the caller awaits
`drain()` when `needsDrain` is true, which is the back-pressure. `finish()` flushes, closes the session and seals its hash chain.
*/
export type IngestSession = {
	arrive(request: ArrivedRequest): number;
	deliver(stream: number, event: DeliveredEvent): number;
	end(sequence: number, response: EndedResponse): void;
	/** Operations the source lost between the last and the next step. */
	gap(lost: {readonly operations: number; readonly bytes: number; readonly reason: string}): void;
	readonly needsDrain: boolean;
	drain(): Promise<void>;
	finish(changes?: {readonly facts?: Readonly<Record<string, string>>}): Promise<Session>;
};

/** Creates the session (refused when its id exists) and opens its way in. */
export declare function openIngest(options: IngestOptions): Promise<IngestSession>;
