import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {openStore} from '../../source/store/open-store.js';
import type {OperationStore} from '../../source/store/operation-store.js';
import type {ContractBackend} from './contract-backend.js';

/** A directory of one test, removed after it. */
export const inDirectory = async <Result>(test: (directory: string) => Promise<Result>): Promise<Result> => {
	const directory = await mkdtemp(path.join(os.tmpdir(), 'kubestep-test-'));
	try {
		return await test(directory);
	} finally {
		await rm(directory, {recursive: true, force: true});
	}
};

export const sqliteBackend: ContractBackend = {
	name: 'SQLite',
	async createPlace() {
		const directory = await mkdtemp(path.join(os.tmpdir(), 'kubestep-test-'));
		const opened: OperationStore[] = [];
		return {
			async open(mode) {
				const store = await openStore(path.join(directory, 'session.db'), {mode});
				opened.push(store);
				return store;
			},
			async dispose() {
				for (const store of opened) {
					await store.close().catch(() => undefined);
				}

				await rm(directory, {recursive: true, force: true});
			},
		};
	},
};
