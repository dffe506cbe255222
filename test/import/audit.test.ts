import {Buffer} from 'node:buffer';
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import type {SessionFacts} from '../../source/import/import-types.js';
import {capturePath} from '../support/captures.js';
import {type RecordedImport, recordImport} from '../support/recording-ingest.js';
import {asStdin, importText} from './made-har.js';

type Made = Record<string, unknown>;

const time = (microseconds: number): string => `2026-11-23T10:00:${String(Math.floor(microseconds / 1e6)).padStart(2, '0')}.${String(microseconds % 1e6).padStart(6, '0')}Z`;

/** The last stage of an update of a ConfigMap that took 2 ms. */
const made = (id: string, at: number, more: Made = {}): Made => ({
	kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'RequestResponse', auditID: id, stage: 'ResponseComplete',
	requestURI: '/api/v1/namespaces/default/configmaps/a?fieldManager=m', verb: 'update', user: {username: 'admin', groups: ['system:masters']}, sourceIPs: ['127.0.0.1'],
	userAgent: 'made/v1 (linux)', objectRef: {
		resource: 'configmaps', namespace: 'default', name: 'a', apiVersion: 'v1', uid: 'u1',
	},
	responseStatus: {metadata: {}, code: 200}, requestObject: {kind: 'ConfigMap', n: 1}, responseObject: {kind: 'ConfigMap', n: 2},
	requestReceivedTimestamp: time(at), stageTimestamp: time(at + 2000), ...more,
});

const stage = (event: Made, name: string, after: number): Made => {
	const {requestObject: _request, responseObject: _response, ...rest} = event;
	const at = Number(String(event.requestReceivedTimestamp).slice(-7, -1)) + after;
	return {...rest, stage: name, stageTimestamp: time(at)};
};

const lines = (events: readonly unknown[]): string => events.map(event => typeof event === 'string' ? event : JSON.stringify(event)).join('\n') + '\n';
const importLines = async (events: readonly unknown[]): Promise<RecordedImport> => importText(lines(events));
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe('a request of an audit log', () => {
	test('is what its event states', async () => {
		const {session} = await importLines([made('1', 1000)]);
		expect(session.facts).toMatchObject({source: 'audit', startedAt: Date.parse('2026-11-23T10:00:00.001Z'), origin: '-'});
		expect(session.requests).toMatchObject([{
			at: 0n, method: 'PUT', url: '/api/v1/namespaces/default/configmaps/a?fieldManager=m', user: 'admin', userAgent: 'made/v1 (linux)', auditId: '1',
			headers: [['Content-Type', 'application/json']],
			stated: {
				verb: 'update', group: '', version: 'v1', resource: 'configmaps', subresource: '', namespace: 'default', name: 'a', uid: 'u1',
			},
		}]);
		expect(session.ends).toMatchObject([{
			at: 2_000_000n, status: 200, end: 'complete', headers: [['Content-Type', 'application/json']],
		}]);
		expect(text(session.requests[0]!.body)).toBe('{"kind":"ConfigMap","n":1}');
		expect(text(session.ends[0]!.body)).toBe('{"kind":"ConfigMap","n":2}\n');
	});

	test('keeps every digit and the order of every key of its bodies', async () => {
		const body = String.raw`{"b":9007199254740993,"10":"x","2":[1.50,{"é":"\u003c"}]}`;
		const line = JSON.stringify(made('1', 0)).replace('{"kind":"ConfigMap","n":2}', () => body);
		const {session} = await importText(`${line}\n`);
		expect(text(session.ends[0]!.body)).toBe(`${body}\n`);
	});

	test('has its answer\'s status, reason and message, and its user is the impersonated one', async () => {
		const status = {
			metadata: {}, status: 'Failure', reason: 'Conflict', message: 'the object has been modified', code: 409,
		};
		const {session} = await importLines([made('1', 0, {responseStatus: status, impersonatedUser: {username: 'alice'}})]);
		expect(session.ends).toMatchObject([{status: 409, reason: 'Conflict', message: 'the object has been modified'}]);
		expect(session.requests[0]!.user).toBe('alice');
		expect(session.facts.facts.impersonated).toBe('1');
	});

	test('belongs to the process of its pod, where the log names that', async () => {
		const user = {username: 'system:serviceaccount:a:b', extra: {'authentication.kubernetes.io/pod-uid': ['pod-1']}};
		const {session} = await importLines([made('1', 0, {user}), made('2', 5000)]);
		expect(session.requests.map(({process}) => process)).toEqual(['pod-1', undefined]);
	});

	test('whose bodies were cut out for their size says so', async () => {
		const {requestObject: _request, responseObject: _response, ...event} = made('1', 0, {annotations: {'audit.k8s.io/truncated': 'true'}});
		const {session} = await importLines([event]);
		expect(session.requests).toMatchObject([{bodyTruncated: true, body: undefined}]);
		expect(session.ends).toMatchObject([{bodyTruncated: true, body: undefined}]);
	});
});

