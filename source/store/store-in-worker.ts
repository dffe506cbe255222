import {strict as assert} from 'node:assert';
import {Worker} from 'node:worker_threads';
import {exitCodes, KubestepError} from '../model/kubestep-error.js';
import type {OpenStoreOptions} from './open-store.js';
import type {
	RemoteMethod,
	RemoteStore,
	StoreAnswer,
	StoreCall,
	StoreWorkerData,
} from './worker-calls.js';

/** The heap of the thread, MiB: it holds one batch and the bodies others are compressed against. */
const resourceLimits = {maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 12};

type Waiting = {readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void};

/** Calls methods of the store in the thread; each promise settles with its answer. */
const createCaller = (worker: Worker): ((method: RemoteMethod, values: readonly unknown[]) => Promise<unknown>) => {
	const waiting = new Map<number, Waiting>();
	let last = 0;
	let failure: KubestepError | undefined;
	worker.on('message', (answer: StoreAnswer) => {
		const caller = waiting.get(answer.id);
		assert.ok(caller !== undefined, 'an answer to a call');
		assert.ok(answer.id <= last, 'no answer comes before its call');
		waiting.delete(answer.id);
		if ('error' in answer) {
			caller.reject(new KubestepError(answer.error.message, answer.error.exitCode));
		} else {
			caller.resolve(answer.value);
		}
	});
	worker.on('error', error => {
		failure = new KubestepError(`the thread that writes the store failed: ${error instanceof Error ? error.message : String(error)}`, exitCodes.internal, {cause: error});
		for (const {reject} of waiting.values()) {
			reject(failure);
		}

		waiting.clear();
		assert.equal(waiting.size, 0, 'every caller was told');
	});
	return async (method, values) => new Promise((resolve, reject) => {
		last += 1;
		assert.ok(!waiting.has(last), 'a number for each call');
		if (failure !== undefined) {
			reject(failure);
			return;
		}

		waiting.set(last, {resolve, reject});
		worker.postMessage({id: last, method, values} satisfies StoreCall);
	});
};

/**
A store for writing whose work is done in a thread of its own: a batch is compressed and written while the next is made. `write` resolves when the batch before it is stored, so that one is under way at most; an error
of a write comes with the next call. `thread` is the built store-worker.js.

@throws KubestepError as `openStore` does; no thread is left then.
*/
export const openStoreInWorker = async (thread: URL, locator: string, options: OpenStoreOptions): Promise<RemoteStore> => {
	assert.ok(locator !== '', 'a store has a name');
	assert.equal(options.mode, 'write', 'readers need no thread');
	assert.equal(thread.protocol, 'file:', 'the thread is a file of ours');
	const worker = new Worker(thread, {workerData: {locator, options} satisfies StoreWorkerData, resourceLimits});
	const call = createCaller(worker);
	try {
		// The first answer tells whether the store could be opened.
		await call('listSessions', []);
	} catch (error) {
		await worker.terminate();
		throw error;
	}

	let writing: Promise<unknown> = Promise.resolve();
	const after = async (method: RemoteMethod, values: readonly unknown[]): Promise<unknown> => {
		await writing;
		return call(method, values);
	};

	return {
		locator,
		async write(session, batch) {
			await writing;
			writing = call('write', [session, batch]);
			// It is looked at by the next call; until then it is not unhandled.
			writing.catch(() => undefined);
		},
		async createSession(session) {
			await after('createSession', [session]);
		},
		listSessions: async () => after('listSessions', []) as ReturnType<RemoteStore['listSessions']>,
		getSession: async id => after('getSession', [id]) as ReturnType<RemoteStore['getSession']>,
		async deleteSession(id) {
			// A failed import is taken back: what its last write met is known by now.
			await writing.catch(() => undefined);
			await call('deleteSession', [id]);
		},
		async close() {
			try {
				await writing;
			} finally {
				try {
					await call('close', []);
				} finally {
					await worker.terminate();
				}
			}
		},
	};
};
