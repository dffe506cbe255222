import type {OperationStore} from './operation-store.js';

export type OpenStoreOptions = {
	/** `read`: must exist, never written but for breakpoints and marks where the medium allows. `write`: created when absent. */
	readonly mode: 'read' | 'write';
};

/**
Opens a store by its locator: a file path is SQLite, `mongodb://…` is MongoDB.
@throws KubestepError one clear line: missing file, directory, not a session file, damaged, newer schema version, …
*/
export declare function openStore(locator: string, options: OpenStoreOptions): Promise<OperationStore>;
