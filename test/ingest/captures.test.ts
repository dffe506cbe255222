import {env} from 'node:process';
import {describe, expect, test} from 'vitest';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {readFacts} from '../../source/ingest/object-facts.js';
import {bodyDigest, chainHash} from '../../source/ingest/operation-hash.js';
import {placeId} from '../../source/model/object-key.js';
import type {ObjectVersion} from '../../source/model/object-version.js';
import {compareResourceVersions} from '../../source/model/resource-version.js';
import {type IngestedCapture, ingestCapture} from '../support/ingest-capture.js';

/** Requests and watch events, from captures/README.md. */
const captures = [
	['sample-controller', 92, 43],
	['sample-controller-again', 92, 44],
	['sample-controller-changed', 44, 37],
	['kubectl-session', 149, 28],
	['hot-loops', 5229, 9866],
	['conflicts-and-lost-updates', 2841, 683],
	['stale-cache-duplicates', 13, 25],
	['must-gather-operator', 57, 33],
	['protocol-tour', 424, 501],
	...(env.KUBESTEP_LARGE === undefined ? [] : [['large', 36_332, 35_026] as const]),
] as const;

const list = <Value>(values: Iterable<Value>): readonly Value[] => Array.from(values); // eslint-disable-line unicorn/prefer-spread

const groupBy = <Value>(values: Iterable<Value>, keyOf: (value: Value) => string): ReadonlyMap<string, Value[]> => {
	const groups = new Map<string, Value[]>();
	for (const value of values) {
		const group = groups.get(keyOf(value));
		if (group === undefined) {
			groups.set(keyOf(value), [value]);
		} else {
			group.push(value);
		}
	}

	return groups;
};

const overlaps = (rows: readonly ObjectVersion[]): readonly string[] => {
	const lives = rows.filter(row => row.until === undefined || row.until > row.step).toSorted((left, right) => left.step - right.step);
	return lives.flatMap((row, index) => {
		const next = lives[index + 1];
		return next === undefined || (row.until !== undefined && row.until <= next.step) ? [] : [`${row.key.name} ${row.resourceVersion} reaches into ${next.resourceVersion}`];
	});
};

const wholeVersionsThatDiffer = ({store}: IngestedCapture): readonly string[] => list(store.versions.values()).flatMap(version => {
	if (version.kind !== 'whole') {
		return [];
	}

	const body = store.bodies.get(version.body ?? 0);
	const facts = body === undefined ? undefined : readFacts(decodeBody(body.bytes)?.value);
	const isEqual = facts?.resourceVersion === version.resourceVersion && facts?.uid === version.key.uid && facts.kind === version.objectKind
		&& facts.apiVersion === version.apiVersion;
	return isEqual ? [] : [`${version.key.resource} ${version.key.name} ${version.resourceVersion}: ${facts?.kind} ${facts?.resourceVersion}`];
});

