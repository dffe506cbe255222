import {expect, test} from 'vitest';
import type {Operation, OperationFlag} from '../../source/model/operation.js';
import type {ObjectVersion} from '../../source/model/object-version.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {StepChange, Timeline} from '../../source/timeline/timeline-types.js';
import {createTimelineStore} from '../support/timeline-store.js';
import {
	encodeJson,
	madeKey,
	madeOperation,
	makeSession,
	storeSession,
	type Action,
	type MadeSession,
} from './made-session.js';

const open = async (made: Omit<MadeSession, 'fold'>): Promise<Timeline> => {
	const store = createTimelineStore();
	await storeSession(store, 's', made);
	return openTimeline(store);
};

const changeOf = async (actions: readonly Action[], step = actions.length): Promise<StepChange> => {
	const timeline = await open(makeSession(actions));
	return timeline.change(step);
};

/** A session of one request without versions. */
const changeOfRequest = async (parts: Partial<Operation>, answer?: unknown): Promise<StepChange> => {
	const operation = madeOperation(1, {
		group: '', version: 'v1', resource: 'configmaps', namespace: 'default', name: 'a', status: 200, end: 'complete', ...parts,
		...(answer !== undefined && {responseBody: 1}),
	});
	const timeline = await open({operations: [operation], versions: [], bodies: answer === undefined ? [] : [encodeJson(answer)]});
	return timeline.change(1);
};

const replicas = (count: number) => ({object: {spec: {replicas: count}}});

test('a write shows its object before and after', async () => {
	expect(await changeOf([{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 0, replicas: 4}])).toMatchObject({
		type: 'changed', place: {resource: 'deployments', name: 'web-0'}, before: replicas(1), after: replicas(4), note: undefined,
	});
	expect(await changeOf([{type: 'write', of: 0, replicas: 1}])).toMatchObject({
		type: 'changed', before: undefined, after: replicas(1), note: undefined,
	});
});

test('a deletion shows what was there, and nothing after', async () => {
	expect(await changeOf([{type: 'write', of: 0, replicas: 1}, {type: 'delete', of: 0}])).toMatchObject({
		type: 'changed', before: replicas(1), after: undefined, note: 'deleted',
	});
});

test('a write that changed nothing says so, and shows the object as it is', async () => {
	expect(await changeOf([{type: 'write', of: 0, replicas: 7}, {type: 'noop', of: 0}])).toMatchObject({
		type: 'nothing', object: {spec: {replicas: 7}}, note: 'changed nothing: the object already was like this (resourceVersion 101)',
	});
});

test('a refused write says with what status, reason and message', async () => {
	expect(await changeOf([{type: 'write', of: 0, replicas: 7}, {type: 'refused', of: 0, status: 409}])).toMatchObject({
		type: 'nothing', object: {spec: {replicas: 7}}, note: 'refused: 409 Refused: try again',
	});
});

