import {expect, test} from 'vitest';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import {maximumPages, operationsPerPage} from '../../source/timeline/page-cache.js';
import {createTimelineStore} from '../support/timeline-store.js';
import {madeOperation, makeSession, storeSession} from './made-session.js';

const plain = (length: number) => ({
	operations: Array.from({length}, (_, index) => madeOperation(index + 1)), versions: [], bodies: [],
});

test('without a name the only session is opened', async () => {
	const store = createTimelineStore();
	await storeSession(store, 'only', plain(3));
	const timeline = await openTimeline(store);
	expect([timeline.session.id, timeline.length]).toEqual(['only', 3]);
});

test('without a name several sessions are a usage error that lists them, and no more than a screen of them', async () => {
	const store = createTimelineStore();
	for (let index = 1; index <= 30; index++) {
		await storeSession(store, `session-${index}`, plain(1));
	}

	await expect(openTimeline(store)).rejects.toMatchObject({exitCode: 2, message: expect.stringMatching(/30 sessions.*session-1, .*session-20 and 10 more/v) as unknown});
	await expect(openTimeline(store)).rejects.not.toMatchObject({message: expect.stringContaining('session-21') as unknown});
});

test('a store without a session, and one without the session named, are usage errors', async () => {
	const store = createTimelineStore();
	await expect(openTimeline(store)).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining('no session') as unknown});
	await expect(openTimeline(store, 'x')).rejects.toMatchObject({exitCode: 2});
});

test('operations come in order across pages, and none beyond either end', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', plain((operationsPerPage * 3) + 5));
	const timeline = await openTimeline(store);
	const around = await timeline.operations(operationsPerPage - 2, (operationsPerPage * 2) + 2);
	expect(around.map(({sequence}) => sequence)).toEqual(Array.from({length: operationsPerPage + 5}, (_, index) => operationsPerPage - 2 + index));
	expect(await timeline.operations(-5, 2)).toHaveLength(2);
	expect(await timeline.operations(timeline.length, timeline.length + 100)).toHaveLength(1);
	expect(await timeline.operations(timeline.length + 1, timeline.length + 9)).toEqual([]);
	expect([await timeline.operation(0), await timeline.operation(timeline.length + 1)]).toEqual([undefined, undefined]);
	await expect(timeline.operations(1, 20_000)).resolves.toHaveLength(timeline.length);
});

test('stepping within a page asks the store once', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', plain(operationsPerPage * 2));
	const timeline = await openTimeline(store);
	for (let step = 1; step <= operationsPerPage; step++) {
		expect(await timeline.operation(step)).toMatchObject({sequence: step});
	}

	expect(store.questions.operations).toBe(1);
});

test('a page that was pushed out by others is read again: no more are kept than the cap says', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', plain(operationsPerPage * (maximumPages + 1)));
	const timeline = await openTimeline(store);
	for (let page = 0; page <= maximumPages; page++) {
		await timeline.operation((page * operationsPerPage) + 1);
	}

	expect(store.questions.operations).toBe(maximumPages + 1);
	await timeline.operation((maximumPages * operationsPerPage) + 1);
	expect(store.questions.operations).toBe(maximumPages + 1);
	await timeline.operation(1);
	expect(store.questions.operations).toBe(maximumPages + 2);
});

test('a page that failed to load is asked for again', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', plain(3));
	let failures = 1;
	const flaky = {
		...store,
		async queryOperations(query: Parameters<typeof store.queryOperations>[0]) {
			if (failures > 0) {
				failures--;
				throw new Error('backend gone');
			}

			return store.queryOperations(query);
		},
	};
	const timeline = await openTimeline(flaky);
	await expect(timeline.operation(2)).rejects.toThrow('backend gone');
	expect(await timeline.operation(2)).toMatchObject({sequence: 2});
});

test('a session still being recorded grows, and its requests complete, when it is refreshed', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', {...plain(2), operations: [madeOperation(1), madeOperation(2, {end: undefined})]}, {open: true});
	const timeline = await openTimeline(store);
	expect(await timeline.operation(2)).not.toHaveProperty('status');
	await store.write('s', {
		bodies: [], operations: [{operation: madeOperation(3)}], completions: [{completion: {sequence: 2, status: 201}}], versions: [], gaps: [], session: {operations: 3},
	});
	expect(timeline.length).toBe(2);
	expect(await timeline.operation(3)).toBeUndefined();
	await timeline.refresh();
	expect([timeline.length, timeline.session.operations]).toEqual([3, 3]);
	expect(await timeline.operation(2)).toMatchObject({status: 201});
	expect(await timeline.operation(3)).toMatchObject({sequence: 3});
});

test('the history of an object holds its incarnations in order, up to the limit', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', makeSession([
		{type: 'write', of: 0, replicas: 1},
		{type: 'write', of: 1, replicas: 1},
		{type: 'outside', of: 0, replicas: 2},
		{type: 'delete', of: 0},
		{type: 'write', of: 0, replicas: 3},
	]));
	const timeline = await openTimeline(store);
	const history = await timeline.history({
		group: 'apps', resource: 'deployments', namespace: 'default', name: 'web-0',
	}, 10);
	expect(history.map(({step, kind, key}) => [step, kind, key.uid])).toEqual([
		[1, 'whole', 'uid-0-1'], [3, 'whole', 'uid-0-1'], [4, 'end', 'uid-0-1'], [5, 'whole', 'uid-0-2'],
	]);
	expect(await timeline.history(history[0]!.key, 2)).toHaveLength(2);
});

test('marks are kept with the session', async () => {
	const store = createTimelineStore();
	await storeSession(store, 's', plain(5));
	const timeline = await openTimeline(store);
	await timeline.saveMark({letter: 'a', step: 3});
	await timeline.saveMark({letter: 'a', step: 4});
	const again = await openTimeline(store);
	expect(await again.listMarks()).toEqual([{letter: 'a', step: 4}]);
});