describe.each(captures)('%s', (name, requests, events) => {
	const ingested = ingestCapture(name);

	test('has the requests and watch events its description counts', async () => {
		const capture = await ingested;
		if (capture === undefined) {
			return;
		}

		expect(capture.store.session).toMatchObject({
			requests, events, operations: requests + events, open: false,
		});
		expect(capture.store.operations.size).toBe(requests + events);
		const all = list(capture.store.operations.values());
		expect(all.filter(operation => operation.kind === 'request')).toHaveLength(requests);
		expect(Math.max(...all.map(operation => operation.sequence))).toBe(requests + events);
		expect(all.filter(operation => operation.kind === 'request' && operation.end === undefined)).toEqual([]);
	});

	test('the intervals of one object never overlap, nor do those of one name', async () => {
		const capture = await ingested;
		if (capture === undefined) {
			return;
		}

		const versions = list(capture.store.versions.values());
		expect(versions.length).toBeGreaterThan(0);
		expect(list(groupBy(versions, version => `${version.key.resource} ${version.key.uid}`).values()).flatMap(rows => overlaps(rows))).toEqual([]);
		const alive = versions.filter(version => version.kind !== 'end');
		expect(list(groupBy(alive, version => placeId(version.key)).values()).flatMap(rows => overlaps(rows))).toEqual([]);
	});

	test('every whole version\'s body is an object of that uid, version and kind', async () => {
		const capture = await ingested;
		if (capture === undefined) {
			return;
		}

		expect(wholeVersionsThatDiffer(capture)).toEqual([]);
	});

	test('one uid and resourceVersion is one row, and the states of a uid ascend', async () => {
		const capture = await ingested;
		if (capture === undefined) {
			return;
		}

		const versions = list(capture.store.versions.values()).filter(version => version.kind !== 'end');
		const ids = versions.map(version => `${version.key.resource} ${version.key.uid} ${version.resourceVersion}`);
		expect(new Set(ids).size).toBe(ids.length);
		const falling = list(groupBy(versions, version => `${version.key.resource} ${version.key.uid}`).values()).flatMap(rows => {
			const states = rows.filter(row => row.until !== row.step).toSorted((left, right) => left.step - right.step);
			return states.filter((row, index) => index > 0 && (compareResourceVersions(states[index - 1]!.resourceVersion, row.resourceVersion) ?? 0) >= 0);
		});
		expect(falling).toEqual([]);
		expect(new Set(versions.map(version => version.storageEpoch))).toEqual(new Set([1]));
	});

	test('a version enters at the step of the write that produced it', async () => {
		const capture = await ingested;
		if (capture === undefined) {
			return;
		}

		const rows = new Map(list(capture.store.versions.values()).map(row => [`${row.key.resource} ${row.key.uid} ${row.resourceVersion}`, row]));
		const misplaced = list(capture.store.operations.values()).filter(operation => {
			const isWrite = ['create', 'update', 'patch'].includes(operation.verb) && operation.status !== undefined && operation.status < 300;
			const row = rows.get(`${operation.resource} ${operation.uid} ${operation.resourceVersion}`);
			return isWrite && row !== undefined && !operation.flags.has('dryRun') && !operation.flags.has('noop') && row.step !== operation.sequence
				// The write that removes the last finalizer is answered with the version before.
				&& list(capture.store.versions.values()).every(end => !(end.kind === 'end' && end.step === operation.sequence));
		});
		expect(misplaced).toEqual([]);
	});

	test('an event\'s cause is a write that was answered with the event\'s object and version, or that ended it', async () => {
		const capture = await ingested;
		if (capture === undefined) {
			return;
		}

		const {operations, versions} = capture.store;
		const ends = new Set(list(versions.values()).filter(version => version.kind === 'end').map(version => `${version.key.uid} ${version.step}`));
		const caused = operations.values().filter(operation => operation.cause !== undefined).toArray();
		const wrong = caused.filter(event => {
			const cause = operations.get(event.cause ?? 0);
			return !(cause?.uid === event.uid && cause?.resourceVersion === event.resourceVersion) && !ends.has(`${event.uid} ${event.cause}`);
		});
		expect(wrong).toEqual([]);
	});

	test('every operation\'s hash chains to the one before', async () => {
		const capture = await ingested;
		if (capture === undefined) {
			return;
		}

		const {operations, bodies} = capture.store;
		let previous = '';
		for (let sequence = 1; sequence <= operations.size; sequence += 1) {
			const operation = operations.get(sequence)!;
			const number = operation.kind === 'request' ? operation.requestBody : operation.responseBody;
			const body = number === undefined ? '' : bodyDigest(bodies.get(number)!.bytes);
			previous = chainHash(previous, operation, body);
			if (operation.hash !== previous) {
				expect.fail(`operation ${sequence} is not chained`);
			}
		}

		expect(previous).toMatch(/^[\da-f]{32}$/v);
	});
});
