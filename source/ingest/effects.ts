import type {Operation, OperationFlag} from '../model/operation.js';
import type {TakenBody} from './body-intake.js';
import type {IngestContext} from './ingest-context.js';
import type {InFlight} from './in-flight.js';
import type {ResourceState} from './resources.js';

/** What a response that ended well brings: enough to work out its effect. */
export type EndedRequest = {
	readonly context: IngestContext;
	readonly flight: InFlight;
	readonly resource: ResourceState;
	readonly body: TakenBody | undefined;
	readonly status: number;
	readonly at: bigint;
};

/** Columns an effect fills in. Flags are added to the request's own. */
export type EffectColumns = Partial<Pick<
	Operation,
	'uid' | 'name' | 'namespace' | 'resourceVersion' | 'collectionResourceVersion' | 'generation' | 'controllerUid' | 'objectKind' | 'hx' | 'hm' | 'changed' | 'cause'
>> & {readonly flag?: OperationFlag};
