import fc from 'fast-check';
import {expect, test} from 'vitest';
import {placeId} from '../../source/model/object-key.js';
import {stringifyJson} from '../../source/kubernetes/decode-body.js';
import type {ObjectVersion} from '../../source/model/object-version.js';
import {objectsPerPage} from '../../source/timeline/state.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {ObjectState, StateQuery, Timeline} from '../../source/timeline/timeline-types.js';
import {createTimelineStore} from '../support/timeline-store.js';
import {anyActions} from './actions.js';
import {
	encodeJson,
	madeKey,
	madeOperation,
	makeSession,
	storeSession,
	type MadeSession,
} from './made-session.js';
import {
	expectSameStates,
	stateAt,
	statesBackwards,
	statesByJumps,
	statesBySteps,
} from './walk-states.js';

const openMade = async (made: Omit<MadeSession, 'fold'>): Promise<Timeline> => {
	const store = createTimelineStore();
	await storeSession(store, 's', made);
	return openTimeline(store);
};

const objectsAt = async (timeline: Timeline, step: number, query?: StateQuery): Promise<readonly ObjectState[]> => {
	let states: readonly ObjectState[] = [];
	for await (const state of timeline.stateAt(step, query)) {
		states = [...states, state];
	}

	return states;
};

const namesAt = async (timeline: Timeline, step: number, query?: StateQuery): Promise<readonly string[]> => {
	const states = await objectsAt(timeline, step, query);
	return states.map(({version: {key}}) => [key.group, key.resource, key.namespace, key.name].join('/'));
};

test('the state at a step is the same by single steps, by jumps and backwards, whatever happened', async () => {
	await fc.assert(fc.asyncProperty(anyActions, async actions => {
		const made = makeSession(actions);
		const open = async () => openMade(made);
		const bySteps = await statesBySteps(await open());
		expectSameStates(await statesBackwards(await open()), bySteps);
		expectSameStates(await statesByJumps(open, async timeline => timeline.store.close()), bySteps);
	}), {numRuns: 30});
});

const anyWalk = fc.array(fc.nat({max: 40}), {maxLength: 30});

test('a timeline that was asked for steps in any order answers as a fresh one', async () => {
	await fc.assert(fc.asyncProperty(anyActions, anyWalk, async (actions, walk) => {
		const made = makeSession(actions);
		const expected = await statesBySteps(await openMade(made));
		const shared = await openMade(made);
		for (const wish of walk) {
			const step = wish % (made.operations.length + 1);
			await shared.change(step);
			expect(await stateAt(shared, step)).toBe(expected[step]);
		}
	}), {numRuns: 30});
});

test('the state at every step holds exactly the objects that a fold of the history gives', async () => {
	await fc.assert(fc.asyncProperty(anyActions, async actions => {
		const made = makeSession(actions);
		const timeline = await openMade(made);
		for (const [step, expected] of made.fold.entries()) {
			const found = await objectsAt(timeline, step);
			const foundTexts = found.map(({version, object}) => `${placeId(version.key)} ${stringifyJson(object)}`);
			const expectedTexts = expected.entries().map(([id, object]) => `${id} ${stringifyJson(object)}`).toArray();
			expect(foundTexts).toEqual(expectedTexts.toSorted((left, right) => left.localeCompare(right)));
			for (const of of [0, 1, 2, 3]) {
				const key = madeKey(of);
				const state = await timeline.objectAt(step, key);
				const wanted = expected.get(placeId(key));
				expect(state?.object).toEqual(wanted);
			}
		}
	}), {numRuns: 50});
});

const place = (group: string, resource: string, namespace: string, name: string) => ({
	group, resource, namespace, name,
});

/** One version each, entered at step 1, in an order that is not that of names. */
const manyObjects = (places: ReadonlyArray<ReturnType<typeof place>>): Omit<MadeSession, 'fold'> => ({
	operations: [madeOperation(1, {verb: 'list'})],
	bodies: places.map(({name, namespace}, index) => encodeJson({
		metadata: {name, namespace, labels: {parity: index % 2 === 0 ? 'even' : 'odd'}}, spec: {nodeName: `node-${index % 3}`}, status: {phase: index % 2 === 0 ? 'Running' : 'Pending'},
	})),
	versions: places.map((where, index): ObjectVersion => ({
		number: index + 1, key: {...where, uid: `uid-${index}`}, kind: 'whole', apiVersion: 'v1', objectKind: 'Pod', resourceVersion: String(index + 1), step: 1, storageEpoch: 1, body: index + 1, redacted: false,
	})),
});