describe('the stages of a request', () => {
	const watch = made('w', 0, {
		verb: 'watch', requestURI: '/api/v1/configmaps?watch=true&timeoutSeconds=1', objectRef: {resource: 'configmaps', apiVersion: 'v1'}, requestObject: undefined, responseObject: undefined,
		stageTimestamp: time(1_000_100),
	});
	const update = made('u', 500);
	const all = [
		stage(watch, 'RequestReceived', 0), stage(watch, 'ResponseStarted', 300), stage(update, 'RequestReceived', 0), update, watch,
	];

	test('make one request, in whatever order and however many of them there are', async () => {
		const orders = [all, all.toReversed(), [all[4], all[0], all[3], all[2], all[1]], [...all, ...all]];
		for (const order of orders) {
			const {session, result} = await importLines(order);
			expect(session.requests.map(({auditId, at}) => [auditId, at])).toEqual([['w', 0n], ['u', 500_000n]]);
			expect(session.endOf(1)).toMatchObject({status: 200, end: 'server-timeout', at: 1_000_100_000n});
			expect(session.endOf(2)).toMatchObject({status: 200, end: 'complete', at: 2_500_000n});
			expect(result).toMatchObject({complete: true, warnings: []});
		}

		const {session} = await importLines(all);
		expect(session.endOf(1)).toMatchObject({responseStartedAt: 300_000n});
	});

	test('without the last one leave its end unknown: a watch is open to the end of the log', async () => {
		const {session} = await importLines([all[0], all[1], stage(update, 'RequestReceived', 0), made('x', 800_000)]);
		expect(session.endOf(1)).toMatchObject({end: 'unknown', status: 200, at: 802_000_000n});
		expect(session.endOf(2)).toMatchObject({end: 'unknown', at: 500_000n});
		expect(session.facts.facts.unfinishedRequests).toBe('2');
	});

	test('of a panic end it with its status', async () => {
		const {session} = await importLines([made('p', 0, {stage: 'Panic', responseStatus: {code: 500}})]);
		expect(session.ends).toMatchObject([{status: 500, end: 'unknown'}]);
	});

	test('logged by an aggregated apiserver too are one request, with the bodies of whoever logged them', async () => {
		const outer = made('a', 0, {requestObject: undefined, responseObject: undefined, stageTimestamp: time(9000)});
		const inner = made('a', 2000, {stageTimestamp: time(7000)});
		for (const order of [[outer, inner], [inner, outer]]) {
			const {session} = await importLines(order);
			expect(session.requests).toHaveLength(1);
			expect(text(session.ends[0]!.body)).toBe('{"kind":"ConfigMap","n":2}\n');
			expect(session.facts.facts.aggregatedRequests).toBe('1');
		}
	});

	test('of requests to which a client gave one audit id are told apart', async () => {
		const {session} = await importLines([made('same', 0), made('same', 5000), made('same', 10_000)]);
		expect(session.requests).toHaveLength(3);
	});
});

describe('what a policy left out is no capability', () => {
	const bare = (level: string, resource: string, verb = 'update') => made(`${level}${resource}`, 0, {
		level, verb, requestObject: undefined, responseObject: undefined, objectRef: {
			resource, namespace: 'a', name: 'b', apiVersion: 'v1',
		},
	});
	const factsOf = async (...events: readonly unknown[]): Promise<SessionFacts> => {
		const {session} = await importLines(events);
		return session.facts;
	};

	test('bodies', async () => {
		const metadata = await factsOf(made('1', 0), bare('Metadata', 'pods'));
		const request = await factsOf(made('1', 0), bare('Request', 'pods'));
		expect(await factsOf(made('1', 0))).toMatchObject({capabilities: ['requestBodies', 'responseBodies', 'requestDefaulted', 'subMillisecondTiming', 'allClients', 'users']});
		expect(metadata.capabilities).toEqual(['requestDefaulted', 'subMillisecondTiming', 'allClients', 'users']);
		expect(request.capabilities).not.toContain('responseBodies');
		expect(request.capabilities).toContain('requestBodies');
	});

	test('but Secrets, which no careful policy logs, only go into the facts', async () => {
		const facts = await factsOf(made('1', 0), bare('Metadata', 'secrets'), bare('Metadata', 'pods', 'watch'));
		expect(facts.capabilities).toContain('responseBodies');
		expect(facts.facts).toMatchObject({levels: 'Metadata=2 RequestResponse=1', withoutBodies: 'secrets'});
	});
});

