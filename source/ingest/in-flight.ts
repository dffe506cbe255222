import type {RequestFacts} from './arriving-request.js';
import type {Draft} from './draft.js';
import type {ListScope} from './list-scope.js';
import type {ResourceState} from './resources.js';
import type {TakenBody} from './body-intake.js';

/** What was known of a request's object when it arrived. */
export type KnownHead = {
	readonly uid: string;
	readonly resourceVersion: string | undefined;
	readonly storageEpoch: number;
	readonly seenAt: bigint;
};

/** A watch that is open. */
export type WatchState = {
	/** A DELETED event of it ends the object (design: rule 4). */
	readonly seesDeletions: boolean;
	readonly scope: ListScope | undefined;
	/** Uids among its initial events, until the bookmark that ends them; undefined: it sends none, or they are over. */
	initial: Set<string> | undefined;
};

/** A request whose response has not ended. */
export type InFlight = {
	readonly draft: Draft;
	readonly facts: RequestFacts;
	/** Undefined: a non-resource URL. */
	readonly resource: ResourceState | undefined;
	readonly head: KnownHead | undefined;
	readonly watch: WatchState | undefined;
	readonly requestBody: TakenBody | undefined;
	readonly uncertainty: bigint;
};