test('a state streams its objects by group, resource, namespace and name, across pages', async () => {
	const places = Array.from({length: objectsPerPage * 3}, (_, index) =>
		place(index % 5 === 0 ? 'apps' : '', index % 2 === 0 ? 'pods' : 'configmaps', `ns-${index % 7}`, `x-${index * 7919 % 1000}`));
	const names = await namesAt(await openMade(manyObjects(places)), 1);
	expect(names).toEqual(places.map(({group, resource, namespace, name}) => [group, resource, namespace, name]).toSorted((left, right) => {
		const difference = left.findIndex((part, index) => part !== right[index]);
		return difference === -1 ? 0 : (left[difference]! < right[difference]! ? -1 : 1);
	}).map(parts => parts.join('/')));
});

test('a state can be asked for by place, labels and fields', async () => {
	const timeline = await openMade(manyObjects([
		place('', 'pods', 'default', 'b'), place('', 'pods', 'default', 'a'), place('', 'pods', 'other', 'c'), place('apps', 'deployments', 'default', 'd'),
	]));
	expect(await namesAt(timeline, 1, {resource: 'pods'})).toEqual(['/pods/default/a', '/pods/default/b', '/pods/other/c']);
	expect(await namesAt(timeline, 1, {namespace: 'default'})).toEqual(['/pods/default/a', '/pods/default/b', 'apps/deployments/default/d']);
	expect(await namesAt(timeline, 1, {group: 'apps'})).toEqual(['apps/deployments/default/d']);
	expect(await namesAt(timeline, 1, {name: 'c'})).toEqual(['/pods/other/c']);
	expect(await namesAt(timeline, 1, place('', 'pods', 'default', 'a'))).toEqual(['/pods/default/a']);
	expect(await namesAt(timeline, 1, {labelSelector: 'parity=even'})).toEqual(['/pods/default/b', '/pods/other/c']);
	expect(await namesAt(timeline, 1, {resource: 'pods', fieldSelector: 'status.phase!=Running'})).toEqual(['/pods/default/a']);
	expect(await namesAt(timeline, 0)).toEqual([]);
});

test('a selector that cannot be read is a usage error', async () => {
	const timeline = await openMade(manyObjects([place('', 'pods', 'default', 'a')]));
	await expect(namesAt(timeline, 1, {labelSelector: 'a in (b'})).rejects.toMatchObject({name: 'KubestepError', exitCode: 2});
});

const versionOf = (number: number, changes: Partial<ObjectVersion>): ObjectVersion => ({
	number, key: madeKey(0), kind: 'whole', apiVersion: 'apps/v1', objectKind: 'Deployment', resourceVersion: String(number), step: number, storageEpoch: 1, redacted: false, ...changes,
});

test('an object known by its metadata has the rest of an older version, and is not whole', async () => {
	const timeline = await openMade({
		operations: [madeOperation(1), madeOperation(2), madeOperation(3)],
		bodies: [
			encodeJson({
				apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web-0', labels: {a: 'old'}}, spec: {replicas: 3},
			}),
			encodeJson({apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: {name: 'web-0', labels: {a: 'new'}}}),
		],
		versions: [
			versionOf(1, {body: 1, until: 2}),
			versionOf(2, {
				kind: 'metadata', body: 2, rest: {step: 1, body: 1, resourceVersion: '1'}, until: 3,
			}),
			versionOf(3, {kind: 'metadata', body: 2, key: madeKey(0)}),
		],
	});
	const whole = await timeline.objectAt(1, madeKey(0));
	const merged = await timeline.objectAt(2, madeKey(0));
	const alone = await timeline.objectAt(3, madeKey(0));
	expect(whole).toMatchObject({whole: true, object: {metadata: {labels: {a: 'old'}}, spec: {replicas: 3}}});
	expect(merged).toMatchObject({whole: false, object: {kind: 'Deployment', metadata: {labels: {a: 'new'}}, spec: {replicas: 3}}});
	expect(alone?.whole).toBe(false);
	expect(alone?.object).toEqual({apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web-0', labels: {a: 'new'}}});
});

test('an object whose body cannot be decoded is shown by its identity, and is not whole', async () => {
	const timeline = await openMade({
		operations: [madeOperation(1)], bodies: [new Uint8Array([0, 1, 2, 255])], versions: [versionOf(1, {body: 1})],
	});
	expect(await timeline.objectAt(1, madeKey(0))).toMatchObject({
		whole: false, object: {
			apiVersion: 'apps/v1', kind: 'Deployment', metadata: {
				name: 'web-0', namespace: 'default', uid: 'uid-0-1', resourceVersion: '1',
			},
		},
	});
});

test('an item of a list, which has no kind of its own, gets it first', async () => {
	const timeline = await openMade({
		operations: [madeOperation(1)], bodies: [encodeJson({metadata: {name: 'web-0'}})], versions: [versionOf(1, {body: 1})],
	});
	const state = await timeline.objectAt(1, madeKey(0));
	expect(Object.entries(state!.object)).toEqual([['apiVersion', 'apps/v1'], ['kind', 'Deployment'], ['metadata', {name: 'web-0'}]]);
});