test.each([
	[{status: 500, reason: 'InternalError', message: 'etcd\u{1B}[31m is\nslow'}, /^outcome unknown: 500 InternalError: etcd \[31m is slow$/v],
	[{status: undefined, end: 'client-abort'}, /^outcome unknown: the client gave up/v],
	[{status: undefined, end: 'transport-error'}, /^outcome unknown: the connection broke/v],
	[{status: undefined, end: undefined}, /^outcome unknown: no answer was recorded$/v],
] as const)('a write whose outcome nobody can know says so: %o', async (parts, note) => {
	expect(await changeOfRequest({verb: 'update', ...parts})).toMatchObject({type: 'nothing', note: expect.stringMatching(note) as unknown});
});

test.each([
	['a dry run', {verb: 'create', flags: new Set<OperationFlag>(['dryRun'])}, /^dry run: nothing was stored$/v],
	['a foreign kind', {verb: 'update', subresource: 'scale'}, /^scale answers with a kind of its own/v],
	['a review', {verb: 'create', resource: 'subjectaccessreviews', name: undefined}, /^a review/v],
	['a deletion of the unseen', {verb: 'delete'}, /had not seen it/v],
	['a write without a body', {verb: 'patch'}, /no body of the answer/v],
])('%s changes nothing, and the note says why', async (_, parts, note) => {
	expect(await changeOfRequest(parts)).toMatchObject({type: 'nothing', note: expect.stringMatching(note) as unknown});
});

test('a dry run shows what would have been', async () => {
	expect(await changeOfRequest({verb: 'create', flags: new Set<OperationFlag>(['dryRun'])}, {kind: 'ConfigMap', data: {a: 'b'}})).toMatchObject({
		type: 'nothing', object: {data: {a: 'b'}},
	});
});

test('a read shows the object as read', async () => {
	expect(await changeOf([{type: 'write', of: 0, replicas: 2}, {type: 'read', of: 0}])).toMatchObject({
		type: 'read', place: {name: 'web-0'}, object: {spec: {replicas: 2}}, note: undefined,
	});
});

test('a read of what is not there says so', async () => {
	expect(await changeOfRequest({
		verb: 'get', status: 404, reason: 'NotFound', message: 'configmaps "a" not found',
	})).toMatchObject({type: 'nothing', note: 'not found: 404 NotFound: configmaps "a" not found'});
});

test('a read that is no object, or was not recorded, says what it is', async () => {
	expect(await changeOfRequest({verb: 'get', subresource: 'log', responseContentType: 'text/plain'}, undefined)).toMatchObject({type: 'read', object: undefined, note: expect.stringMatching(/no body/v) as unknown});
	const timeline = await open({
		operations: [madeOperation(1, {
			group: '', resource: 'pods', namespace: 'default', name: 'a', subresource: 'log', status: 200, responseBody: 1, responseContentType: 'text/plain',
		})],
		versions: [],
		bodies: [new TextEncoder().encode('started\n')],
	});
	expect(await timeline.change(1)).toMatchObject({type: 'read', note: 'the answer is text/plain, not an object that can be shown'});
});

test('a list counts its items and what of them is new', async () => {
	const first: ObjectVersion = {
		number: 1, key: madeKey(0), kind: 'whole', apiVersion: 'apps/v1', objectKind: 'Deployment', resourceVersion: '7', step: 1, storageEpoch: 1, body: 2, redacted: false, until: 2,
	};
	const timeline = await open({
		operations: [1, 2].map(step => madeOperation(step, {
			verb: 'list', group: 'apps', resource: 'deployments', namespace: '', status: 200, collectionResourceVersion: `${step}00`, responseBody: step === 1 ? 1 : undefined, flags: new Set<OperationFlag>(['listComplete']),
		})),
		versions: [first, {
			...first, number: 2, kind: 'end', step: 2, until: undefined, body: undefined,
		}],
		bodies: [encodeJson({kind: 'DeploymentList', items: [{metadata: {name: 'web-0'}}, {metadata: {name: 'known'}}]}), encodeJson({metadata: {name: 'web-0'}})],
	});
	expect(await timeline.change(1)).toMatchObject({type: 'many', entered: [{number: 1}], note: 'list of 2 items at resourceVersion 100: 1 new to this recording'});
	expect(await timeline.change(2)).toMatchObject({type: 'many', entered: [{number: 2}], note: 'list at resourceVersion 200: 0 new to this recording; 1 gone since they were last seen'});
});

test('a watch says where it began and what it told', async () => {
	const watch = {
		verb: 'watch', group: '', resource: 'pods', namespace: '', status: 200,
	};
	const timeline = await open({
		operations: [
			madeOperation(1, {...watch, query: 'resourceVersion=264&watch=true'}),
			madeOperation(2, {
				kind: 'event', verb: 'BOOKMARK', stream: 1, collectionResourceVersion: '270',
			}),
			madeOperation(3, {...watch, query: 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan'}),
			madeOperation(4, {
				kind: 'event', verb: 'ERROR', stream: 1, responseBody: 1,
			}),
			madeOperation(5, {
				...watch, status: 429, reason: 'TooManyRequests', message: 'storage is (re)initializing',
			}),
		],
		versions: [],
		bodies: [encodeJson({
			kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 264 (300)',
		})],
	});
	const notes = await Promise.all([1, 2, 3, 4, 5].map(async step => timeline.change(step)));
	expect(notes.map(({type, note}) => [type, note])).toEqual([
		['nothing', 'watch opened from resourceVersion 264; it told 2 events until step 4'],
		['nothing', 'nothing changed here up to resourceVersion 270'],
		['nothing', 'watch opened with the initial state; it told nothing'],
		['nothing', 'the watch ended with an error: 410 Expired: too old resource version: 264 (300)'],
		['nothing', 'refused: 429 TooManyRequests: storage is (re)initializing'],
	]);
});

test('an event that brought a change nobody recorded blames its field manager', async () => {
	expect(await changeOf([{type: 'write', of: 0, replicas: 3}, {type: 'outside', of: 0, replicas: 9}])).toMatchObject({
		type: 'changed', before: replicas(3), after: replicas(9), note: 'by somebody outside this recording (field manager kubectl-edit)',
	});
	expect(await changeOf([{type: 'outside', of: 0, replicas: 9}])).toMatchObject({
		type: 'changed', before: undefined, after: replicas(9), note: 'first seen in this recording (field manager kubectl-edit)',
	});
});

test('an event that tells a recorded write shows what that write changed, and names it', async () => {
	expect(await changeOf([
		{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 0, replicas: 2}, {type: 'list'}, {type: 'told', of: 0},
	])).toMatchObject({
		type: 'changed', before: replicas(1), after: replicas(2), note: 'told now: happened at step 2 (update by op)',
	});
});

test('an event that is told when the object has moved on says so', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 0, replicas: 2}, {type: 'told', of: 0}]);
	const stale = made.operations.with(2, {...made.operations[2]!, resourceVersion: '101', responseBody: 1});
	const timeline = await open({...made, operations: stale});
	expect(await timeline.change(3)).toMatchObject({
		type: 'changed', before: undefined, after: replicas(1), note: 'told now: happened at step 1 (create by op); the object has moved on since (step 2)',
	});
	expect(await timeline.causeOf(stale[2]!)).toMatchObject({sequence: 1});
});

