import {expect, test} from 'vitest';
import {
	collection,
	configMap,
	configMapList,
	initialEventsEnd,
	openTraffic,
	partialOf,
} from '../support/made-traffic.js';

const a = {name: 'a', uid: 'uid-a'};
const watchUrl = `${collection}?watch=true&resourceVersion=1`;

/** Step and version of every row of a uid, in order of its version rows. */
const rowsOf = (store: Awaited<ReturnType<typeof openTraffic>>['store'], uid: string) =>
	store.versions.values().filter(version => version.key.uid === uid).map(({kind, resourceVersion, step, until}) => [kind, resourceVersion, step, until]).toArray();

test('a version first delivered by an event moves to the step of the write that produced it, in the same row', async () => {
	const traffic = await openTraffic({batchSize: 1});
	const watch = traffic.arrive('GET', watchUrl);
	const write = traffic.arrive('POST', collection, configMap({...a, rv: ''}));
	const event = traffic.deliver(watch, 'ADDED', configMap({...a, rv: '5'}));
	await traffic.ingest.drain();
	expect(rowsOf(traffic.store, 'uid-a')).toEqual([['whole', '5', event, undefined]]);
	traffic.end(write, 201, configMap({...a, rv: '5'}));
	const store = await traffic.finish();
	expect(rowsOf(store, 'uid-a')).toEqual([['whole', '5', write, undefined]]);
	expect(store.operations.get(event)?.cause).toBe(write);
	expect(store.operations.get(write)).toMatchObject({
		name: 'a', uid: 'uid-a', resourceVersion: '5', status: 201,
	});
});

test('a read in flight never shows a version before its write', async () => {
	const traffic = await openTraffic();
	const read = traffic.arrive('GET', `${collection}/a`);
	const write = traffic.arrive('PUT', `${collection}/a`, configMap({...a, rv: '4'}));
	traffic.end(read, 200, configMap({...a, rv: '5'}));
	traffic.end(write, 200, configMap({...a, rv: '5'}));
	const store = await traffic.finish();
	expect(rowsOf(store, 'uid-a')).toEqual([['whole', '5', write, undefined]]);
});

test('late lower versions are kept, but never are the state', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	const newer = traffic.deliver(watch, 'ADDED', configMap({...a, rv: '9'}));
	const late = traffic.ask('GET', `${collection}/a?resourceVersion=0`, {status: 200, body: configMap({...a, rv: '7'})});
	const store = await traffic.finish();
	expect(rowsOf(store, 'uid-a')).toEqual([['whole', '9', newer, undefined], ['whole', '7', late, late]]);
	expect(store.stateOf('uid-a', late)?.resourceVersion).toBe('9');
});

test('resourceVersions order as numbers past 2^53', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '9007199254740993'}));
	traffic.deliver(watch, 'MODIFIED', configMap({...a, rv: '9007199254740992'}));
	const last = traffic.deliver(watch, 'MODIFIED', configMap({...a, rv: '10000000000000000000'}));
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', last - 1)?.resourceVersion).toBe('9007199254740993');
	expect(store.stateOf('uid-a', last)?.resourceVersion).toBe('10000000000000000000');
});

test('opaque versions order by arrival', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '/900'}));
	const second = traffic.deliver(watch, 'MODIFIED', configMap({...a, rv: '/100'}));
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', second)?.resourceVersion).toBe('/100');
});

test('a write that started after the known version and is answered with a lower one opens a new storage epoch', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '900'}));
	traffic.deliver(watch, 'ADDED', configMap({name: 'b', uid: 'uid-b', rv: '901'}));
	traffic.end(watch, 200, undefined, {end: 'server-timeout'});
	const write = traffic.ask('PATCH', `${collection}/a`, {status: 200, body: configMap({...a, rv: '41'})}, {data: {value: '41'}});
	const after = traffic.arrive('GET', `${collection}?watch=true&resourceVersion=41`);
	const event = traffic.deliver(after, 'MODIFIED', configMap({name: 'b', uid: 'uid-b', rv: '42'}));
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', write)).toMatchObject({resourceVersion: '41', storageEpoch: 2});
	expect(store.stateOf('uid-b', write)).toMatchObject({resourceVersion: '901', storageEpoch: 1});
	expect(store.stateOf('uid-b', event)).toMatchObject({resourceVersion: '42', storageEpoch: 2});
});

