import {strict as assert} from 'node:assert';
import {parentPort, workerData} from 'node:worker_threads';
import {exitCodes, KubestepError} from '../model/kubestep-error.js';
import {openStore} from './open-store.js';
import type {StoreAnswer, StoreCall, StoreWorkerData} from './worker-calls.js';

/*
The thread of store-in-worker.ts: opens the store and answers calls, one after the other in the order they came.
*/

const port = parentPort;
assert.ok(port !== null, 'runs in a worker thread');
const {locator, options} = workerData as StoreWorkerData;

const answerTo = async (opened: ReturnType<typeof openStore>, {id, method, values}: StoreCall): Promise<StoreAnswer> => {
	assert.ok(id > 0, 'calls are numbered from 1');
	try {
		const store = await opened;
		const call = store[method] as (...parameters: readonly unknown[]) => Promise<unknown>;
		return {id, value: await call(...values)};
	} catch (error) {
		const exitCode = error instanceof KubestepError ? error.exitCode : exitCodes.internal;
		return {id, error: {message: error instanceof Error ? error.message : String(error), exitCode}};
	}
};

/** Answers calls one after the other; the chain of answers lives as long as the thread. */
const serve = (opened: ReturnType<typeof openStore>): ((call: StoreCall) => void) => {
	let last: Promise<unknown> = opened.catch(() => undefined);
	assert.ok(last instanceof Promise, 'the first call waits for the store');
	return call => {
		last = last.then(async () => {
			port.postMessage(await answerTo(opened, call));
		});
	};
};

port.on('message', serve(openStore(locator, options)));
