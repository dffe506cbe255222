import {expect, test} from 'vitest';
import {compareResourceVersions} from '../../source/model/resource-version.js';
import type {Operation} from '../../source/model/operation.js';
import {type IngestedCapture, ingestCapture} from '../support/ingest-capture.js';

const tour = ingestCapture('protocol-tour');

const uidAt = ({store}: IngestedCapture, step: number): string => store.operations.get(step)?.uid ?? '';

const eventsOf = ({store}: IngestedCapture, uid: string): readonly Operation[] =>
	store.operations.values().filter(operation => operation.kind === 'event' && operation.uid === uid).toArray();

test('rule 1: most versions of the hot loops were delivered before their write\'s response ended, and all entered with the write', async () => {
	const capture = await ingestCapture('hot-loops');
	if (capture === undefined) {
		return;
	}

	const {operations, versions} = capture.store;
	const writes = new Map(operations.values().filter(operation => ['update', 'patch'].includes(operation.verb))
		.map(operation => [`${operation.uid} ${operation.resourceVersion}`, operation]));
	const early = operations.values().filter(event => {
		const write = event.kind === 'event' && event.uid !== undefined ? writes.get(`${event.uid} ${event.resourceVersion}`) : undefined;
		return write?.endedAt !== undefined && event.arrivedAt < write.endedAt;
	}).toArray();
	expect(early.length).toBeGreaterThan(5000);
	expect(early.filter(event => event.cause !== writes.get(`${event.uid} ${event.resourceVersion}`)?.sequence)).toEqual([]);
	const rows = new Map(versions.values().map(version => [`${version.key.uid} ${version.resourceVersion}`, version]));
	expect(early.filter(event => rows.get(`${event.uid} ${event.resourceVersion}`)?.step !== event.cause)).toEqual([]);
});

test('rule 1: foo-3-dep, scaled past the recording, enters with the event that shows it, and is corrected by a write', async () => {
	const capture = await ingestCapture('sample-controller');
	if (capture === undefined) {
		return;
	}

	const {store} = capture;
	const history = store.versions.values().filter(version => version.key.name === 'foo-3-dep').toArray().toSorted((left, right) => left.step - right.step);
	const replicas = history.map(version => {
		const operation = store.operations.get(version.step);
		return [operation?.kind, operation?.verb];
	});
	expect(replicas.slice(0, 3)).toEqual([['request', 'create'], ['event', 'MODIFIED'], ['request', 'update']]);
	expect(store.operations.get(history[1]!.step)?.changed).toContain('spec.replicas');
	expect(store.operations.get(history[2]!.step)?.changed).toContain('spec.replicas');
});

test('rule 2: versions that arrive below one already seen of their uid never become the state', async () => {
	const capture = await ingestCapture('conflicts-and-lost-updates');
	if (capture === undefined) {
		return;
	}

	const counter = capture.store.versions.values().filter(version => version.key.name === 'counter').toArray().toSorted((left, right) => left.number - right.number);
	expect(counter.length).toBeGreaterThan(300);
	for (const version of counter) {
		const newer = counter.filter(other => other.step <= version.step && (compareResourceVersions(other.resourceVersion, version.resourceVersion) ?? 0) > 0);
		expect(version.until === version.step).toBe(newer.length > 0);
	}
});

test('rule 3: no version is made of a Scale, a Table, a TokenRequest or a dry run', async () => {
	const capture = await tour;
	if (capture === undefined) {
		return;
	}

	const {store, labStep} = capture;
	expect(new Set(store.versions.values().map(version => version.objectKind))).not.toContain('Scale');
	const versions = store.versions.values().filter(version => version.kind !== 'end').toArray();
	const steps = new Set(versions.map(version => version.step));
	for (const name of ['62 ', '63 ', '73 ', '46 ', '29 ', '30 ', '31 ']) {
		expect(steps.has(labStep(name)), name).toBe(false);
	}

	expect(store.operations.get(labStep('46 '))?.flags).toContain('dryRun');
	expect(store.operations.get(labStep('21 '))?.flags).toContain('noop');
	expect(store.operations.get(labStep('52 '))?.flags).toContain('noop');
	expect(store.operations.get(labStep('63 '))?.objectKind).toBe('Scale');
});