test('a write that was in flight when a newer version was seen opens no storage epoch', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '5'}));
	const write = traffic.arrive('PATCH', `${collection}/a`, {data: {value: '6'}});
	const newer = traffic.deliver(watch, 'MODIFIED', configMap({...a, rv: '7'}));
	traffic.end(write, 200, configMap({...a, rv: '6'}));
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', write)).toMatchObject({resourceVersion: '6', storageEpoch: 1, until: newer});
	expect(store.stateOf('uid-a', newer)).toMatchObject({resourceVersion: '7', storageEpoch: 1});
});

test('after a restore a complete list ends what is of the storage epoch before and absent', async () => {
	const traffic = await openTraffic();
	traffic.ask('GET', collection, {status: 200, body: configMapList('950', [{...a, rv: '900'}, {name: 'b', uid: 'uid-b', rv: '901'}])});
	traffic.ask('PATCH', `${collection}/a`, {status: 200, body: configMap({...a, rv: '41'})}, {data: {value: '41'}});
	const list = traffic.ask('GET', collection, {status: 200, body: configMapList('42', [{...a, rv: '41'}])});
	const store = await traffic.finish();
	expect(store.stateOf('uid-b', list - 1)?.resourceVersion).toBe('901');
	expect(store.stateOf('uid-b', list)).toBeUndefined();
});

test('dry runs, whether the query or the body says so, change nothing', async () => {
	const traffic = await openTraffic();
	traffic.ask('POST', collection, {status: 201, body: configMap({...a, rv: '5'})});
	const query = traffic.ask('PATCH', `${collection}/a?dryRun=All`, {status: 200, body: configMap({...a, rv: '6'})}, {data: {}});
	const body = traffic.ask('DELETE', `${collection}/a`, {
		status: 200, body: {
			kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: {name: 'a', uid: 'uid-a'},
		},
	}, {kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All']});
	const store = await traffic.finish();
	expect(store.operations.get(query)?.flags).toContain('dryRun');
	expect(store.operations.get(body)?.flags).toContain('dryRun');
	expect(store.stateOf('uid-a', body)?.resourceVersion).toBe('5');
	expect(store.versions.size).toBe(1);
});

test('PartialObjectMetadata updates metadata only, with the rest as of the last whole version, until a whole body of that version comes', async () => {
	const traffic = await openTraffic({batchSize: 1});
	const first = traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({...a, rv: '5'})});
	const watch = traffic.arrive('GET', watchUrl);
	const partial = traffic.deliver(watch, 'MODIFIED', partialOf({...a, rv: '6'}));
	await traffic.ingest.drain();
	const version = traffic.store.stateOf('uid-a', partial);
	expect(version).toMatchObject({
		kind: 'metadata', resourceVersion: '6', objectKind: 'ConfigMap', rest: {resourceVersion: '5', step: first},
	});
	traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({...a, rv: '6'})});
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', partial)).toMatchObject({
		kind: 'whole', resourceVersion: '6', number: version?.number, rest: undefined,
	});
});

test('a DELETED event on a watch with a label selector is no end; on one by name it is', async () => {
	const traffic = await openTraffic();
	const labelled = traffic.arrive('GET', `${watchUrl}&labelSelector=x%3Dy`);
	const named = traffic.arrive('GET', `${watchUrl}&fieldSelector=metadata.name%3Da`);
	traffic.deliver(labelled, 'ADDED', configMap({...a, rv: '5'}));
	const left = traffic.deliver(labelled, 'DELETED', configMap({...a, rv: '6'}));
	const deleted = traffic.deliver(named, 'DELETED', configMap({...a, rv: '7'}));
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', left)?.resourceVersion).toBe('5');
	expect(store.stateOf('uid-a', deleted)).toBeUndefined();
	expect(rowsOf(store, 'uid-a').at(-1)).toEqual(['end', '7', deleted, undefined]);
});

test('a DELETED event on a watch with a selector has the write that made the object leave as its cause, whichever came first', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', `${watchUrl}&labelSelector=x%3Dy`);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '5'}));
	const write = traffic.arrive('PATCH', `${collection}/a`, {metadata: {labels: {x: 'z'}}});
	// The event has the old content and the new version.
	const left = traffic.deliver(watch, 'DELETED', configMap({...a, rv: '6', data: '5'}));
	traffic.end(write, 200, configMap({...a, rv: '6'}));
	const store = await traffic.finish();
	expect(store.operations.get(left)?.cause).toBe(write);
	expect(store.stateOf('uid-a', left)?.resourceVersion).toBe('6');
});