describe('an audit log', () => {
	const events = [made('1', 0), made('2', 3000), made('3', 6000)];
	const ids = async (content: string): Promise<readonly unknown[]> => {
		const {session} = await importText(content);
		return session.requests.map(({auditId}) => auditId);
	};

	const list = {kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}};
	const bareItems = events.map(({kind: _kind, apiVersion: _version, ...rest}) => rest);

	test.for([
		['lines', lines(events)],
		['pretty-printed values', events.map(event => JSON.stringify(event, undefined, 2)).join('\n')],
		['an event list', JSON.stringify({...list, items: events})],
		['an event list whose items leave out their kind', JSON.stringify({...list, items: bareItems}, undefined, '\t')],
		['event lists line by line, as a webhook writes them', lines(events.map(event => ({...list, items: [event]})))],
		['an array', JSON.stringify(events)],
		['lines of containerd', events.map(event => `2026-11-23T10:00:00.000000001Z stdout F ${JSON.stringify(event)}`).join('\n')],
		['lines of containerd in parts', events.flatMap(event => {
			const line = JSON.stringify(event);
			return [`2026-11-23T10:00:00.1Z stdout P ${line.slice(0, 300)}`, `2026-11-23T10:00:00.2Z stdout F ${line.slice(300)}`];
		}).join('\n')],
		['lines of Docker', lines(events.map(event => ({log: `${JSON.stringify(event)}\n`, stream: 'stdout', time: '2026-11-23T10:00:00Z'})))],
	] as const)('is read as %s', async ([, content]) => {
		expect(await ids(content)).toEqual(['1', '2', '3']);
	});

	test('with a broken line 7 is read but for that, which is named and stands in a gap', async () => {
		const log = gunzipSync(readFileSync(capturePath('sample-controller.audit.jsonl.gz')!)).toString().split('\n');
		const line = log[6]!;
		for (const broken of [line.slice(0, 300), line.slice(300), 'E1123 10:00:00 panic', line.replace('"verb":', '"verb" '), line.replace('"level"', 'level"')]) {
			const content = log.with(6, broken).join('\n');
			const {result, session} = await importText(content, 5000);
			expect(result.warnings).toHaveLength(1);
			expect(result.warnings[0]).toMatch(/^stdin: line 7: not JSON \(.*\); skipped$/v);
			expect(result).toMatchObject({complete: false, sessions: [{requests: 162, gaps: [{operations: 1}]}]});
			expect(session.requests).toHaveLength(162);
		}
	});

	test('with a line of something else is read but for that', async () => {
		const {result} = await importLines([events[0], {kind: 'Pod'}, events[1]]);
		expect(result).toMatchObject({operations: 2, complete: false, warnings: ['stdin: line 2: not an audit event; skipped']});
	});

	test('that is cut off is read as far as it goes', async () => {
		const {result} = await importText(lines(events).slice(0, -100));
		expect(result).toMatchObject({operations: 2, complete: false, warnings: ['stdin is cut off in the middle of line 3; what is whole is imported']});
	});

	test('synthesises nothing unless asked, and says where its policy forbids it', async () => {
		const mixed = lines([...events, made('4', 9000, {level: 'Metadata', responseObject: undefined})]);
		const asked = await recordImport({...asStdin(mixed), synthesise: true});
		const unasked = await importText(mixed);
		expect(asked.result.warnings).toEqual(['stdin: watch events are synthesised only of writes logged at level RequestResponse, which not all are']);
		expect(asked.session.facts.capabilities).toContain('synthesisedEvents');
		expect(unasked.session.facts.capabilities).not.toContain('synthesisedEvents');
	});
});
