import type {OperationStore} from '../store/operation-store.js';
import type {Timeline} from './timeline-types.js';

/**
Opens a session's timeline.

@throws KubestepError usage when the store holds no such session, or several and none is named (it lists them).
*/
export declare function openTimeline(store: OperationStore, session?: string): Promise<Timeline>;
