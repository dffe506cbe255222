import {strict as assert} from 'node:assert';
import {usageError} from '../model/kubestep-error.js';
import type {OperationStore} from './operation-store.js';

export type OpenStoreOptions = {
	/** `read`: must exist, never written but for breakpoints and marks where the medium allows. `write`: created when absent. */
	readonly mode: 'read' | 'write';
};

/**
Opens a store by its locator: a file path is SQLite, `mongodb://…` is MongoDB.
@throws KubestepError one clear line: missing file, directory, not a session file, damaged, newer schema version, …
*/
export async function openStore(locator: string, options: OpenStoreOptions): Promise<OperationStore> {
	if (locator === '') {
		throw usageError('the name of the session file is empty: name a file, like ./recordings.db');
	}

	if (/^mongodb(?:\+srv)?:\/\//v.test(locator)) {
		throw usageError('MongoDB storage is not part of this version');
	}

	// Loaded when needed: other backends need not load it.
	const {openSqliteStore} = await import('./sqlite/open-sqlite-store.js');
	const store = openSqliteStore(locator, options);
	assert.equal(store.locator, locator, 'a store is known by the name it was opened with');
	assert.ok(options.mode === 'read' || !store.readonly, 'what was opened for writing can be written');
	return store;
}