test('a complete list ends what is absent and not newer than it; a selecting or incomplete one ends nothing', async () => {
	const traffic = await openTraffic();
	const b = {name: 'b', uid: 'uid-b'};
	const c = {name: 'c', uid: 'uid-c'};
	traffic.ask('GET', collection, {status: 200, body: configMapList('10', [{...a, rv: '5'}, {...b, rv: '6'}, {...c, rv: '7'}])});
	traffic.ask('PUT', `${collection}/c`, {status: 200, body: configMap({...c, rv: '30'})}, configMap({...c, rv: '7'}));
	const selecting = traffic.ask('GET', `${collection}?labelSelector=x`, {status: 200, body: configMapList('20', [])});
	const page = traffic.ask('GET', `${collection}?limit=1`, {status: 200, body: configMapList('20', [{...a, rv: '5'}], 'token')});
	const list = traffic.ask('GET', collection, {status: 200, body: configMapList('20', [{...a, rv: '5'}])});
	const store = await traffic.finish();
	expect(store.stateOf('uid-b', selecting)).toBeDefined();
	expect(store.stateOf('uid-b', page)).toBeDefined();
	expect(store.operations.get(page)?.flags).not.toContain('listComplete');
	expect(store.operations.get(list)?.flags).toContain('listComplete');
	expect(store.stateOf('uid-b', list)).toBeUndefined();
	expect(store.stateOf('uid-c', list)?.resourceVersion).toBe('30');
	expect(store.stateOf('uid-a', list)?.resourceVersion).toBe('5');
});

test('the pages of a list are one list: its last page ends what is on none of them', async () => {
	const traffic = await openTraffic();
	const [b, c] = [{name: 'b', uid: 'uid-b'}, {name: 'c', uid: 'uid-c'}];
	traffic.ask('GET', collection, {status: 200, body: configMapList('10', [{...a, rv: '5'}, {...b, rv: '6'}, {...c, rv: '7'}])});
	const first = traffic.ask('GET', `${collection}?limit=1`, {status: 200, body: configMapList('20', [{...a, rv: '5'}], 'token-1')});
	const last = traffic.ask('GET', `${collection}?limit=1&continue=token-1`, {status: 200, body: configMapList('20', [{...c, rv: '7'}])});
	const orphan = traffic.ask('GET', `${collection}?limit=1&continue=token-9`, {status: 200, body: configMapList('21', [])});
	const store = await traffic.finish();
	expect(store.stateOf('uid-b', first)).toBeDefined();
	expect(store.stateOf('uid-b', last)).toBeUndefined();
	expect(store.stateOf('uid-c', orphan)).toBeDefined();
});

