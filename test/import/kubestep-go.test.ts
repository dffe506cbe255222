import {Buffer} from 'node:buffer';
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import Database from 'better-sqlite3';
import {
	afterEach,
	beforeEach,
	describe,
	expect,
	test,
} from 'vitest';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {recordImport} from '../support/recording-ingest.js';
import {makeGoDatabase, type MadeRow} from './made-go-database.js';
import {asStdin} from './made-har.js';

const second = 1_700_000_000;

const deployment = (version: string, more: Record<string, unknown> = {}): string =>
	JSON.stringify({
		metadata: {
			name: 'web', namespace: 'default', uid: 'u1', resourceVersion: version,
		}, spec: {replicas: 1}, ...more,
	});

const row = (sequence: number, type: string, more: MadeRow = {}): MadeRow => ({
	session_id: 's1', sequence_number: sequence, timestamp: second, operation_type: type, resource_kind: 'Deployment', namespace: 'default', name: 'web', duration_ms: 5, ...more,
});

const text = (bytes: Uint8Array | undefined): unknown => bytes === undefined ? undefined : decodeBody(bytes, 'application/json')?.value;

describe('a database of the Go KubeStep', () => {
	let directory: string;
	let file: string;
	beforeEach(() => {
		directory = mkdtempSync(path.join(tmpdir(), 'kubestep-go-'));
		file = path.join(directory, 'kubestep.db');
	});
	afterEach(() => {
		rmSync(directory, {recursive: true});
	});

	test('of the older generation gives its calls in the order of their numbers, one after the other within a second', async () => {
		makeGoDatabase(file, [
			row(2, 'UPDATE', {resource_data: deployment('2'), duration_ms: 7}), row(1, 'GET', {resource_data: deployment('1')}), row(3, 'DELETE', {timestamp: second + 1}),
		], {old: true});
		const {session, result} = await recordImport({path: file});
		expect(result).toMatchObject({
			format: 'kubestep-go', complete: true, warnings: [], operations: 3, sessions: [{name: undefined, requests: 3, events: 0}],
		});
		expect(session.facts).toMatchObject({source: 'kubestep-go', startedAt: second * 1000, origin: 'kubestep.db'});
		expect(session.requests).toMatchObject([
			{
				at: 0n, method: 'GET', url: '/apis/apps/v1/namespaces/default/deployments/web', uncertainty: 1_000_000_000n,
			},
			{
				at: 5_000_000n, method: 'PUT', stated: {
					verb: 'update', group: 'apps', version: 'v1', resource: 'deployments', namespace: 'default', name: 'web',
				},
			},
			{at: 1_000_000_000n, method: 'DELETE'},
		]);
		expect(session.requests.every(({process, userAgent}) => process === undefined && userAgent === undefined)).toBe(true);
		expect(session.ends.map(({at, status}) => [at, status])).toEqual([[5_000_000n, 200], [12_000_000n, 200], [1_005_000_000n, 200]]);
		expect(text(session.ends[0]!.body)).toEqual({kind: 'Deployment', apiVersion: 'apps/v1', ...JSON.parse(deployment('1')) as Record<string, unknown>});
	});

	test('of the newer generation names its actors, verbs and objects', async () => {
		makeGoDatabase(file, [
			row(1, 'UPDATE', {
				actor_id: 'web-controller', uid: 'u1', verb: 'update/status', resource_data: deployment('3', {apiVersion: 'example.com/v1beta1', kind: 'Gadget'}), resource_kind: 'Gadget',
			}),
			row(2, 'LIST', {
				actor_id: 'web-controller', verb: 'list', name: '', resource_kind: 'DeploymentList', resource_data: '[{"metadata":{"name":"web"}}]',
			}),
			row(3, 'CREATE', {actor_id: 'other', resource_kind: 'apps/v1, Kind=Deployment', resource_data: deployment('9')}),
		]);
		const {session} = await recordImport({path: file});
		expect(session.requests).toMatchObject([
			{
				process: 'web-controller', userAgent: 'web-controller', stated: {
					verb: 'update', subresource: 'status', group: 'example.com', version: 'v1beta1', resource: 'gadgets', uid: 'u1',
				},
			},
			{url: '/apis/apps/v1/namespaces/default/deployments', stated: {verb: 'list', resource: 'deployments'}},
			{process: 'other', method: 'POST', stated: {verb: 'create', group: 'apps', resource: 'deployments'}},
		]);
		expect(text(session.ends[1]!.body)).toEqual({kind: 'DeploymentList', apiVersion: 'apps/v1', items: [{metadata: {name: 'web'}}]});
		expect(session.ends.map(({status}) => status)).toEqual([200, 200, 201]);
		expect(session.facts.capabilities).toEqual(['responseBodies']);
	});

	test('tells the status of a failed call from its error', async () => {
		const errors = [
			['deployments.apps "web" not found', 404, 'NotFound', 'complete'],
			['deployments.apps "web" already exists', 409, 'AlreadyExists', 'complete'],
			['Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes', 409, 'Conflict', 'complete'],
			['Deployment.apps "web" is invalid: spec.replicas: Invalid value', 422, 'Invalid', 'complete'],
			['deployments.apps is forbidden: User "x" cannot list', 403, 'Forbidden', 'complete'],
			['dial tcp 127.0.0.1:6443: connect: connection refused', undefined, undefined, 'transport-error'],
			['context deadline exceeded', undefined, undefined, 'client-abort'],
			['something else altogether', undefined, undefined, 'unknown'],
		] as const;
		makeGoDatabase(file, errors.map(([error], index) => row(index + 1, 'GET', {error, resource_data: deployment('1')})));
		const {session} = await recordImport({path: file});
		expect(session.ends.map(({message, status, reason, end, body}) => [message, status, reason, end, body])).toEqual(errors.map(error => [...error, undefined]));
	});

	test('has its watch rows as events of one watch for each actor, resource and namespace', async () => {
		makeGoDatabase(file, [
			row(1, 'WATCH', {actor_id: 'a', resource_data: deployment('1')}),
			row(2, 'WATCH', {actor_id: 'a', resource_data: deployment('2')}),
			row(3, 'GET', {actor_id: 'a', resource_data: deployment('2')}),
			row(4, 'WATCH', {actor_id: 'a', verb: 'DELETED', resource_data: deployment('3')}),
			row(5, 'WATCH', {actor_id: 'b', resource_data: `{"type":"ADDED","object":${deployment('3')}}`}),
			row(6, 'WATCH', {actor_id: 'c', name: ''}),
		]);
		const {session, result} = await recordImport({path: file});
		expect(session.events.map(({type, object}) => [type, (text(object) as {metadata: {resourceVersion: string}}).metadata.resourceVersion])).toEqual([
			['ADDED', '1'], ['MODIFIED', '2'], ['DELETED', '3'], ['ADDED', '3'],
		]);
		expect(session.requests.map(({url, synthetic}) => [url, synthetic])).toEqual([
			['/apis/apps/v1/namespaces/default/deployments?watch=true', true],
			['/apis/apps/v1/namespaces/default/deployments/web', undefined],
			['/apis/apps/v1/namespaces/default/deployments?watch=true', true],
			['/apis/apps/v1/namespaces/default/deployments?watch=true', undefined],
		]);
		expect(result.sessions).toMatchObject([{requests: 4, events: 4}]);
		expect(session.facts.capabilities).toContain('watchEvents');
		expect(session.ends.filter(({end}) => end === 'unknown')).toHaveLength(2);
	});

	test('marks the reconcile of an operation where only one can be meant', async () => {
		const span = (id: number, start: number, end: number, actor = 'a') => ({
			id, session_id: 's1', actor_id: actor, start_ts: second + start, end_ts: second + end, kind: 'Deployment',
		});
		const rows = [0, 10, 20, 30].map((after, index) => row(index + 1, 'GET', {actor_id: 'a', timestamp: second + after}));
		makeGoDatabase(file, rows, {reconciles: [span(1, 0, 1), span(2, 9, 11), span(3, 30, 30, 'other')]});
		const exact = await recordImport({path: file});
		expect(exact.session.requests.map(({reconcile}) => reconcile)).toEqual(['span-1', 'span-2', undefined, undefined]);
		expect(exact.session.facts.capabilities).toContain('reconciles');

		rmSync(file);
		makeGoDatabase(file, rows, {reconciles: [span(1, 0, 10), span(2, 10, 11)]});
		const ambiguous = await recordImport({path: file});
		expect(ambiguous.session.requests.map(({reconcile}) => reconcile)).toEqual(['span-1', undefined, undefined, undefined]);
		expect(ambiguous.session.facts.capabilities).not.toContain('reconciles');
		expect(ambiguous.session.facts.facts.ambiguousReconciles).toBe('1');
	});

	test('of several sessions becomes as many, each under its name', async () => {
		makeGoDatabase(file, [row(1, 'GET'), row(1, 'GET', {session_id: 'other'}), row(2, 'GET', {session_id: 'other'})]);
		const {result, sessions} = await recordImport({path: file});
		expect(sessions.map(({facts, requests, isFinished}) => [facts.name, requests.length, isFinished])).toEqual([['s1', 1, true], ['other', 2, true]]);
		expect(result.sessions.map(({name, requests}) => [name, requests])).toEqual([['s1', 1], ['other', 2]]);
		expect(result.operations).toBe(3);
	});

	test('is read from stdin and gzip\'d too, and nothing is left behind', async () => {
		makeGoDatabase(file, [row(1, 'GET', {resource_data: deployment('1')})]);
		const bytes = readFileSync(file);
		const before = readdirSync(tmpdir()).filter(name => name.startsWith('kubestep-import-'));
		for (const input of [asStdin(bytes, 1000), asStdin(gzipSync(bytes))]) {
			const {result} = await recordImport(input);
			expect(result).toMatchObject({format: 'kubestep-go', operations: 1});
		}

		expect(readdirSync(tmpdir()).filter(name => name.startsWith('kubestep-import-'))).toEqual(before);
	});

	test('that was being written is read as far as it was', async () => {
		makeGoDatabase(file, [row(1, 'GET')]);
		const writer = new Database(file);
		writer.pragma('journal_mode = WAL');
		writer.prepare('UPDATE operations SET name = ?').run('later');
		const {session} = await recordImport({path: file});
		writer.close();
		expect(session.requests[0]!.stated).toMatchObject({name: 'later'});
	});

	test('whose values are of the wrong types is read, and what is no JSON is named', async () => {
		makeGoDatabase(file, [
			row(1, 'GET', {resource_data: '{"broken', timestamp: String(second)}), row(2, '', {resource_kind: ''}), row(3, 'GET', {timestamp: 'yesterday', duration_ms: -5, name: Buffer.from('blob')}),
		]);
		const {session, result} = await recordImport({path: file});
		expect(session.requests.map(({at, stated}) => [at, stated?.name])).toEqual([[0n, 'web'], [0n, 'blob']]);
		expect(result).toMatchObject({
			complete: false, warnings: [
				`${file}: row 1 of session s1: its resource_data is not JSON; imported without`, `${file}: row 2 of session s1 names no operation; skipped`,
			],
		});
	});

	test('that is damaged or is another is refused in one line', async () => {
		makeGoDatabase(file, Array.from({length: 500}, (_, index) => row(index, 'GET', {resource_data: deployment('1')})));
		const bytes = readFileSync(file);
		writeFileSync(file, bytes.subarray(0, 8192));
		await expect(recordImport({path: file})).rejects.toThrow(/kubestep\.db: the database is damaged \(.*\); save what is left with: sqlite3 FILE \.recover$/v);

		rmSync(file);
		const other = new Database(file);
		other.exec('CREATE TABLE things (a)');
		other.close();
		await expect(recordImport({path: file})).rejects.toThrow('this SQLite database has no table "operations"; it is not of the Go KubeStep');

		rmSync(file);
		const own = new Database(file);
		own.pragma('application_id = 1263752272');
		own.exec('CREATE TABLE operations (a)');
		own.close();
		await expect(recordImport({path: file})).rejects.toThrow(`it is a KubeStep session file already; open it with: kubestep tui ${file}`);

		rmSync(file);
		makeGoDatabase(file, []);
		await expect(recordImport({path: file})).rejects.toThrow('the database holds no session; nothing was recorded into it');
	});

	test('with some damaged pages gives its other rows', async () => {
		makeGoDatabase(file, Array.from({length: 200}, (_, index) => row(index + 1, 'GET', {resource_data: JSON.stringify({big: 'x'.repeat(20_000)})})), {old: true});
		const bytes = readFileSync(file);
		// The chain of an overflowing row's pages leads out of the file.
		const marker = bytes.indexOf('xxxx', bytes.length - 200_000);
		const page = Math.floor(marker / 4096) * 4096;
		bytes.writeUInt32BE(0x7F_FF_FF_FF, page);
		writeFileSync(file, bytes);
		const {result} = await recordImport({path: file});
		expect(result.complete).toBe(false);
		expect(result.operations).toBeGreaterThan(190);
		expect(result.warnings[0]).toMatch(/row \d+ of session s1 is damaged; skipped$/v);
	});
});
