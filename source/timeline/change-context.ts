import type {Operation} from '../model/operation.js';
import type {OperationStore} from '../store/operation-store.js';
import type {KnownVersions} from './known-versions.js';
import type {ObjectReader} from './object-decoding.js';
import type {OperationBodies} from './operation-bodies.js';
import type {StateReader} from './state.js';

/** What it takes to say what a step did. */
export type ChangeContext = {
	readonly store: OperationStore;
	readonly session: string;
	readonly state: StateReader;
	readonly reader: ObjectReader;
	readonly bodies: OperationBodies;
	readonly known: KnownVersions;
	operation(step: number): Promise<Operation | undefined>;
};

/** Version rows of one step that are read: a list can bring many. */
export const maximumEntered = 10_000;
