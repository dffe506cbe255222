import {isDeepStrictEqual} from 'node:util';
import {expect, test} from 'vitest';
import type {ObjectState, Timeline} from '../../source/timeline/timeline-types.js';
import {capturePath} from '../support/captures.js';
import {importCapture} from '../support/session-file.js';
import {
	foldWrites,
	readAuditWrites,
	type AuditWrite,
	type Expectation,
} from './audit-fold.js';

const seededSteps = (length: number, count: number): readonly number[] => {
	let state = 0x2_F6_E2_B1;
	return Array.from({length: count}, () => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7F_FF_FF_FF; // eslint-disable-line no-bitwise
		return 1 + (state % length);
	});
};

const stepsByAuditId = async (timeline: Timeline): Promise<ReadonlyMap<string, number>> => {
	const steps = new Map<string, number>();
	for (let from = 1; from <= timeline.length; from += 5000) {
		for (const operation of await timeline.operations(from, Math.min(from + 4999, timeline.length))) {
			if (operation.auditId !== undefined && operation.kind === 'request') {
				steps.set(operation.auditId, operation.sequence);
			}
		}
	}

	return steps;
};

type Tally = {compared: number; equal: number; readonly notComparable: Map<string, number>; readonly differences: string[]};

const note = (tally: Tally, why: string): void => {
	tally.notComparable.set(why, (tally.notComparable.get(why) ?? 0) + 1);
};

/** The body as the audit log prints it: typed list items and events may lack kind and apiVersion, nothing else. */
const isSameObject = (state: ObjectState, object: unknown): boolean => {
	const {kind: _kind, apiVersion: _apiVersion, ...left} = state.object;
	const {kind: _otherKind, apiVersion: _otherVersion, ...right} = object as Record<string, unknown>;
	return isDeepStrictEqual(left, right);
};

type Comparison = {readonly step: number; readonly states: ReadonlyMap<string, ObjectState>; readonly contents: ReadonlyMap<string, AuditWrite>};

const compareContent = (tally: Tally, where: string, state: ObjectState, object: unknown): void => {
	if (state.version.apiVersion !== (object as {apiVersion?: string}).apiVersion) {
		note(tally, 'another API version of the object');
		return;
	}

	tally.compared++;
	if (isSameObject(state, object)) {
		tally.equal++;
	} else {
		tally.differences.push(`${where}: content differs at resourceVersion ${state.version.resourceVersion ?? '?'}`);
	}
};

const compareOne = (tally: Tally, uid: string, expected: Expectation, {step, states, contents}: Comparison): void => {
	const state = states.get(uid);
	const where = `step ${step}, uid ${uid}`;
	if (expected.type === 'ended') {
		tally.compared++;
		if (state === undefined) {
			tally.equal++;
		} else {
			tally.differences.push(`${where}: ended in the log, still in the state`);
		}

		return;
	}

	if (expected.type === 'open') {
		note(tally, 'written by a client outside the recording: the log cannot say when the operator was told');
		const known = state === undefined ? undefined : contents.get(`${uid} ${state.version.resourceVersion ?? ''}`)?.object;
		if (known && state?.whole) {
			compareContent(tally, where, state, known);
		}

		return;
	}

	if (state?.version.resourceVersion !== expected.resourceVersion) {
		tally.compared++;
		tally.differences.push(`${where}: the log says ${expected.resourceVersion}, the state ${state?.version.resourceVersion ?? 'nothing'}`);
		return;
	}

	compareContent(tally, where, state, expected.object);
};

const compareStep = async (timeline: Timeline, tally: Tally, writes: readonly AuditWrite[], stepOf: ReadonlyMap<string, number>, step: number): Promise<void> => {
	const states = new Map<string, ObjectState>();
	for await (const state of timeline.stateAt(step)) {
		states.set(state.version.key.uid, state);
	}

	const contents = new Map(writes.map(write => [`${write.uid} ${write.resourceVersion ?? ''}`, write]));
	const fold = foldWrites(writes, stepOf, step);
	for (const [uid, expected] of fold) {
		compareOne(tally, uid, expected, {step, states, contents});
	}

	for (const uid of states.keys()) {
		if (!fold.has(uid)) {
			note(tally, 'no write of it in the log (it existed before)');
		}
	}
};

test.for(['sample-controller', 'must-gather-operator', 'stale-cache-duplicates', 'conflicts-and-lost-updates', 'protocol-tour', 'hot-loops'])(
	'%s: at 200 random steps the state is what the audit log\'s writes fold to',
	async (name, {skip}) => {
		const har = capturePath(`${name}.har.gz`);
		const audit = capturePath(`${name}.audit.jsonl.gz`);
		if (har === undefined || audit === undefined) {
			skip(`capture ${name} is not here`);
			return;
		}

		const session = await importCapture(har, {redact: false});
		const timeline = await session.open();
		const writes = readAuditWrites(audit);
		const stepOf = await stepsByAuditId(timeline);
		const tally: Tally = {
			compared: 0, equal: 0, notComparable: new Map(), differences: [],
		};
		for (const step of seededSteps(timeline.length, 200)) {
			await compareStep(timeline, tally, writes, stepOf, step);
		}

		await timeline.store.close();
		session.remove();
		console.log(`${name}: compared ${tally.compared}, equal ${tally.equal}; not comparable: ${[...tally.notComparable].map(([why, count]) => `${count} × ${why}`).join('; ')}`);
		expect(tally.differences.slice(0, 5)).toEqual([]);
		expect(tally.equal).toBe(tally.compared);
		expect(tally.compared).toBeGreaterThan(0);
	},
);
