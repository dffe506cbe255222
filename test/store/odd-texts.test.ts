import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, expect, test} from 'vitest';
import type {Operation} from '../../source/model/operation.js';
import {openStore} from '../../source/store/open-store.js';
import type {OperationStore} from '../../source/store/operation-store.js';

const directory = mkdtempSync(path.join(tmpdir(), 'kubestep-test-'));
let count = 0;

afterEach(() => {
	rmSync(path.join(directory, `${count}.db`), {force: true});
});

const emptyStore = async (): Promise<OperationStore> => {
	count++;
	const store = await openStore(path.join(directory, `${count}.db`), {mode: 'write'});
	await store.createSession({
		id: 's', source: 'har', startedAt: 0, origin: 'made', capabilities: [], redacted: false, parent: undefined, gaps: [],
		open: true, operations: 0, requests: 0, events: 0, durationNs: 0n, facts: {},
	});
	return store;
};

const operation = (sequence: number, changes: Partial<Operation>): Operation => ({
	sequence, kind: 'request', verb: 'get', process: 'p', actor: 'a', arrivedAt: 0n, hasHeaders: false, flags: new Set(), ...changes,
});

test('a date near 1970 among the request\'s headers comes back as it was', async () => {
	const store = await emptyStore();
	const headers = [['If-Modified-Since', 'Thu, 01 Jan 1970 00:00:05 GMT']] as const;
	await store.insertOperations('s', [{operation: operation(1, {path: '/version', hasHeaders: true}), requestHeaders: headers}]);
	expect(await store.readHeaders('s', 1)).toEqual({request: headers, response: []});
	await store.close();
});

test('texts with NUL in them stay two texts: no operation takes another\'s actor', async () => {
	const store = await emptyStore();
	await store.insertOperations('s', [
		{
			operation: operation(1, {
				path: '/version', process: 'x', actor: 'y', userAgent: 'u\0=v',
			}),
		},
		{
			operation: operation(2, {
				path: '/version', process: 'x', actor: 'y', userAgent: 'u', user: 'v',
			}),
		},
	]);
	expect(await store.getOperation('s', 1)).toMatchObject({userAgent: 'u\0=v'});
	expect(await store.getOperation('s', 2)).toMatchObject({userAgent: 'u', user: 'v'});
	await store.close();
});
