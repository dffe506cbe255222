import {Buffer} from 'node:buffer';
import process from 'node:process';
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {openIngest} from '../../source/ingest/ingest-session.js';
import type {OperationStore, WriteBatch} from '../../source/store/operation-store.js';
import {createMemoryStore} from '../support/memory-store.js';
import {
	collection,
	configMap,
	configMapList,
	openTraffic,
} from '../support/made-traffic.js';

const a = {name: 'a', uid: 'uid-a'};

test('a request that ends in the batch it arrived in is one insert; one that ends later is completed', async () => {
	const traffic = await openTraffic();
	const quick = traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({...a, rv: '5'})});
	const slow = traffic.arrive('GET', `${collection}/a`);
	await traffic.ingest.drain();
	traffic.end(slow, 200, configMap({...a, rv: '5'}));
	const store = await traffic.finish();
	expect(store.batches[0]!.operations.map(({operation}) => [operation.sequence, operation.status])).toEqual([[quick, 200], [slow, undefined]]);
	expect(store.batches[0]!.completions).toEqual([]);
	expect(store.batches[1]!.completions.map(({completion}) => completion.sequence)).toEqual([slow]);
	expect(store.operations.get(slow)?.status).toBe(200);
	// Both answers are the same bytes.
	expect(store.bodies.size).toBe(1);
	expect(store.session).toMatchObject({
		open: false, operations: 2, requests: 2, events: 0,
	});
});

test('it asks to be drained when a batch is full, and writes nothing when nothing waits', async () => {
	const traffic = await openTraffic({batchSize: 2});
	traffic.arrive('GET', `${collection}/a`);
	expect(traffic.ingest.needsDrain).toBe(false);
	traffic.arrive('GET', `${collection}/b`);
	expect(traffic.ingest.needsDrain).toBe(true);
	await traffic.ingest.drain();
	await traffic.ingest.drain();
	expect(traffic.ingest.needsDrain).toBe(false);
	expect(traffic.store.batches).toHaveLength(1);
	await traffic.finish();
});

test('a batch the store refused is written first by the next drain', async () => {
	const store = createMemoryStore();
	const write = store.write.bind(store);
	let isFull = true;
	const failing: OperationStore = Object.assign(Object.create(store) as OperationStore, {
		async write(session: string, batch: WriteBatch) {
			if (isFull) {
				throw new Error('disk full');
			}

			await write(session, batch);
		},
	});
	const ingest = await openIngest({
		store: failing, redact: false, session: {
			id: 's', source: 'proxy', startedAt: 0, origin: '', capabilities: [], parent: undefined, facts: {},
		},
	});
	ingest.arrive({
		at: 1n, method: 'GET', url: '/version', headers: [],
	});
	await expect(ingest.drain()).rejects.toThrow('disk full');
	ingest.arrive({
		at: 2n, method: 'GET', url: '/healthz', headers: [],
	});
	isFull = false;
	await ingest.drain();
	expect(store.operations.keys().toArray()).toEqual([1, 2]);
});

test('what never ended is completed as unknown at the end, and a gap stands between two steps', async () => {
	const traffic = await openTraffic();
	const request = traffic.arrive('GET', `${collection}/a`);
	traffic.ingest.gap({operations: 7, bytes: 700, reason: 'the store was slow'});
	const store = await traffic.finish();
	expect(store.operations.get(request)?.end).toBe('unknown');
	expect(store.session.gaps).toEqual([{
		from: 1, to: 2, operations: 7, bytes: 700, reason: 'the store was slow',
	}]);
	expect(store.session.facts.seal).toMatch(/^[\da-f]{32}$/v);
});

test('a body that differs changes the hash from its operation on, and the seal', async () => {
	const record = async (data: string) => {
		const traffic = await openTraffic();
		traffic.arrive('GET', '/version');
		const write = traffic.arrive('POST', collection, configMap({...a, rv: '', data}));
		traffic.arrive('GET', '/version');
		traffic.end(write, 201, configMap({...a, rv: '5', data}));
		return traffic.finish();
	};

	const [left, right, again] = [await record('x'), await record('y'), await record('x')];
	const hashes = (store: typeof left) => [1, 2, 3].map(step => store.operations.get(step)?.hash);
	expect(hashes(left)[0]).toBe(hashes(right)[0]);
	expect(hashes(left)[1]).not.toBe(hashes(right)[1]);
	expect(hashes(left)[2]).not.toBe(hashes(right)[2]);
	expect(hashes(again)).toEqual(hashes(left));
	expect(left.session.facts.seal).not.toBe(right.session.facts.seal);
	expect(again.session.facts.seal).toBe(left.session.facts.seal);
});

