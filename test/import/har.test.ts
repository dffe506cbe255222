import {Buffer} from 'node:buffer';
import {readFileSync} from 'node:fs';
import {gunzipSync, gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {capturePath} from '../support/captures.js';
import {recordImport} from '../support/recording-ingest.js';
import {
	asStdin,
	importEntries,
	importText,
	eventLine,
	getEntry,
	harLines,
	watchEntry,
} from './made-har.js';

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** Rebuilds JSON with the keys of every object backwards. */
const turnKeys = (json: string): string => JSON.stringify(JSON.parse(json, (_key, value: unknown) =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value));

describe('the same HAR gives the same calls', () => {
	const plain = gunzipSync(readFileSync(capturePath('stale-cache-duplicates.har.gz')!)).toString();

	test('byte by byte, in the odd piece, gzip\'d in several members, and with its keys turned round', async () => {
		const whole = await importText(plain);
		expect(whole.session.calls.length).toBe(13 + 25 + 13);
		const half = Math.floor(plain.length / 2);
		const members = Buffer.concat([gzipSync(plain.slice(0, half)), gzipSync(plain.slice(half))]);
		for (const input of [asStdin(plain, 1), asStdin(plain, 977), asStdin(members, 100), asStdin(turnKeys(plain), 64 * 1024), asStdin(JSON.stringify(JSON.parse(plain), undefined, '\t'))]) {
			const again = await recordImport(input);
			expect(again.session.calls).toEqual(whole.session.calls);
			expect(again.result).toEqual(whole.result);
		}
	});
});

describe('operations of a HAR', () => {
	test('come in order of time, ties in the file\'s order, whatever the order of its entries', async () => {
		const {session} = await importEntries([getEntry(30, 'c'), getEntry(10, 'a'), getEntry(10, 'b'), getEntry(5, 'first')]);
		expect(session.requests.map(({url}) => url.split('/').at(-1))).toEqual(['first', 'a', 'b', 'c']);
		expect(session.requests.map(({at}) => at)).toEqual([5_000_000n, 10_000_000n, 10_000_000n, 30_000_000n]);
	});

	test('have the times of their entry, to the microsecond', async () => {
		const {session} = await importEntries([getEntry(5.123, 'a')]);
		expect(session.facts.startedAt).toBeCloseTo(Date.parse('2026-11-23T10:00:00.005Z') - 5.123, 3);
		expect(session.requests).toMatchObject([{at: 5_123_000n, uncertainty: undefined, connection: '1'}]);
		expect(session.ends).toMatchObject([{
			at: 7_623_000n, sentAt: 5_623_000n, responseStartedAt: 6_623_000n, end: 'complete', status: 200,
		}]);
	});

	test('are placed by their wall clock, known to the millisecond, where the HAR has no offsets', async () => {
		const {session} = await importEntries([
			getEntry(7, 'b', {_offset: undefined}), getEntry(5, 'a', {_offset: undefined}), getEntry(0, 'c', {_offset: undefined, startedDateTime: '2026-11-23T12:00:01.000500+02:00'}),
		]);
		expect(session.requests.map(({at, uncertainty}) => [at, uncertainty])).toEqual([[0n, 1_000_000n], [2_000_000n, 1_000_000n], [995_500_000n, 1000n]]);
		expect(session.facts.startedAt).toBe(Date.parse('2026-11-23T10:00:00.005Z'));
		expect(session.facts.capabilities).not.toContain('subMillisecondTiming');
	});

	test('without any time take that of the entry before, and this is said', async () => {
		const {result, session} = await importEntries([getEntry(5, 'a'), getEntry(0, 'b', {_offset: undefined, startedDateTime: 'yesterday'})]);
		expect(session.requests.map(({at}) => at)).toEqual([5_000_000n, 5_000_000n]);
		expect(result.warnings).toEqual(['stdin: entry 2 has no time; it is placed at that of the entry before']);
	});

	test('keep their bodies as bytes: text, base64, and gzip as on the wire', async () => {
		const zipped = gzipSync('{"kind":"ConfigMapList"}');
		const content = (body: string, encoding?: string) => ({status: 200, headers: [{name: 'content-encoding', value: 'gzip'}], content: {text: body, encoding, mimeType: 'application/json'}});
		const base64 = content(zipped.toString('base64'), 'base64');
		const post = {
			method: 'POST', url: '/api/v1/namespaces/x/configmaps', headers: [], postData: {mimeType: 'application/json', text: 'eyJhIjoi5pel5pysIn0=', _encoding: 'base64'},
		};
		const {session} = await importEntries([
			getEntry(1, 'a', {response: base64, request: post}), getEntry(2, 'b', {response: content('{"plain":"é"}')}),
		]);
		expect(session.requests.map(({body}) => text(body))).toEqual(['{"a":"日本"}', '']);
		expect(session.requests[0]!.headers).toEqual([['Content-Type', 'application/json']]);
		expect(session.ends.map(({body}) => Buffer.from(body ?? []))).toEqual([zipped, Buffer.from('{"plain":"é"}')]);
		expect(session.ends[0]!.headers).toEqual([['content-encoding', 'gzip'], ['Content-Type', 'application/json']]);
	});

	test('end as their entry says', async () => {
		const {session} = await importEntries([
			getEntry(1, 'a', {_error: 'client_abort'}),
			getEntry(2, 'b', {_error: 'ECONNRESET'}),
			getEntry(3, 'c', {response: {status: 0, headers: [], content: {size: 0}}}),
			getEntry(4, 'd', {response: undefined}),
		]);
		expect(session.ends.map(({end, status}) => [end, status])).toEqual([['client-abort', 200], ['transport-error', 200], ['transport-error', undefined], ['transport-error', undefined]]);
	});

	test('lose HTTP/2 pseudo-headers, and a console\'s prefix where the rest is beyond doubt Kubernetes', async () => {
		const at = (offset: number, url: string) => getEntry(offset, 'x', {request: {method: 'get', url, headers: [{name: ':authority', value: 'h'}, {name: 'accept', value: '*/*'}]}});
		const {result, session} = await importEntries([
			at(1, 'https://rancher.example/static/app.js'),
			at(2, 'https://rancher.example/k8s/clusters/c-1/api/v1/namespaces/a/pods?limit=5'),
			at(3, 'https://rancher.example/k8s/clusters/c-1/apis/apps/v1/deployments'),
			at(4, 'https://rancher.example/k8s/clusters/c-1/apis?timeout=32s'),
			at(5, 'https://rancher.example/v3/api/v1/tickets/7'),
			at(6, 'https://h/api/v1/namespaces/x/services/y/proxy/api/v1/pods'),
			at(7, 'https://user:secret@h?x'),
			at(8, 'blob:https://rancher.example/1'),
			getEntry(9, 'x', {request: {method: 'CONNECT', url: 'h:443', headers: []}}),
		]);
		expect(session.requests.map(({url}) => url)).toEqual([
			'/static/app.js',
			'/api/v1/namespaces/a/pods?limit=5',
			'/apis/apps/v1/deployments',
			'/apis?timeout=32s',
			'/v3/api/v1/tickets/7',
			'/api/v1/namespaces/x/services/y/proxy/api/v1/pods',
			'/?x',
		]);
		expect(session.requests[0]).toMatchObject({method: 'GET', headers: [['accept', '*/*']]});
		expect(session.facts.facts).toMatchObject({pathPrefix: '/k8s/clusters/c-1', server: 'https://rancher.example https://h', skippedEntries: '2'});
		expect(result.warnings).toEqual(['stdin: 2 entries went to no path of a server (tunnels, blobs) and are left out']);
		expect(JSON.stringify(session.facts)).not.toContain('secret');
	});
});

describe('watches of a HAR', () => {
	const first = eventLine('ADDED', 'a', 1);
	const second = eventLine('MODIFIED', 'a', 2);

	test('have an event at the time of the chunk that holds its last byte', async () => {
		const chunks = [
			{time: 10, text: first.slice(0, 20)}, {time: 20.5, text: first.slice(20) + second.slice(0, 5)}, {time: 30, text: Buffer.from(second.slice(5)).toString('base64'), encoding: 'base64'},
		];
		const {session, result} = await importEntries([watchEntry(100, chunks), getEntry(125, 'between')]);
		expect(session.calls.map(({call, ...rest}) => [call, 'sequence' in rest ? rest.sequence : 0])).toEqual([['arrive', 1], ['deliver', 2], ['arrive', 3], ['end', 3], ['deliver', 4], ['end', 1]]);
		expect(session.events.map(({at, type, object}) => [at, type, text(object)])).toEqual([
			[120_500_000n, 'ADDED', `${JSON.stringify((JSON.parse(first) as {object: unknown}).object)}\n`],
			[130_000_000n, 'MODIFIED', `${JSON.stringify((JSON.parse(second) as {object: unknown}).object)}\n`],
		]);
		expect(session.endOf(1)).toMatchObject({end: 'client-abort', body: undefined, at: 1_100_000_000n});
		expect(result.sessions[0]).toMatchObject({requests: 2, events: 2});
		expect(session.facts.capabilities).toContain('watchEvents');
	});

	test('are never told of an event that is not whole, which is said unless the client hung up', async () => {
		const chunks = [{time: 1, text: first}, {time: 2, text: second.slice(0, -5)}];
		const aborted = await importEntries([watchEntry(0, chunks)]);
		expect(aborted.session.events).toHaveLength(1);
		expect(aborted.result.warnings).toEqual([]);
		expect(aborted.session.facts.facts.partialEvents).toBe('1');
		const closed = await importEntries([watchEntry(0, chunks, {_error: undefined})]);
		expect(closed.result.warnings).toEqual(['stdin: entry 1: its watch ends inside an event, which was not delivered']);
	});

	test('that were refused are requests with a body', async () => {
		const body = '{"kind":"Status","code":429}';
		const response = {status: 429, headers: [], content: {mimeType: 'application/json', _chunks: [{time: 1, text: body.slice(0, 9)}, {time: 2, text: body.slice(9)}]}};
		const {session} = await importEntries([watchEntry(0, [], {response, _error: undefined})]);
		expect(session.events).toEqual([]);
		expect(session.ends.map(({status, body: answer}) => [status, text(answer)])).toEqual([[429, body]]);
		expect(session.facts.capabilities).not.toContain('watchEvents');
	});

	test('that ran to their timeout ended by the server', async () => {
		const {session} = await importEntries([
			watchEntry(0, [], {_error: undefined, time: 300_010}), watchEntry(1, [], {_error: undefined, time: 299_000}),
		]);
		expect([session.endOf(1)?.end, session.endOf(2)?.end]).toEqual(['server-timeout', 'complete']);
	});

	test('of a plain HAR have their events at the end, and how uncertain that is', async () => {
		const response = {status: 200, headers: [{name: 'Content-Type', value: 'application/json'}, {name: 'Content-Encoding', value: 'gzip'}], content: {text: first + second}};
		const {session} = await importEntries([watchEntry(5, [], {
			response, _offset: undefined, _error: undefined, time: 40,
		})]);
		expect(session.events.map(({at}) => at)).toEqual([40_000_000n, 40_000_000n]);
		expect(session.requests[0]!.uncertainty).toBe(40_000_000n);
	});

	test('that are gzip\'d are undone as they flow', async () => {
		const zipped = gzipSync(first + second);
		const half = zipped.length - 12;
		const chunks = [zipped.subarray(0, half), zipped.subarray(half)].map((bytes, index) => ({time: index + 1, text: bytes.toString('base64'), encoding: 'base64'}));
		const headers = [{name: 'Content-Type', value: 'application/json'}, {name: 'Content-Encoding', value: 'gzip'}];
		const response = {status: 200, headers, content: {_chunks: chunks}};
		const {session} = await importEntries([watchEntry(0, [], {response}), getEntry(5, 'after')]);
		expect(session.events.map(({type}) => type)).toEqual(['ADDED', 'MODIFIED']);
		expect(session.requests).toHaveLength(2);
	});

	test('with a chunk that cannot be read are read up to it', async () => {
		const chunks = [{time: 1, text: first}, 5, {time: 3, text: second}];
		const {session, result} = await importEntries([watchEntry(0, chunks as never), getEntry(5, 'after')]);
		expect(session.events).toHaveLength(1);
		expect(result).toMatchObject({complete: false, warnings: ['stdin: entry 1: its watch is read as far as event 1: 2 chunks could not be read']});
	});

	test('never run backwards in time', async () => {
		const {session} = await importEntries([watchEntry(10, [{time: 50, text: first}, {time: -7, text: second}], {time: 1})]);
		expect(session.events.map(({at}) => at)).toEqual([60_000_000n, 60_000_000n]);
		expect(session.ends.map(({at}) => at)).toEqual([60_000_000n]);
	});
});

describe('what of a damaged HAR can be read is imported', () => {
	const entries = ['a', 'b', 'c', 'd'].map((name, index) => getEntry(index * 10, name));
	const names = (urls: ReadonlyArray<{readonly url: string}>): readonly string[] => urls.map(({url}) => url.split('/').at(-1)!);

	test('a HAR cut in the middle gives its whole entries, says so, and has a gap at its end', async () => {
		const har = harLines(entries);
		const {session, result} = await importText(har.slice(0, har.indexOf('configmaps/c') + 5));
		expect(names(session.requests)).toEqual(['a', 'b']);
		expect(result.complete).toBe(false);
		expect(result.warnings).toEqual(['stdin is cut off in the middle of entry 3; what is whole is imported']);
		expect(session.calls.at(-1)).toMatchObject({call: 'gap', lost: {reason: 'the file is cut off here'}});
	});

	test('a HAR cut in a watch gives the events of its whole chunks', async () => {
		const har = harLines([getEntry(0, 'a'), watchEntry(10, [{time: 1, text: eventLine('ADDED', 'x', 1)}, {time: 2, text: eventLine('ADDED', 'y', 2)}])]);
		for (const end of [har.lastIndexOf('"text"'), har.lastIndexOf('_error'), har.lastIndexOf('"timings"')]) {
			const {session, result} = await importText(har.slice(0, end));
			expect(session.requests).toHaveLength(2);
			expect(session.events.length).toBe(end === har.lastIndexOf('"text"') ? 1 : 2);
			expect(session.endOf(3)?.end ?? session.ends.at(-1)?.end).toBe('unknown');
			expect(result).toMatchObject({complete: false, warnings: ['stdin is cut off in the middle of entry 2; what is whole is imported']});
		}
	});

	test('a gzip\'d HAR cut in the middle loses nothing that could be undone', async () => {
		const many = Array.from({length: 400}, (_, index) => getEntry(index, `n${(index * 7919) % 1000}-${Math.sin(index)}`));
		const zipped = gzipSync(harLines(many));
		const middle = Math.floor(zipped.length / 2);
		const {session, result} = await importText(zipped.subarray(0, middle), 1000);
		expect(session.requests.length).toBeGreaterThan(150);
		expect(session.requests.length).toBeLessThan(300);
		expect(result.complete).toBe(false);
	});

	test('a broken entry is skipped by its number, and stands in a gap', async () => {
		const lines = entries.map(entry => JSON.stringify(entry));
		lines[1] = lines[1]!.replace('"status":200', '"status":200x');
		lines[2] = lines[2]!.slice(0, 40);
		const {session, result} = await importText(`{"log":{"entries":[${lines.join(',')}]}}`);
		expect(names(session.requests)).toEqual(['a', 'd']);
		expect(result.warnings.map(line => line.split(' (', 1)[0])).toEqual([
			'stdin: entry 2 is skipped: not JSON', 'stdin: entry 3 is skipped: it is cut off, the next one begins in it',
		]);
		expect(session.gaps.map(({operations}) => operations)).toEqual([1, 1]);
		expect(result).toMatchObject({complete: false, sessions: [{gaps: [{operations: 1}, {operations: 1}]}]});
	});

	test('entries that hold no request are skipped, and many warnings are counted in one line', async () => {
		const {result, session} = await importEntries([getEntry(0, 'a'), ...Array.from({length: 50}, () => ({}))], {maximumWarnings: 3});
		expect(session.requests).toHaveLength(1);
		expect(result.warnings).toEqual([
			'stdin: entry 2 is skipped: it holds no request', 'stdin: entry 3 is skipped: it holds no request', 'stdin: entry 4 is skipped: it holds no request', 'and 47 more like these',
		]);
	});

	test('a damaged gzip gives what came before', async () => {
		const many = Array.from({length: 2000}, (_, index) => getEntry(index, `n${Math.sin(index)}`));
		const zipped = gzipSync(harLines(many));
		const middle = Math.floor(zipped.length / 2);
		zipped.fill(0xFF, middle, middle + 50);
		const {session, result} = await recordImport(asStdin(zipped, 4096));
		expect(session.requests.length).toBeGreaterThan(500);
		expect(result.complete).toBe(false);
		expect(result.warnings).toContain('stdin: the gzip is damaged from here on; what came before is imported');
	});
});

test('what a HAR cannot see is no capability', async () => {
	const bare = {
		request: {method: 'GET', url: 'http://h/api/v1/pods'}, response: {status: 200, content: {size: 500, mimeType: 'application/json'}}, startedDateTime: '2026-11-23T10:00:00.000Z', time: 5,
	};
	const {session} = await importEntries([bare]);
	expect(session.facts.capabilities).toEqual(['requestBodies']);
	expect(session.facts.facts).toMatchObject({missingResponseBodies: '1'});
});
