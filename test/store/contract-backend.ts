import type {OpenStoreOptions} from '../../source/store/open-store.js';
import type {OperationStore, WriteBatch} from '../../source/store/operation-store.js';

/** A place of its own for one test, at which a store can be opened several times. */
export type ContractPlace = {
	open(mode: OpenStoreOptions['mode']): Promise<OperationStore>;
	/** Closes what is open, and removes it all. */
	dispose(): Promise<void>;
};

/** A backend of `OperationStore`, for the contract tests. */
export type ContractBackend = {
	readonly name: string;
	createPlace(): Promise<ContractPlace>;
};

export const batchWith = (parts: Partial<WriteBatch>): WriteBatch => ({
	bodies: [], operations: [], completions: [], versions: [], gaps: [], ...parts,
});

/** Runs a test in a place of its own. */
export const inPlace = async (backend: ContractBackend, test: (place: ContractPlace) => Promise<void>): Promise<void> => {
	const place = await backend.createPlace();
	try {
		await test(place);
	} finally {
		await place.dispose();
	}
};