test('credentials in headers never reach the store, also without redaction', async () => {
	const traffic = await openTraffic({redact: false});
	traffic.arrive('GET', '/version', undefined, {headers: [['Authorization', 'Bearer abcdefgh12345678'], ['Cookie', 'session=abcdefgh12345678'], ['Accept', '*/*']]});
	const store = await traffic.finish();
	expect(JSON.stringify(store.requestHeaders.get(1))).not.toContain('abcdefgh12345678');
	expect(store.requestHeaders.get(1)).toContainEqual(['Accept', '*/*']);
});

test('with redaction a Secret\'s values are in no body, and its versions are marked', async () => {
	const traffic = await openTraffic({redact: true});
	const secret = {
		kind: 'Secret', apiVersion: 'v1', metadata: {
			name: 's', namespace: 'default', uid: 'uid-s', resourceVersion: '5',
		},
		data: {password: Buffer.from('correct horse battery').toString('base64')},
	};
	const read = traffic.ask('GET', '/api/v1/namespaces/default/secrets/s', {status: 200, body: secret});
	traffic.ask('GET', '/api/v1/namespaces/default/secrets', {
		status: 200, body: {
			kind: 'SecretList', apiVersion: 'v1', metadata: {resourceVersion: '9'}, items: [{metadata: secret.metadata, data: secret.data}, {metadata: {...secret.metadata, name: 't', uid: 'uid-t'}, data: secret.data}],
		},
	});
	const store = await traffic.finish();
	const texts = store.bodies.values().map(body => Buffer.from(body.bytes).toString()).toArray().join('\n');
	expect(texts).not.toContain(secret.data.password);
	expect(store.operations.get(read)?.flags).toContain('redacted');
	expect(store.versions.values().map(version => [version.key.name, version.redacted]).toArray()).toEqual([['s', true], ['t', true]]);
});

test('content-encoding is undone; a body that is not what its encoding says is kept and flagged', async () => {
	const traffic = await openTraffic();
	const body = Buffer.from(JSON.stringify(configMap({...a, rv: '5'})));
	const headers = [['Content-Type', 'application/json'], ['Content-Encoding', 'gzip']] as const;
	const [whole, broken, plain] = [1, 2, 3].map(() => traffic.arrive('GET', `${collection}/a`));
	traffic.end(whole!, 200, undefined, {headers, body: gzipSync(body)});
	traffic.end(broken!, 200, undefined, {headers, body: gzipSync(body).subarray(0, 40)});
	traffic.end(plain!, 200, undefined, {headers, body});
	const store = await traffic.finish();
	expect(store.operations.get(whole!)).toMatchObject({resourceVersion: '5', responseSize: body.length});
	expect(store.operations.get(broken!)?.flags).toContain('undecodable');
	expect(store.operations.get(plain!)).toMatchObject({resourceVersion: '5', responseSize: body.length});
});

test('items of a typed list become self-contained bodies, with every digit of a big integer', async () => {
	const traffic = await openTraffic();
	const text = JSON.stringify(configMapList('9', [{...a, rv: '5', more: {generation: 1}}])).replace('"generation":1', '"generation":9007199254740993');
	const list = traffic.arrive('GET', collection);
	traffic.end(list, 200, undefined, {body: Buffer.from(text)});
	const store = await traffic.finish();
	const version = store.stateOf('uid-a', list);
	const body = Buffer.from(store.bodies.get(version?.body ?? 0)!.bytes).toString();
	expect(body).toMatch(/^\{"apiVersion":"v1","kind":"ConfigMap",/v);
	expect(body).toContain('"generation":9007199254740993');
	expect(body.endsWith('}\n')).toBe(true);
});

test('the version a scale write produced enters at its step when an event shows it', async () => {
	const traffic = await openTraffic();
	const deployment = (rv: string, replicas: number) => ({
		kind: 'Deployment', apiVersion: 'apps/v1', metadata: {
			name: 'web', namespace: 'default', uid: 'uid-w', resourceVersion: rv,
		}, spec: {replicas},
	});
	const url = '/apis/apps/v1/namespaces/default/deployments';
	const watch = traffic.arrive('GET', `${url}?watch=true`);
	traffic.deliver(watch, 'ADDED', deployment('5', 1));
	const scale = traffic.ask('PATCH', `${url}/web/scale`, {
		status: 200, body: {
			kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: {
				name: 'web', namespace: 'default', uid: 'uid-w', resourceVersion: '6',
			}, spec: {replicas: 3},
		},
	}, {spec: {replicas: 3}});
	const event = traffic.deliver(watch, 'MODIFIED', deployment('6', 3));
	const store = await traffic.finish();
	expect(store.operations.get(event)).toMatchObject({cause: scale, changed: ['spec.replicas'], resourceVersionBefore: '5'});
	expect(store.stateOf('uid-w', scale)).toMatchObject({resourceVersion: '6', objectKind: 'Deployment', step: scale});
});

test('of two concurrent writes answered with one version the first produced it, in whatever order their answers end', async () => {
	const record = async (isReversed: boolean) => {
		const traffic = await openTraffic();
		traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({...a, rv: '5'})});
		const writes = [traffic.arrive('PATCH', `${collection}/a`, {data: {value: '6'}}), traffic.arrive('PATCH', `${collection}/a`, {data: {value: '6'}})];
		for (const write of isReversed ? writes.toReversed() : writes) {
			traffic.end(write, 200, configMap({...a, rv: '6'}));
		}

		const store = await traffic.finish();
		return [store.stateOf('uid-a', 3)?.step, ...writes.map(write => store.operations.get(write)?.flags.has('noop'))];
	};

	expect(await record(false)).toEqual([2, false, true]);
	expect(await record(true)).toEqual([2, false, true]);
});

