import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {BreakpointPattern} from '../../source/model/breakpoint.js';
import {isError} from '../../source/model/operation.js';
import {compileExpression} from '../../source/expression/compile-expression.js';
import {maximumBreakpoints} from '../../source/timeline/breakpoints.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {createTimelineStore, type TimelineStore} from '../support/timeline-store.js';
import {anyActions} from './actions.js';
import {
	madeOperation,
	makeSession,
	storeSession,
	type Action,
} from './made-session.js';
import {holdsByHand, walkStops} from './breakpoint-oracle.js';

const openStored = async (actions: readonly Action[]): Promise<{timeline: Timeline; store: TimelineStore}> => {
	const store = createTimelineStore();
	await storeSession(store, 's', makeSession(actions));
	return {timeline: await openTimeline(store), store};
};

const conditions = [
	'status == 409',
	'verb == "update" && status >= 400',
	'name.endsWith("1")',
	'object.spec.replicas > 4',
	'after.spec.replicas > before.spec.replicas',
	'verb == "update" && request == null',
] as const;

/** Most parts are not given, so that most patterns hold somewhere. */
const seldom = (...values: readonly string[]): fc.Arbitrary<string | undefined> =>
	fc.oneof({weight: 3, arbitrary: fc.constant(undefined)}, {weight: 1, arbitrary: fc.constantFrom(...values)});

const anyPattern: fc.Arbitrary<BreakpointPattern> = fc.record({
	verb: seldom('create', 'update', 'DELETE', 'get', 'MODIFIED', 'added', 'list'),
	group: seldom('apps', 'apps', 'apps', ''),
	resource: seldom('deployments', 'deployments', 'deployments', 'pods'),
	namespace: seldom('default', 'default', 'default', 'other'),
	name: seldom('web-0', 'web-1', 'web-2'),
	status: seldom('409', '4xx', '2xx', '5xx', '201'),
	condition: seldom(...conditions),
});

test('the steps of a breakpoint are those at which its parts hold, one by one', async () => {
	await fc.assert(fc.asyncProperty(anyActions, anyPattern, async (actions, pattern) => {
		const {timeline} = await openStored(actions);
		const breakpoint = await timeline.breakpoints.add(pattern);
		expect([...await timeline.breakpoints.steps(breakpoint)]).toEqual(await holdsByHand(timeline, pattern));
	}), {numRuns: 150});
});

test('reverse-continue stops where continue stops, in reverse, and both stop at every hit', async () => {
	await fc.assert(fc.asyncProperty(anyActions, fc.array(anyPattern, {minLength: 1, maxLength: 4}), async (actions, patterns) => {
		const {timeline} = await openStored(actions);
		for (const pattern of patterns) {
			await timeline.breakpoints.add(pattern);
		}

		const forward = await walkStops(timeline, 'forward');
		const backward = await walkStops(timeline, 'backward');
		expect(backward.toReversed()).toEqual(forward);
		const hits = new Set<number>();
		for (const pattern of patterns) {
			for (const step of await holdsByHand(timeline, pattern)) {
				hits.add(step);
			}
		}

		expect(forward.map(({step}) => step)).toEqual([...hits].toSorted((left, right) => left - right));
	}), {numRuns: 60});
});

test('continue stops nowhere without a breakpoint that is enabled', async () => {
	const {timeline} = await openStored([{type: 'write', of: 0, replicas: 1}]);
	expect(await timeline.breakpoints.resume(0, 'forward')).toBeUndefined();
	const breakpoint = await timeline.breakpoints.add({verb: 'create'});
	expect(await timeline.breakpoints.resume(0, 'forward')).toMatchObject({step: 1});
	expect(await timeline.breakpoints.resume(1, 'forward')).toBeUndefined();
	expect(await timeline.breakpoints.resume(2, 'backward')).toMatchObject({step: 1});
	await timeline.breakpoints.save({...breakpoint, enabled: false});
	expect(await timeline.breakpoints.resume(0, 'forward')).toBeUndefined();
	expect(await timeline.breakpoints.hitsAt(1)).toEqual([]);
	expect([...await timeline.breakpoints.steps({...breakpoint, enabled: false})]).toEqual([1]);
});

test('breakpoints that columns decide are found without reading what lies between', async () => {
	const store = createTimelineStore();
	const operations = Array.from({length: 5000}, (_, index) => madeOperation(index + 1, {status: index === 4990 ? 409 : 200}));
	await storeSession(store, 's', {operations, versions: [], bodies: []});
	const timeline = await openTimeline(store);
	await timeline.breakpoints.add({status: '409'});
	await timeline.breakpoints.add({resource: 'pods'});
	store.questions.rows = 0;
	expect(await timeline.breakpoints.resume(0, 'forward')).toMatchObject({step: 4991});
	// One row for the stop, and the page that shows it.
	expect(store.questions.rows).toBeLessThanOrEqual(1 + 256);
});

test('ids increase and are not given twice; breakpoints are kept with the session', async () => {
	const {timeline, store} = await openStored([]);
	const ids: number[] = [];
	for (const verb of ['get', 'list', 'watch']) {
		const {id} = await timeline.breakpoints.add({verb});
		ids.push(id);
	}

	await timeline.breakpoints.remove(3);
	const next = await timeline.breakpoints.add({verb: 'patch'});
	expect([...ids, next.id]).toEqual([1, 2, 3, 4]);
	const again = await openTimeline(store);
	const kept = await again.breakpoints.list();
	expect(kept.map(({id, pattern}) => [id, pattern.verb])).toEqual([[1, 'get'], [2, 'list'], [4, 'patch']]);
	expect(await again.breakpoints.add({verb: 'delete'})).toMatchObject({id: 5});
});