test('rule 3: the response to the removal of the last finalizer is no version; it ends the uid, and is the cause of the DELETED events', async () => {
	const capture = await tour;
	if (capture === undefined) {
		return;
	}

	const {store, labStep} = capture;
	const [mark, removal] = [labStep('23 '), labStep('24 ')];
	const uid = uidAt(capture, mark);
	expect(store.stateOf(uid, mark)).toMatchObject({resourceVersion: '227', step: mark});
	expect(store.stateOf(uid, removal - 1)?.resourceVersion).toBe('227');
	expect(store.stateOf(uid, removal)).toBeUndefined();
	const deleted = eventsOf(capture, uid).filter(event => event.verb === 'DELETED');
	expect(deleted.length).toBeGreaterThan(2);
	expect(new Set(deleted.map(event => event.cause))).toEqual(new Set([removal]));
	expect(new Set(deleted.map(event => event.resourceVersion))).toEqual(new Set(['228']));
});

test('rule 4: an object that left a selecting watch lives on; the event\'s cause is the patch that moved it out', async () => {
	const capture = await tour;
	if (capture === undefined) {
		return;
	}

	const {store, labStep} = capture;
	const patch = labStep('20 ');
	const uid = uidAt(capture, patch);
	const left = eventsOf(capture, uid).filter(event => event.verb === 'DELETED' && event.process === 'w-label');
	expect(left).toHaveLength(1);
	expect(left[0]).toMatchObject({cause: patch, resourceVersion: '225'});
	expect(store.stateOf(uid, left[0]!.sequence)?.resourceVersion).toBe('225');
});

test('rule 4: a delete answered with a Status ends the uid at its step, a namespace marked for deletion lives on', async () => {
	const capture = await tour;
	if (capture === undefined) {
		return;
	}

	const {store, labStep} = capture;
	const deletion = labStep('25 ');
	const uid = uidAt(capture, deletion);
	expect(store.stateOf(uid, deletion - 1)).toBeDefined();
	expect(store.stateOf(uid, deletion)).toBeUndefined();
	const namespace = labStep('97 ');
	expect(store.stateOf(uidAt(capture, namespace), namespace)).toMatchObject({objectKind: 'Namespace', resourceVersion: '866'});
	const foreground = labStep('67 ');
	expect(store.stateOf(uidAt(capture, foreground), foreground)).toMatchObject({objectKind: 'Deployment', step: foreground});
});

test('rule 4: a deletecollection ends the objects it is answered with, and only those', async () => {
	const capture = await tour;
	if (capture === undefined) {
		return;
	}

	const {store, labStep} = capture;
	const [some, all] = [labStep('87 '), labStep('88 ')];
	const configMapsAt = (step: number) => store.stateAt(step).filter(version => version.key.resource === 'configmaps');
	const [before, between] = [configMapsAt(some - 1), configMapsAt(some)];
	expect(between.length).toBeLessThan(before.length);
	expect(between.length).toBeGreaterThan(100);
	expect(configMapsAt(all)).toEqual([]);
});

test('rule 5: what the captures\' apiserver refused or failed to do left every object as it was', async () => {
	const capture = await tour;
	if (capture === undefined) {
		return;
	}

	const refused = capture.store.operations.values().filter(operation => operation.kind === 'request' && (operation.status ?? 500) >= 400).toArray();
	expect(refused.length).toBeGreaterThan(30);
	const steps = new Set(capture.store.versions.values().map(version => version.step));
	expect(refused.filter(operation => steps.has(operation.sequence))).toEqual([]);
});

test('an operator that was stopped and started again lives twice; a watch refused and repeated is no restart', async () => {
	for (const name of ['sample-controller', 'must-gather-operator']) {
		const capture = await ingestCapture(name);
		const epochs = capture?.store.operations.values().map(operation => operation.epoch).toArray();
		expect(new Set(epochs ?? [1, 2])).toEqual(new Set([1, 2]));
	}
});
