import {Buffer} from 'node:buffer';
import {readdirSync, readlinkSync} from 'node:fs';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {Readable} from 'node:stream';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {expect, test, vi} from 'vitest';
import {importFile} from '../../source/import/import-file.js';
import {createTeller} from '../../source/import/import-job.js';
import {recordKinds, createStaging} from '../../source/import/staging.js';
import type {ImportProgress} from '../../source/import/import-types.js';
import {recordImport} from '../support/recording-ingest.js';
import {
	asStdin,
	eventLine,
	getEntry,
	harText,
	importEntries,
} from './made-har.js';

test('staged records come back in order of time, then in the order they were added, byte for byte', () => {
	const staging = createStaging();
	const body = Buffer.from([0, 255, 10, 0]);
	const times = [5, 1, 5, 0.5, 1, 5];
	for (const [index, time] of times.entries()) {
		staging.records.add({
			time, kind: recordKinds.event, stream: index, meta: `é${index}`, body: index === 0 ? body : undefined,
		});
	}

	expect([staging.records.count, staging.records.earliest, staging.records.latest]).toEqual([6, 0.5, 5]);
	staging.seal();
	const records = [...staging.ordered()];
	staging.close();
	expect(records.map(({stream}) => stream)).toEqual([3, 1, 4, 0, 2, 5]);
	expect(records[3]).toMatchObject({meta: 'é0', time: 5});
	expect(Buffer.from(records[3]!.body!)).toEqual(body);
	expect(records[4]!.body).toBe(undefined);
});

const openFiles = (): readonly string[] => readdirSync('/proc/self/fd').flatMap(descriptor => {
	try {
		return [readlinkSync(`/proc/self/fd/${descriptor}`)];
	} catch {
		return [];
	}
});

test.runIf(process.platform === 'linux')('what is staged has no name on disk, and is gone with its import', () => {
	const staging = createStaging();
	for (let index = 0; index < 2000; index++) {
		staging.records.add({
			time: index, kind: recordKinds.event, stream: 1, meta: '', body: Buffer.alloc(50_000, index),
		});
	}

	const isStaged = (file: string): boolean => file.startsWith('/var/tmp/') || file.startsWith(process.env.TMPDIR ?? '/tmp/');
	expect(openFiles().filter(file => isStaged(file) && file.endsWith(' (deleted)'))).not.toEqual([]);
	staging.close();
});

/** A HAR of one watch of `events` events, made as it is read. */
const longHar = function * (events: number): Generator<string> {
	yield harText([]).slice(0, -3);
	yield '{"startedDateTime":"2026-11-23T10:00:00.000Z","_offset":0,"time":1000000,"request":{"method":"GET","url":"/api/v1/configmaps?watch=1","headers":[]},';
	yield '"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"_chunks":[';
	const padding = 'x'.repeat(4000);
	for (let index = 0; index < events; index++) {
		yield `${index === 0 ? '' : ','}${JSON.stringify({time: index, text: eventLine('ADDED', `n${index}-${padding}`, index)})}`;
	}

	yield ']}}}';
	yield `,${JSON.stringify(getEntry(5, 'after'))}]}}`;
};

test('memory does not grow with the file: 200 MB in one entry', {timeout: 120_000}, async () => {
	const events = 50_000;
	let most = 0;
	const used = (): number => {
		const {heapUsed, arrayBuffers} = process.memoryUsage();
		return heapUsed + arrayBuffers;
	};

	const before = used();
	const measured = async function * (): AsyncGenerator<Uint8Array> {
		for (const piece of longHar(events)) {
			yield Buffer.from(piece);
			most = Math.max(most, used() - before);
		}
	};

	const {result} = await recordImport({path: '-', stdin: Readable.from(measured(), {objectMode: false})}, {
		isCounting: true, drainEvery: 1000, onProgress() {
			most = Math.max(most, used() - before);
		},
	});
	expect(result).toMatchObject({operations: events + 2, complete: true});
	console.log(`${events} events of 4 KB in one entry: at most ${Math.round(most / 1e6)} MB more in use`);
	expect(most).toBeLessThan(120e6);
});

test('progress tells bytes while reading, then records', async () => {
	const clock = vi.spyOn(performance, 'now');
	let now = 0;
	clock.mockImplementation(() => {
		now += 100;
		return now;
	});
	const told: ImportProgress[] = [];
	const stdin = Readable.from(longHar(300), {objectMode: false});
	const {result} = await recordImport({path: '-', stdin}, {
		drainEvery: 50,
		onProgress(progress) {
			told.push(progress);
		},
	});
	clock.mockRestore();
	expect(result.operations).toBe(302);
	expect(new Set(told.map(({phase}) => phase))).toEqual(new Set(['reading', 'ordering', 'writing']));
	expect(told[0]).toMatchObject({phase: 'reading', total: undefined});
	expect(told.at(-1)).toMatchObject({phase: 'writing', total: 304});
	for (const phase of ['reading', 'writing']) {
		const done = told.filter(progress => progress.phase === phase).map(progress => progress.done);
		expect(done).toEqual(done.toSorted((left, right) => left - right));
	}
});

test('progress is told at most every 100 ms', () => {
	const clock = vi.spyOn(performance, 'now');
	const told: number[] = [];
	const tell = createTeller(({done}) => {
		told.push(done);
	});
	for (const at of [0, 1, 99, 100, 150, 199, 200, 1000, 1050]) {
		clock.mockReturnValue(at);
		tell({phase: 'reading', done: at, total: undefined});
	}

	clock.mockRestore();
	expect(told).toEqual([0, 100, 200, 1000]);
});

test('an import that is stopped stops, while it reads and while it writes', async () => {
	const reading = new AbortController();
	const endless = async function * (): AsyncGenerator<string> {
		for (const piece of longHar(100_000)) {
			yield piece;
			await nextTurn();
			reading.abort(new Error('stopped'));
		}
	};

	const stdin = Readable.from(endless(), {objectMode: false});
	await expect(recordImport({path: '-', stdin}, {signal: reading.signal})).rejects.toThrow('stopped');

	const stopped = AbortSignal.abort(new Error('stopped before'));
	const entries = Array.from({length: 500}, (_, index) => getEntry(index, 'a'));
	await expect(importEntries(entries, {signal: stopped})).rejects.toThrow('stopped before');
});

test('ingest is drained whenever it asks for it', async () => {
	const entries = Array.from({length: 100}, (_, index) => getEntry(index, 'a'));
	const {session} = await importEntries(entries, {drainEvery: 10});
	expect(session.drains).toBe(20);
	expect(session.isFinished).toBe(true);
});

test('what a session throws ends the import', async () => {
	const input = asStdin(harText([getEntry(0, 'a')]));
	await expect(importFile(input, async () => {
		throw new Error('the name is taken');
	})).rejects.toThrow('the name is taken');
});