test('a condition that does not compile, and a status that is none, are refused', async () => {
	const {timeline} = await openStored([]);
	await expect(timeline.breakpoints.add({condition: 'verb =='})).rejects.toMatchObject({exitCode: 2});
	await expect(timeline.breakpoints.add({status: '4x'})).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining('409 or 4xx') as unknown});
	await expect(timeline.breakpoints.add({name: 'x'.repeat(5000)})).rejects.toMatchObject({exitCode: 2});
	expect(await timeline.breakpoints.list()).toEqual([]);
});

test('a stored breakpoint whose condition does not compile is named when it is needed, and can be disabled', async () => {
	const {timeline, store} = await openStored([{type: 'list'}]);
	await store.saveBreakpoint('s', {id: 7, enabled: true, pattern: {condition: 'nonsense('}});
	await expect(timeline.breakpoints.resume(0, 'forward')).rejects.toMatchObject({exitCode: 2, message: expect.stringMatching(/^breakpoint 7: /v) as unknown});
	await store.saveBreakpoint('s', {id: 7, enabled: false, pattern: {condition: 'nonsense('}});
	expect(await timeline.breakpoints.resume(0, 'forward')).toBeUndefined();
});

test('no more breakpoints are added than the cap says', async () => {
	const {timeline, store} = await openStored([]);
	for (let id = 1; id <= maximumBreakpoints; id++) {
		await store.saveBreakpoint('s', {id, enabled: true, pattern: {}});
	}

	await expect(timeline.breakpoints.add({verb: 'get'})).rejects.toMatchObject({exitCode: 2});
});

test('the breakpoint of an operation is its object and verb, and holds there', async () => {
	const {timeline} = await openStored([{type: 'write', of: 0, replicas: 1}, {type: 'list'}, {type: 'outside', of: 0, replicas: 2}]);
	const [create, list, event] = await timeline.operations(1, 3);
	expect(timeline.breakpoints.patternFor(create!)).toEqual({
		verb: 'create', group: 'apps', resource: 'deployments', subresource: '', namespace: 'default', name: 'web-0',
	});
	expect(timeline.breakpoints.patternFor(list!)).toEqual({
		verb: 'list', group: 'apps', resource: 'deployments', subresource: '', namespace: 'default',
	});
	expect(timeline.breakpoints.patternFor(event!)).toEqual({
		verb: 'MODIFIED', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web-0',
	});
});

test('pressing b on any operation gives a breakpoint that holds there', async () => {
	await fc.assert(fc.asyncProperty(anyActions, async actions => {
		const {timeline} = await openStored(actions);
		for (const operation of await timeline.operations(1, timeline.length)) {
			const {id} = await timeline.breakpoints.add(timeline.breakpoints.patternFor(operation));
			const hits = await timeline.breakpoints.hitsAt(operation.sequence);
			expect(hits.map(breakpoint => breakpoint.id)).toContain(id);
		}
	}), {numRuns: 20});
});

test('a breakpoint on a URL that names no object holds at that URL', async () => {
	const store = createTimelineStore();
	const operations = ['/healthz', '/api/"v1"', '/healthz'].map((path, index) => madeOperation(index + 1, {path}));
	await storeSession(store, 's', {operations, versions: [], bodies: []});
	const timeline = await openTimeline(store);
	const steps = await Promise.all(operations.slice(0, 2).map(async operation => {
		const breakpoint = {id: 1, enabled: true, pattern: timeline.breakpoints.patternFor(operation)};
		return [...await timeline.breakpoints.steps(breakpoint)];
	}));
	expect(steps).toEqual([[1, 3], [2]]);
});

test('next and previous error, and next on the same object, agree with a look at every operation', async () => {
	await fc.assert(fc.asyncProperty(anyActions, fc.nat({max: 41}), async (actions, wish) => {
		const {timeline} = await openStored(actions);
		const operations = await timeline.operations(1, timeline.length);
		const step = wish % (timeline.length + 1);
		expect(await timeline.nextError(step, 'forward')).toBe(operations.find(operation => operation.sequence > step && isError(operation))?.sequence);
		expect(await timeline.nextError(step, 'backward')).toBe(operations.findLast(operation => operation.sequence < step && isError(operation))?.sequence);
		const here = operations[step - 1];
		const isSame = (operation: typeof operations[number]): boolean => here !== undefined
			&& (['group', 'resource', 'namespace', 'name'] as const).every(part => (operation[part] ?? '') === (here[part] ?? ''));
		expect(await timeline.nextOnObject(step, 'forward')).toBe(operations.find(operation => operation.sequence > step && isSame(operation))?.sequence);
		expect(await timeline.nextOnObject(step, 'backward')).toBe(operations.findLast(operation => operation.sequence < step && isSame(operation))?.sequence);
	}), {numRuns: 100});
});

test('a search finds what a look at every operation finds, either way', async () => {
	await fc.assert(fc.asyncProperty(anyActions, fc.constantFrom(...conditions), fc.nat({max: 41}), async (actions, condition, wish) => {
		const {timeline} = await openStored(actions);
		const expression = compileExpression(condition);
		const expected = await holdsByHand(timeline, {condition});
		const step = wish % (timeline.length + 1);
		expect([...await timeline.matches(expression)]).toEqual(expected);
		expect(await timeline.nextMatch(step, 'forward', expression)).toBe(expected.find(found => found > step));
		expect(await timeline.nextMatch(step, 'backward', expression)).toBe(expected.findLast(found => found < step));
	}), {numRuns: 100});
});
