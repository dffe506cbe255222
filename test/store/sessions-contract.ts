import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {NewBody, OperationStore} from '../../source/store/operation-store.js';
import {operationWith, sessionWith, versionWith} from './arbitrary-session.js';
import {batchWith, type ContractBackend, inPlace} from './contract-backend.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const deployment = (name: string, version: number): Uint8Array => text(`${JSON.stringify({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: {
		name, namespace: 'default', resourceVersion: String(version), labels: {app: name, tier: 'a-rather-long-label-value-that-repeats'}, generation: version,
	},
	spec: {replicas: version % 5, template: {spec: {containers: [{name: 'nginx', image: 'registry.example/nginx:1.2.3', terminationMessagePath: '/dev/termination-log'}]}}},
})}\n`);

const listIds = async (store: OperationStore): Promise<readonly string[]> => {
	const sessions = await store.listSessions();
	return sessions.map(({id}) => id);
};

/** Bodies as plain arrays of bytes, whatever kind the store gave. */
const readPlain = async (store: OperationStore, session: string, numbers: readonly number[]): Promise<readonly Uint8Array[]> => {
	const bodies = await store.readBodies(session, numbers);
	return bodies.map(body => new Uint8Array(body));
};

const testSessions = (backend: ContractBackend): void => {
	test('a session comes back as it was created, and as it was changed', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			const gap = {
				from: 3, to: 4, operations: 17, bytes: 1000, reason: 'the store was slow',
			};
			const session = sessionWith({
				facts: {server: 'https://example', constructor: 'x'}, parent: 's0', durationNs: 9_007_199_254_740_993n, capabilities: [], gaps: [gap],
			});
			await store.createSession(session);
			expect(await store.getSession('s1')).toEqual(session);
			const changes = {
				operations: 3, requests: 2, events: 1, open: false, durationNs: 5n, facts: {['__proto__']: 'own', b: '2'}, redacted: false, startedAt: session.startedAt + 1,
			};
			const late = {...gap, from: 9, to: 9};
			await store.write('s1', batchWith({session: changes, gaps: [late]}));
			expect(await store.getSession('s1')).toEqual({...session, ...changes, gaps: [gap, late]});
			expect(await store.listSessions()).toHaveLength(1);
		});
	});

	test('a name that exists is refused; one that does not exist is an error that lists those that do', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await expect(store.getSession('nobody')).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining('no session yet') as string});
			await store.createSession(sessionWith({id: 'one'}));
			await store.createSession(sessionWith({id: 'two'}));
			await expect(store.createSession(sessionWith({id: 'one'}))).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining('exists already') as string});
			for (const ask of [store.getSession('three'), store.queryOperations({session: 'three', limit: 1}), store.write('three', batchWith({})), store.readBody('three', 1)]) {
				await expect(ask).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining('one, two') as string});
			}

			expect(await listIds(store)).toEqual(['one', 'two']);
		});
	});

	test('sessions in one place do not know of each other, and one that is deleted takes nothing of another with it', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			const operation = operationWith({
				sequence: 1, group: 'apps', resource: 'deployments', namespace: 'default', name: 'web', message: 'shared', requestBody: 1, uid: versionWith({number: 1, step: 1}).key.uid,
			});
			for (const id of ['one', 'two', 'three']) {
				await store.createSession(sessionWith({id}));
				await store.write(id, batchWith({
					bodies: [{number: 1, bytes: deployment(id, 1), chain: 'apps/deployments\0default/web'}],
					operations: [{operation, requestHeaders: [['X-Session', id]]}],
					versions: [versionWith({number: 1, step: 1})],
				}));
				await store.saveMark(id, {letter: 'a', step: 1});
			}

			await store.deleteSession('two');
			expect(await listIds(store)).toEqual(['one', 'three']);
			await store.createSession(sessionWith({id: 'two', startedAt: 0}));
			expect(await store.queryOperations({session: 'two', limit: 5})).toEqual([]);
			expect(await store.queryVersions({session: 'two', at: 5, limit: 5})).toEqual([]);
			expect(await store.listMarks('two')).toEqual([]);
			await expect(store.readBody('two', 1)).rejects.toMatchObject({exitCode: 3});
			for (const id of ['one', 'three']) {
				expect(await store.queryOperations({session: id, limit: 5})).toEqual([{...operation, hasHeaders: true}]);
				expect(await store.queryVersions({session: id, at: 1, limit: 5})).toEqual([versionWith({number: 1, step: 1})]);
				expect(new Uint8Array(await store.readBody(id, 1))).toEqual(deployment(id, 1));
				expect(await store.readHeaders(id, 1)).toEqual({request: [['X-Session', id]], response: []});
				expect(await store.listMarks(id)).toEqual([{letter: 'a', step: 1}]);
			}
		});
	});

	test('breakpoints and marks are kept, replaced by id and letter, and survive a closed store', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const pattern = {
				verb: 'update', resource: 'deployments', status: '4xx', condition: 'object.spec.replicas == 9',
			};
			await store.saveBreakpoint('s1', {id: 2, enabled: true, pattern: {}});
			await store.saveBreakpoint('s1', {id: 1, enabled: true, pattern});
			await store.saveBreakpoint('s1', {id: 2, enabled: false, pattern: {name: 'web'}});
			await store.saveBreakpoint('s1', {id: 3, enabled: false, pattern: {}});
			await store.deleteBreakpoint('s1', 3);
			await store.saveMark('s1', {letter: 'b', step: 4});
			await store.saveMark('s1', {letter: 'a', step: 1});
			await store.saveMark('s1', {letter: 'b', step: 5});
			await store.close();
			for (const mode of ['read', 'write'] as const) {
				const again = await place.open(mode);
				expect(await again.listBreakpoints('s1')).toEqual([{id: 1, enabled: true, pattern}, {id: 2, enabled: false, pattern: {name: 'web'}}]);
				expect(await again.listMarks('s1')).toEqual([{letter: 'a', step: 1}, {letter: 'b', step: 5}]);
				await again.close();
			}
		});
	});
};

const testBodies = (backend: ContractBackend): void => {
	test('every body comes back byte for byte, whatever it resembles, in any order', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let session = 0;
			const chain = fc.constantFrom('apps/deployments\0default/web', 'apps/deployments\0default/db', '/pods\0default/web', '/pods:status', 'apps/deployments:Deployment/default/web', '');
			const bytes = fc.oneof(
				fc.uint8Array({minLength: 1, maxLength: 60}),
				fc.tuple(fc.constantFrom('web', 'db'), fc.integer({min: 1, max: 40})).map(([name, version]) => deployment(name, version)),
				fc.string({minLength: 1, maxLength: 3000}).map(value => text(`k8s\0${value}`)),
				fc.uint8Array({minLength: 400, maxLength: 3000, size: 'max'}),
			);
			const lists = fc.array(fc.record({chain, bytes}), {minLength: 1, maxLength: 60});
			await fc.assert(fc.asyncProperty(lists, async list => {
				session += 1;
				const id = `bodies-${session}`;
				const bodies: readonly NewBody[] = list.map((body, index) => ({...body, number: index + 1}));
				await store.createSession(sessionWith({id}));
				await store.write(id, batchWith({bodies: bodies.slice(0, 20)}));
				await store.write(id, batchWith({bodies: bodies.slice(20)}));
				for (const {number, bytes: expected} of bodies.toReversed()) {
					expect(new Uint8Array(await store.readBody(id, number))).toEqual(expected);
				}

				const numbers = bodies.map(({number}) => number);
				expect(await readPlain(store, id, numbers)).toEqual(bodies.map(one => one.bytes));
			}), {numRuns: 60});
		});
	});

	test('thousands of versions of one object take a small part of their bytes, and are read in any order', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const before = await store.sizes('s1');
			const bodies = Array.from({length: 5000}, (_, index) => ({number: index + 1, bytes: deployment('web', index), chain: 'apps/deployments\0default/web'}));
			await store.write('s1', batchWith({bodies}));
			await store.close();
			const again = await place.open('read');
			const raw = bodies.reduce((sum, {bytes}) => sum + bytes.length, 0);
			const after = await again.sizes('s1');
			expect(after.fileBytes - before.fileBytes).toBeLessThan(raw * 0.15);
			for (const number of [5000, 1, 2500, 4999, 77]) {
				expect(new Uint8Array(await again.readBody('s1', number))).toEqual(bodies[number - 1]!.bytes);
			}
		});
	});

	test('a body of 64 MiB comes back, and one that nobody wrote is an error', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const noise = randomBytes(1024 * 1024);
			const large = new Uint8Array(64 * 1024 * 1024);
			for (let start = 0; start < large.length; start += noise.length * 2) {
				large.set(noise, start);
			}

			const medium = large.slice(0, 2 * 1024 * 1024);
			const bodies = [medium, large, medium.slice(1)].map((bytes, index) => ({number: index + 1, bytes, chain: '/pods:List'}));
			await store.write('s1', batchWith({bodies}));
			expect(Buffer.compare(await store.readBody('s1', 2), large)).toBe(0);
			expect(Buffer.compare(await store.readBody('s1', 3), medium.subarray(1))).toBe(0);
			await expect(store.readBody('s1', 4)).rejects.toMatchObject({exitCode: 3});
		});
	});
};

const testFaults = (backend: ContractBackend): void => {
	test('of a batch with a bad row nothing is stored, and the store goes on', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			const body = (number: number): NewBody => ({number, bytes: deployment('web', number), chain: 'apps/deployments\0default/web'});
			const good = batchWith({
				bodies: [body(1), body(2)],
				operations: [{operation: operationWith({sequence: 1, message: 'm', namespace: 'n'}), requestHeaders: [['A', 'b']]}],
				versions: [versionWith({number: 1, step: 1})],
				gaps: [{
					from: 1, to: 1, operations: 1, bytes: 1, reason: 'r',
				}],
				session: {operations: 1},
			});
			for (const bad of [
				{...good, completions: [{completion: {sequence: 77, status: 200}}]},
				{...good, operations: [...good.operations, ...good.operations]},
				{...good, versions: [...good.versions, versionWith({number: 2, step: 5, until: 3})]},
				{...good, bodies: [...good.bodies, body(1)]},
			]) {
				await expect(store.write('s1', bad)).rejects.toThrow();
				expect(await store.queryOperations({session: 's1', limit: 5})).toEqual([]);
				expect(await store.queryVersions({session: 's1', limit: 5})).toEqual([]);
				expect(await store.getSession('s1')).toEqual(sessionWith());
				await expect(store.readBody('s1', 1)).rejects.toMatchObject({exitCode: 3});
			}

			await store.write('s1', good);
			await store.write('s1', batchWith({bodies: [body(3)]}));
			expect(await store.queryOperations({session: 's1', limit: 5})).toEqual([{...good.operations[0]!.operation, hasHeaders: true}]);
			expect(await store.readHeaders('s1', 1)).toEqual({request: [['A', 'b']], response: []});
			expect(await store.queryVersions({session: 's1', at: 1, limit: 5})).toEqual(good.versions);
			expect(await readPlain(store, 's1', [1, 2, 3])).toEqual([1, 2, 3].map(number => deployment('web', number)));
		});
	});

	test('a reader beside a writer sees each batch once it is written, and can tell by the data version', async () => {
		await inPlace(backend, async place => {
			const writer = await place.open('write');
			await writer.createSession(sessionWith());
			const reader = await place.open('read');
			const before = await reader.dataVersion();
			expect(await reader.queryOperations({session: 's1', limit: 5})).toEqual([]);
			expect(await reader.dataVersion()).toBe(before);
			await writer.insertOperations('s1', [{operation: operationWith({sequence: 1, name: 'later'})}]);
			expect(await reader.dataVersion()).not.toBe(before);
			expect(await reader.queryOperations({session: 's1', limit: 5})).toEqual([operationWith({sequence: 1, name: 'later'})]);
			await writer.completeOperation('s1', {completion: {sequence: 1, status: 409}});
			expect(await reader.countOperations({session: 's1', filter: {type: 'error'}})).toBe(1);
			await expect(reader.insertOperations('s1', [])).rejects.toMatchObject({exitCode: 5});
			await writer.close();
			expect(await reader.countOperations({session: 's1'})).toBe(1);
		});
	});

	test('a closed store answers with an error, not with a crash', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			await store.createSession(sessionWith());
			await store.close();
			await expect(store.listSessions()).rejects.toMatchObject({exitCode: 5, message: expect.stringContaining('closed') as string});
			await expect(store.getOperation('s1', 1)).rejects.toMatchObject({exitCode: 5});
		});
	});

	test('no method answers, or fails, in the same tick', async () => {
		await inPlace(backend, async place => {
			const store = await place.open('write');
			let isAnswered = false;
			const failing = store.getSession('nobody').catch(() => {
				isAnswered = true;
			});
			expect(isAnswered).toBe(false);
			await failing;
			expect(isAnswered).toBe(true);
		});
	});
};

/** What every backend must do with sessions, bodies, and when things go wrong. */
export const testSessionsAndBodies = (backend: ContractBackend): void => {
	testSessions(backend);
	testBodies(backend);
	testFaults(backend);
};