test('an older version that came late changes nothing, and is compared with the newest before it', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 0, replicas: 3}, {type: 'told', of: 0}]);
	const versions: readonly ObjectVersion[] = [
		...made.versions.map(version => ({...version, resourceVersion: version.number === 1 ? '101' : '110'})),
		{
			...made.versions[0]!, number: 3, resourceVersion: '105', step: 3, until: 3, body: 3,
		},
	];
	const timeline = await open({
		operations: made.operations.with(2, {...made.operations[2]!, resourceVersion: '105', responseBody: 3}),
		versions,
		bodies: [...made.bodies, encodeJson({
			apiVersion: 'apps/v1', kind: 'Deployment', metadata: {}, spec: {replicas: 2},
		})],
	});
	expect(await timeline.change(3)).toMatchObject({
		type: 'changed', before: replicas(1), after: replicas(2), note: expect.stringMatching(/^told late/v) as unknown,
	});
	expect(await timeline.objectAt(3, madeKey(0))).toMatchObject(replicas(3));
});

const eventOf = (made: MadeSession, step: number, parts: Partial<Operation>): Omit<MadeSession, 'fold'> => ({
	...made, operations: made.operations.with(step - 1, {...made.operations[step - 1]!, kind: 'event', ...parts}),
});

test('ADDED of what was there is shown as it was told; ADDED of a recorded creation as a creation', async () => {
	const created = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'told', of: 0}]);
	const changed = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'outside', of: 0, replicas: 2}, {type: 'told', of: 0}]);
	const creation = await open(eventOf(created, 2, {verb: 'ADDED'}));
	const initial = await open(eventOf(changed, 3, {verb: 'ADDED'}));
	expect(await creation.change(2)).toMatchObject({
		type: 'changed', before: undefined, after: replicas(1), note: expect.stringContaining('happened at step 1 (create by op)') as unknown,
	});
	expect(await initial.change(3)).toMatchObject({type: 'read', object: {spec: {replicas: 2}}, note: 'told as new to this watch: known since step 2'});
});