test('a write answered after more versions than are remembered stays without an interval, and nothing breaks', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', `${collection}?watch=true`);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '10'}));
	const write = traffic.arrive('PATCH', `${collection}/a`, {data: {value: 'x'}});
	for (let version = 12; version < 112; version += 1) {
		traffic.deliver(watch, 'MODIFIED', configMap({...a, rv: String(version)}));
	}

	traffic.end(write, 200, configMap({...a, rv: '11'}));
	const store = await traffic.finish();
	const states = store.versions.values().filter(version => version.until !== version.step).toArray();
	expect(states).toHaveLength(101);
	expect(store.stateOf('uid-a', write)?.resourceVersion).toBe('10');
});

const anything = fc.anything();
const hostileMetadata = fc.record({
	uid: fc.constantFrom('u', 'v', 1), resourceVersion: fc.constantFrom('1', '2', '03', 'x', 5), name: fc.constantFrom('a', 'b\0c', ''),
	finalizers: anything, deletionTimestamp: fc.constantFrom('now', undefined, 3), ownerReferences: anything, continue: fc.constantFrom('', 't', 4),
});
const hostileKind = fc.constantFrom('ConfigMap', 'ConfigMapList', 'Status', 'Table', 'PartialObjectMetadata', 'Scale');
const hostileItems = fc.array(fc.record({metadata: hostileMetadata}));
const hostileObject = fc.record({
	kind: fc.oneof(hostileKind, anything), apiVersion: anything, metadata: fc.oneof(anything, hostileMetadata),
	items: fc.oneof(anything, hostileItems), rows: anything,
});

const toText = (value: unknown): string =>
	JSON.stringify(value, (_key, inner: unknown) => typeof inner === 'bigint' ? String(inner) : inner) ?? '';

const bytes = fc.uint8Array({maxLength: 200});
const hostile = fc.oneof(
	fc.json().map(text => Buffer.from(text)),
	bytes.map(given => Buffer.from(given)),
	bytes.map(given => Buffer.concat([Buffer.from('k8s\0'), given])),
	hostileObject.map(value => Buffer.from(toText(value))),
);
const oddUrls = [
	collection,
	`${collection}/a`,
	`${collection}?watch=1&sendInitialEvents=1`,
	`${collection}/b%00c`,
	`${collection}?continue=t`,
	`${collection}/a/status`,
	'/api/v1/namespaces/a%00b/configmaps/c',
	`${collection}?fieldSelector=%3D&labelSelector=(`,
	`${collection}?watch=1&fieldSelector=metadata.name%3Da&labelSelector=%20`,
	`${collection}/a??x`,
	`${collection}/a?fieldManager=&dryRun=`,
];
const body = fc.option(hostile, {nil: undefined});
const eventType = fc.constantFrom('ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR', 'x');
const hostileEvent = fc.tuple(eventType, hostile, fc.boolean());
const exchange = fc.record({
	method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', ''),
	url: fc.oneof(fc.constantFrom(...oddUrls), fc.string()),
	agent: fc.constantFrom('', ' ', ' kubernetes/', 'a/b kubernetes/c/d', 'kubectl', '/'),
	request: body, response: body, status: fc.constantFrom(200, 201, 404, 500, undefined),
	events: fc.array(hostileEvent, {maxLength: 3}),
});

test('nothing that comes over the wire makes it throw, and intervals never overlap', async () => {
	const property = fc.asyncProperty(fc.array(exchange, {maxLength: 12}), fc.boolean(), async (asked, redact) => {
		const traffic = await openTraffic({redact});
		for (const {method, url, request, response, status, events, agent} of asked) {
			const headers = [['Content-Type', 'application/json'], ['User-Agent', agent]] as const;
			const sequence = traffic.arrive(method, url, undefined, {body: request, headers});
			for (const [type, object, wholeFrame] of events) {
				traffic.ingest.deliver(sequence, {
					at: 0n, type, object, wholeFrame,
				});
			}

			traffic.end(sequence, status, undefined, {body: response});
		}

		const store = await traffic.finish();
		for (let step = 1; step <= store.operations.size; step += 1) {
			const states = store.stateAt(step).map(version => `${version.key.resource} ${version.key.uid}`);
			expect(new Set(states).size).toBe(states.length);
		}
	});
	await fc.assert(property, {numRuns: Number(process.env.KUBESTEP_FUZZ_RUNS ?? 300)});
});
