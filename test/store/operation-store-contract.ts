import {describe} from 'vitest';
import type {ContractBackend} from './contract-backend.js';
import {testOperations} from './operations-contract.js';
import {testSessionsAndBodies} from './sessions-contract.js';
import {testVersions} from './versions-contract.js';

/** What every backend of `OperationStore` must do: run over each of them. */
export const describeOperationStore = (backend: ContractBackend): void => {
	describe(`operation store on ${backend.name}`, () => {
		testOperations(backend);
		testVersions(backend);
		testSessionsAndBodies(backend);
	});
};