test('ADDED of a creation its process was told of before is shown as it was told', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'told', of: 0}, {type: 'told', of: 0}]);
	const told = made.operations.map(operation => operation.sequence === 1 ? operation : {...operation, verb: 'ADDED', cause: 1});
	const again = await open({...made, operations: told});
	const other = await open({...made, operations: told.with(2, {...told[2]!, process: 'other'})});
	expect(await again.change(2)).toMatchObject({type: 'changed', before: undefined, after: replicas(1)});
	expect(await again.change(3)).toMatchObject({type: 'read', object: {spec: {replicas: 1}}});
	expect(await other.change(3)).toMatchObject({type: 'changed', before: undefined, after: replicas(1)});
});

test('DELETED after a recorded deletion names it; of an object that goes on it says that it left the view', async () => {
	const ended = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'delete', of: 0}, {type: 'list'}]);
	const gone = await open(eventOf(ended, 3, {
		verb: 'DELETED', name: 'web-0', uid: 'uid-0-1', resourceVersion: '150',
	}));
	const left = await open(eventOf(makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 0, replicas: 2}, {type: 'told', of: 0}]), 3, {verb: 'DELETED'}));
	expect(await gone.change(3)).toMatchObject({
		type: 'changed', before: replicas(1), after: undefined, note: 'told now: happened at step 2 (delete by op)',
	});
	expect(await left.change(3)).toMatchObject({
		type: 'changed', before: replicas(1), after: replicas(2), note: expect.stringMatching(/^left what this watch selects/v) as unknown,
	});
	const told = await gone.operation(3);
	expect(await gone.causeOf(told!)).toMatchObject({sequence: 2});
});

test('DELETED of an object whose last version was told after its deletion is a deletion', async () => {
	const ended = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'delete', of: 0}, {type: 'list'}, {type: 'list'}]);
	const late: ObjectVersion = {
		...ended.versions[0]!, number: 3, resourceVersion: '140', step: 3, until: 3,
	};
	const about = {
		group: 'apps', resource: 'deployments', namespace: 'default', name: 'web-0', uid: 'uid-0-1',
	};
	const events = [['MODIFIED', '140'], ['DELETED', '150']].map(([verb, resourceVersion], index) =>
		madeOperation(index + 3, {
			...about, kind: 'event', verb: verb!, resourceVersion: resourceVersion!, responseBody: 1,
		}));
	const timeline = await open({...ended, operations: [...ended.operations.slice(0, 2), ...events], versions: [...ended.versions, late]});
	expect(await timeline.change(3)).toMatchObject({type: 'changed', note: expect.stringMatching(/^told late/v) as unknown});
	expect(await timeline.change(4)).toMatchObject({
		type: 'changed', before: replicas(1), after: undefined, note: 'told now: happened at step 2 (delete by op)',
	});
});

test('a deletion that waits for finalizers is a change that says so', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 0, replicas: 1}]);
	const marked = encodeJson({apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web-0', deletionTimestamp: '2026-11-23T00:00:00Z', finalizers: ['example.com/a', 'example.com/b']}});
	const timeline = await open({...made, operations: made.operations.with(1, {...made.operations[1]!, verb: 'delete'}), bodies: made.bodies.with(1, marked)});
	expect(await timeline.change(2)).toMatchObject({type: 'changed', note: 'marked for deletion, waits for its finalizers example.com/a, example.com/b'});
});

test('a write on a version the recording never saw says that the difference holds more', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 0, replicas: 2}]);
	const timeline = await open({...made, operations: made.operations.with(1, {...made.operations[1]!, resourceVersionBefore: '140'})});
	expect(await timeline.change(2)).toMatchObject({type: 'changed', note: 'written on resourceVersion 140, the recording knew 101: the difference holds others\' changes too'});
});