test('the bookmark that ends initial events ends what was deleted while nobody watched', async () => {
	const traffic = await openTraffic();
	traffic.ask('GET', collection, {status: 200, body: configMapList('10', [{...a, rv: '5'}, {name: 'b', uid: 'uid-b', rv: '6'}])});
	const watch = traffic.arrive('GET', `${collection}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '5'}));
	const bookmark = traffic.deliver(watch, 'BOOKMARK', initialEventsEnd('20'));
	const store = await traffic.finish();
	expect(store.operations.get(bookmark)).toMatchObject({collectionResourceVersion: '20', objectKind: 'ConfigMap'});
	expect(store.operations.get(bookmark)?.flags).toContain('initialEventsEnd');
	expect(store.stateOf('uid-b', bookmark - 1)).toBeDefined();
	expect(store.stateOf('uid-b', bookmark)).toBeUndefined();
	expect(store.stateOf('uid-a', bookmark)).toBeDefined();
});

test('an ended uid never returns, and a late event never touches the next uid of its name', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '5'}));
	traffic.deliver(watch, 'DELETED', configMap({...a, rv: '6'}));
	const next = traffic.ask('POST', collection, {status: 201, body: configMap({name: 'a', uid: 'uid-2', rv: '8'})}, configMap({name: 'a', uid: '', rv: ''}));
	const other = traffic.arrive('GET', watchUrl);
	const late = traffic.deliver(other, 'MODIFIED', configMap({...a, rv: '7'}));
	const gone = traffic.deliver(other, 'DELETED', configMap({...a, rv: '7'}));
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', late)).toBeUndefined();
	expect(store.stateAt(gone).map(version => version.key.uid)).toEqual(['uid-2']);
	expect(store.stateOf('uid-2', next)?.resourceVersion).toBe('8');
});

test('another uid under a name ends the one before, whose deletion nobody saw', async () => {
	const traffic = await openTraffic();
	traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({...a, rv: '5'})});
	const read = traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({name: 'a', uid: 'uid-2', rv: '9'})});
	const store = await traffic.finish();
	expect(store.stateAt(read - 1).map(version => version.key.uid)).toEqual(['uid-a']);
	expect(store.stateAt(read).map(version => version.key.uid)).toEqual(['uid-2']);
});

test('a late version of an earlier uid of a name is not the state', async () => {
	const traffic = await openTraffic();
	traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({name: 'a', uid: 'uid-2', rv: '9'})});
	const stale = traffic.ask('GET', `${collection}/a?resourceVersion=0`, {status: 200, body: configMap({...a, rv: '5'})});
	const store = await traffic.finish();
	expect(store.stateAt(stale).map(version => version.key.uid)).toEqual(['uid-2']);
});

test.each([
	['aborted', 200, 'client-abort'], ['a 500', 500, 'complete'], ['never answered', undefined, 'transport-error'],
] as const)('a write that was %s is not folded', async (_name, status, end) => {
	const traffic = await openTraffic();
	traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({...a, rv: '5'})});
	const write = traffic.arrive('PUT', `${collection}/a`, configMap({...a, rv: '5', data: 'x'}));
	traffic.end(write, status, status === 200 ? configMap({...a, rv: '6', data: 'x'}) : undefined, {end});
	const store = await traffic.finish();
	expect(store.stateOf('uid-a', write)?.resourceVersion).toBe('5');
	expect(store.operations.get(write)?.status).toBe(status);
	expect(store.operations.get(write)?.end).toBe(end);
});

const managed = {managedFields: [{manager: 'tester', operation: 'Update'}]};

test('a write of unknown outcome is the cause of the next version when that is what it asked for', async () => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '5', more: managed}));
	const write = traffic.arrive('PUT', `${collection}/a`, configMap({...a, rv: '5', data: 'x'}));
	traffic.end(write, undefined, undefined, {end: 'transport-error'});
	const event = traffic.deliver(watch, 'MODIFIED', configMap({
		...a, rv: '6', data: 'x', more: managed,
	}));
	const store = await traffic.finish();
	expect(store.operations.get(event)?.cause).toBe(write);
	expect(store.stateOf('uid-a', write)?.resourceVersion).toBe('5');
	expect(store.stateOf('uid-a', event)?.resourceVersion).toBe('6');
});

test.each([
	['another content', {rv: '6', data: 'y', more: managed}], ['a version in between', {rv: '7', data: 'x', more: managed}], ['another manager', {rv: '6', data: 'x'}],
])('a write of unknown outcome stays unresolved by %s', async (name, next) => {
	const traffic = await openTraffic();
	const watch = traffic.arrive('GET', watchUrl);
	traffic.deliver(watch, 'ADDED', configMap({...a, rv: '5'}));
	const write = traffic.arrive('PUT', `${collection}/a`, configMap({...a, rv: '5', data: 'x'}));
	traffic.end(write, 504, undefined);
	if (name === 'a version in between') {
		traffic.deliver(watch, 'MODIFIED', configMap({
			...a, rv: '6', data: 'z', more: managed,
		}));
	}

	const event = traffic.deliver(watch, 'MODIFIED', configMap({...a, ...next}));
	const store = await traffic.finish();
	expect(store.operations.get(event)?.cause).toBeUndefined();
});

test('a refused write changes nothing', async () => {
	const traffic = await openTraffic();
	traffic.ask('GET', `${collection}/a`, {status: 200, body: configMap({...a, rv: '5'})});
	const status = {
		kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'Conflict', message: 'the object has been modified', code: 409,
	};
	const write = traffic.ask('PUT', `${collection}/a`, {status: 409, body: status}, configMap({...a, rv: '4'}));
	const store = await traffic.finish();
	expect(store.operations.get(write)).toMatchObject({
		status: 409, reason: 'Conflict', message: 'the object has been modified', resourceVersionBefore: '4',
	});
	expect(store.versions.size).toBe(1);
});