test('a write of unknown outcome names the event that shows its effect', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'refused', of: 0, status: 500}, {type: 'outside', of: 0, replicas: 2}]);
	const timeline = await open({...made, operations: made.operations.with(2, {...made.operations[2]!, cause: 2})});
	expect(await timeline.change(2)).toMatchObject({type: 'nothing', note: 'outcome unknown: 500 Refused: try again; step 3 shows that it took effect'});
	expect(await timeline.change(3)).toMatchObject({
		type: 'changed', before: replicas(1), after: replicas(2), note: 'by step 2',
	});
});

test('a write that changed nothing is no change, even where it shows the object first', async () => {
	const noop = {verb: 'update', flags: new Set<OperationFlag>(['noop'])};
	const first = makeSession([{type: 'write', of: 0, replicas: 1}]);
	const second = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'outside', of: 0, replicas: 2}]);
	const shown = await open({...first, operations: [{...first.operations[0]!, ...noop}]});
	const overtaken = await open({
		...second, operations: second.operations.with(1, {
			...second.operations[1]!, ...noop, kind: 'request', status: 200,
		}),
	});
	expect(await shown.change(1)).toMatchObject({type: 'nothing', object: {spec: {replicas: 1}}, note: expect.stringMatching(/^changed nothing/v) as unknown});
	expect(await overtaken.change(2)).toMatchObject({
		type: 'changed', before: replicas(1), after: replicas(2), note: 'changed nothing: the object already was like this (resourceVersion 102); it was changed before by somebody outside this recording (field manager kubectl-edit)',
	});
});

test('the bookmark that ends the initial state says what has gone', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'list'}]);
	const bookmark = madeOperation(2, {
		kind: 'event', verb: 'BOOKMARK', collectionResourceVersion: '300', flags: new Set<OperationFlag>(['initialEventsEnd']),
	});
	const timeline = await open({
		...made,
		operations: made.operations.with(1, bookmark),
		versions: [{...made.versions[0]!, until: 2}, {
			...made.versions[0]!, number: 2, kind: 'end', step: 2, body: undefined,
		}],
	});
	expect(await timeline.change(2)).toMatchObject({type: 'many', entered: [{kind: 'end'}], note: 'the initial state was told in full, at resourceVersion 300; 1 gone since they were last seen'});
});

test.each([
	['a write', {verb: 'delete', status: 200}],
	['an event', {kind: 'event', verb: 'DELETED', responseBody: 1}],
] as const)('the end of an object that was never seen, by %s, is no change', async (_, parts) => {
	const key = madeKey(0);
	const timeline = await open({
		operations: [madeOperation(1, {...key, ...parts})],
		versions: [{
			number: 1, key, kind: 'end', apiVersion: 'apps/v1', objectKind: 'Deployment', step: 1, storageEpoch: 1, redacted: false,
		}],
		bodies: [encodeJson({metadata: {name: 'web-0'}})],
	});
	expect(await timeline.change(1)).toMatchObject({type: 'nothing', place: {name: 'web-0'}, note: 'deleted; the recording had not seen it before'});
});

test('a collection deleted at once is many', async () => {
	const made = makeSession([{type: 'write', of: 0, replicas: 1}, {type: 'write', of: 1, replicas: 1}, {type: 'list'}]);
	const ends = made.versions.map((version): ObjectVersion => ({
		...version, number: version.number + 2, kind: 'end', step: 3, body: undefined,
	}));
	const timeline = await open({
		...made,
		operations: made.operations.with(2, {...made.operations[2]!, verb: 'deletecollection'}),
		versions: [...made.versions.map(version => ({...version, until: 3})), ...ends],
	});
	expect(await timeline.change(3)).toMatchObject({type: 'many', entered: [{kind: 'end'}, {kind: 'end'}], note: 'deletecollection: deleted 2 objects'});
});

test('a URL that names no object says what it answered', async () => {
	expect(await changeOfRequest({
		verb: 'get', group: undefined, resource: undefined, namespace: undefined, name: undefined, path: '/healthz',
	})).toMatchObject({type: 'nothing', place: undefined, note: 'get /healthz: answered 200; no object of the cluster'});
});
