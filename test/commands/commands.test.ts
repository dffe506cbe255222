import {readFileSync} from 'node:fs';
import {
	beforeAll,
	describe,
	expect,
	test,
} from 'vitest';
import {parse} from 'yaml';
import {commands} from '../../source/commands/main.js';
import {capturePath} from '../support/captures.js';
import {kubestep, scratchFile} from './support/run-command.js';

const fixture = (name: string): string => {
	const file = capturePath(name);
	if (file === undefined) {
		throw new Error(`${name} is in test/fixtures`);
	}

	return file;
};

type Deployment = {readonly metadata: {readonly name: string; readonly namespace: string}; readonly spec: {readonly replicas: number}};

let database: string;

beforeAll(async () => {
	database = scratchFile('session.db');
	await kubestep('import', fixture('sample-controller.har.gz'), '-d', database);
});

describe('help', () => {
	test('of kubestep lists every command, and how to begin', async () => {
		const {code, stdout} = await kubestep('--help');
		expect(code).toBe(0);
		for (const {name, summary} of commands) {
			expect(stdout).toContain(`  ${name} `);
			expect(stdout.replaceAll(/\s+/gv, ' ')).toContain(summary);
		}
	});

	test.each(commands.map(({name}) => [name]))('of %s shows its usage, an example, and every flag', async name => {
		const {code, stdout} = await kubestep(name, '--help');
		const command = commands.find(candidate => candidate.name === name);
		expect(code).toBe(0);
		expect(stdout).toMatch(new RegExp(`^Usage: kubestep ${name} `, 'v'));
		expect(stdout).toContain(`kubestep ${name} `);
		for (const flag of command?.flags ?? []) {
			expect(stdout).toContain(flag.isOnByDefault === true ? `--no-${flag.name}` : `--${flag.name}`);
		}

		expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
		expect(await kubestep('help', name)).toEqual({code: 0, stdout, stderr: []});
	});

	test('every example is a command line that parses', async () => {
		for (const {name, examples} of commands) {
			// What comes from stdin would wait for it.
			const runnable = examples.filter(example => !example.line.includes(' | '));
			for (const {line} of runnable) {
				const words = line.slice(line.indexOf(`kubestep ${name}`)).split(' ').slice(1);
				const ran = await kubestep(...words.map(word => word.endsWith('.db') ? scratchFile(word) : word));
				// It fails for want of the file alone.
				expect([line, ran.stderr.join('\n'), ran.code]).toEqual([line, expect.not.stringMatching(/has no flag|needs a value|too many/v), expect.not.toBeOneOf([0, 5])]);
			}
		}
	});
});

describe('a mistake on the command line', () => {
	test.each([
		[['sesions'], 'there is no command "sesions"; did you mean sessions? (kubestep --help lists them)'],
		[['tiu'], 'there is no command "tiu"; did you mean tui? (kubestep --help lists them)'],
		[['--at', '5'], 'the command comes first, before --at (kubestep --help lists them)'],
		[[], 'no command given; kubestep --help lists them, kubestep tui SESSION.db opens a recording'],
		[['diff', 'x.db'], 'diff needs --at STEP, for example: kubestep diff session.db --at 56'],
		[['import'], 'import needs a file, for example: kubestep import operator.har.gz -d session.db (kubestep import --help tells more)'],
		[['get', '-A', '-n', 'x', 'pods'], 'get: -A and -n exclude each other; give one'],
		[['import', 'a.har', 'b/a.har'], 'import: two of these files would be session a; import them one by one, with --session'],
	])('%j is told apart in one line', async (argv, message) => {
		expect(await kubestep(...argv)).toEqual({code: 2, stdout: '', stderr: [`kubestep: ${message}`]});
	});
});

const sessionsOf = async (place: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> => {
	const {stdout} = await kubestep('sessions', '-o', 'json', '-d', place);
	return JSON.parse(stdout) as ReadonlyArray<Readonly<Record<string, unknown>>>;
};

describe('import', () => {
	test('prints a line for each session, and sessions counts the same', async () => {
		const place = scratchFile('two.db');
		const ran = await kubestep('import', fixture('sample-controller.har.gz'), fixture('stale-cache-duplicates.har.gz'), '-d', place);
		expect(ran).toMatchObject({code: 0, stderr: []});
		expect(ran.stdout.split('\n').map(line => line.replace(/ {2}[\d.]+ s$/v, ''))).toEqual([
			'sample-controller  92 requests + 43 watch events', 'stale-cache-duplicates  13 requests + 25 watch events', '',
		]);
		const listed = await sessionsOf(place);
		expect(listed.map(({id, source, operations, requests, watchEvents}) => ({
			id, source, operations, requests, watchEvents,
		}))).toEqual([
			{
				id: 'sample-controller', source: 'har', operations: 135, requests: 92, watchEvents: 43,
			},
			{
				id: 'stale-cache-duplicates', source: 'har', operations: 38, requests: 13, watchEvents: 25,
			},
		]);
	});

	test('refuses a name that exists, and takes another', async () => {
		const place = scratchFile('x.db');
		const file = fixture('stale-cache-duplicates.har.gz');
		await kubestep('import', file, '-d', place);
		const again = await kubestep('import', file, '-d', place);
		expect(again).toMatchObject({code: 2, stdout: ''});
		expect(again.stderr).toEqual([expect.stringContaining('stale-cache-duplicates')]);
		expect(await kubestep('import', file, '-d', place, '--session', 'second')).toMatchObject({code: 0, stderr: []});
		const {stdout} = await kubestep('sessions', place, '-o', 'json');
		expect((JSON.parse(stdout) as ReadonlyArray<{readonly id: string}>).map(({id}) => id)).toEqual(['stale-cache-duplicates', 'second']);
	});

	test('warns of a session that keeps its secrets', async () => {
		const ran = await kubestep('import', fixture('stale-cache-duplicates.har.gz'), '-d', scratchFile('x.db'), '--no-redact');
		expect(ran).toMatchObject({code: 0, stderr: [expect.stringContaining('--no-redact')]});
	});
});

describe('sessions', () => {
	test('-o json says what docs/output.md promises', async () => {
		const {stdout} = await kubestep('sessions', database, '-o', 'json');
		const [session] = JSON.parse(stdout) as ReadonlyArray<Readonly<Record<string, unknown>>>;
		expect(session).toMatchObject({
			id: 'sample-controller',
			started: expect.stringMatching(/^2026-11-23T\d\d:\d\d:\d\d(?:\.\d{6})?Z$/v) as string,
			durationNs: expect.stringMatching(/^6\d{10}$/v) as string,
			capabilities: expect.arrayContaining(['requestBodies', 'responseBodies', 'watchEvents']) as string[],
			gaps: [],
			redacted: true,
			open: false,
			parent: null,
		});
		const actors = session?.actors as ReadonlyArray<{readonly process: string; readonly actor: string; readonly operations: number}>;
		expect(actors.map(({operations}) => operations).reduce((sum, count) => sum + count, 0)).toBe(135);
		expect(actors[0]?.process).toContain('sample-controller');
		const documented = readFileSync('docs/output.md', 'utf8');
		for (const field of Object.keys(session ?? {})) {
			expect(documented).toContain(`\`${field}\``);
		}
	});

	test('for a person is one row a session', async () => {
		const {stdout} = await kubestep('sessions', database);
		const [header, row, rest] = stdout.split('\n', 3);
		expect(header).toMatch(/^SESSION +SOURCE +REQUESTS +EVENTS +STARTED +TOOK +STATE +ACTORS$/v);
		expect(row).toMatch(/^sample-controller +har +92 +43 +2026-11-23T\S+ +6\d\.\d s +whole +\S/v);
		expect(rest).toBe('');
	});

	test('that does not exist is an error that lists those that do', async () => {
		const ran = await kubestep('sessions', database, 'nightly');
		expect(ran).toMatchObject({code: 2, stdout: ''});
		expect(ran.stderr).toEqual([expect.stringContaining('sample-controller')]);
	});

	test('of which several are there and none is named is an error that lists them', async () => {
		const place = scratchFile('x.db');
		await kubestep('import', fixture('stale-cache-duplicates.har.gz'), fixture('sample-controller-changed.har.gz'), '-d', place);
		const ran = await kubestep('get', 'pods', '-d', place);
		expect(ran).toMatchObject({code: 2, stdout: ''});
		expect(ran.stderr).toEqual([expect.stringMatching(/stale-cache-duplicates.*sample-controller-changed/v)]);
		const id = 'sample-controller-changed';
		const named = [[place, id], [`${place}#${id}`], ['-d', place, '--session', id], [id, '-d', place]];
		for (const words of named) {
			expect(await kubestep('tui', ...words)).toMatchObject({code: 0, stdout: expect.stringContaining('sample-controller-changed') as string});
		}
	});
});

describe('get', () => {
	const deploymentsAt = async (step: string): Promise<Readonly<Record<string, number>>> => {
		const {stdout, code} = await kubestep('get', 'deployments', '-A', '-d', database, '--at', step, '-o', 'yaml');
		expect(code).toBe(0);
		const list = parse(stdout) as {readonly kind: string; readonly items: readonly Deployment[]};
		expect(list.kind).toBe('List');
		return Object.fromEntries(list.items.map(({metadata, spec}) => [metadata.name, spec.replicas]));
	};

	test('shows foo-3-dep at 9 replicas when somebody set it so, and at 3 after the correction', async () => {
		expect(await deploymentsAt('54')).toMatchObject({'foo-3-dep': 3});
		expect(await deploymentsAt('55')).toMatchObject({'foo-3-dep': 9});
		expect(await deploymentsAt('56')).toMatchObject({'foo-3-dep': 3});
	});

	test('spells resources as kubectl does', async () => {
		const expected = await kubestep('get', 'deployments', '-A', '-d', database, '-o', 'name');
		expect(expected.stdout).toContain('deployment.apps/foo-3-dep\n');
		for (const spelling of ['deployment', 'deploy', 'Deployments', 'deployments.apps', 'deploy.apps', 'deployments.v1.apps']) {
			expect(await kubestep('get', spelling, '-A', '-d', database, '-o', 'name')).toEqual(expected);
		}

		expect(await kubestep('get', database, 'foos', '-A', '-o', 'name')).toMatchObject({code: 0, stdout: expect.stringContaining('foo.samplecontroller.k8s.io/foo-1\n') as string});
		expect(await kubestep('get', 'deploymnets', '-d', database)).toEqual({
			code: 2, stdout: '', stderr: ['kubestep: there is no resource type "deploymnets", neither built in nor in this recording; did you mean deployments?'],
		});
	});

	test('prints one object as kubectl does, without managedFields', async () => {
		const {stdout} = await kubestep('get', 'deployment', 'foo-3-dep', '-d', database, '--at', '56', '-o', 'json');
		const object = JSON.parse(stdout) as Readonly<Record<string, unknown>> & {readonly metadata: Readonly<Record<string, unknown>>};
		expect(Object.keys(object)).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
		expect(object).toMatchObject({
			apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'foo-3-dep', namespace: 'default'}, spec: {replicas: 3},
		});
		expect(object.metadata.managedFields).toBeUndefined();
		const full = await kubestep('get', 'deployment/foo-3-dep', '-d', database, '--at', '56', '-o', 'json', '--show-managed-fields');
		expect(JSON.parse(full.stdout)).toMatchObject({metadata: {managedFields: expect.arrayContaining([]) as unknown[]}});
	});

	test('prints a table with ages that count to the step', async () => {
		const {stdout} = await kubestep('get', 'deploy', '-A', '-d', database, '--at', '56');
		const [header, ...rows] = stdout.trimEnd().split('\n');
		expect(header).toMatch(/^NAMESPACE +NAME +READY +UP-TO-DATE +AVAILABLE +AGE$/v);
		expect(rows.find(row => row.includes('foo-3-dep'))).toMatch(/^default +foo-3-dep +0\/3 +0 +0 +\d+s$/v);
		const wide = await kubestep('get', 'deploy', '-n', 'default', '-d', database, '--at', '56', '-o', 'wide');
		expect(wide.stdout).toMatch(/CONTAINERS +IMAGES +SELECTOR\n/v);
		expect(wide.stdout).not.toContain('NAMESPACE');
	});

	test('selects by labels and fields', async () => {
		const {stdout} = await kubestep('get', 'deploy', '-A', '-l', 'app=nginx', '--field-selector', 'metadata.name=foo-3-dep', '-d', database, '-o', 'name');
		expect(['', 'deployment.apps/foo-3-dep\n']).toContain(stdout);
		const named = await kubestep('get', 'deploy', '-A', '--field-selector', 'metadata.name=foo-3-dep', '-d', database, '-o', 'name');
		expect(named.stdout).toBe('deployment.apps/foo-3-dep\n');
		const wrong = await kubestep('get', 'deploy', '-A', '-l', 'a in (', '-d', database);
		expect(wrong).toMatchObject({code: 2, stdout: ''});
	});

	test('says that nothing is there, and exits 1 only for a name', async () => {
		expect(await kubestep('get', 'pods', '-d', database)).toEqual({code: 0, stdout: '', stderr: ['kubestep: No resources found in default namespace.']});
		expect(await kubestep('get', 'pods', '-A', '-d', database, '-o', 'json')).toMatchObject({code: 0, stdout: expect.stringContaining('"items": []') as string});
		const missing = await kubestep('get', 'deploy', 'foo-3-dep', '-d', database, '--at', '0');
		expect(missing).toEqual({
			code: 1, stdout: '', stderr: ['kubestep: deployments.apps "foo-3-dep" not found in namespace default at step 0 of 135 (NotFound): try another --at or -n'],
		});
	});

	test('--raw gives bytes of the recording', async () => {
		const {stdout} = await kubestep('get', 'foos', 'foo-1', '-d', database, '--raw');
		expect(JSON.parse(stdout)).toMatchObject({kind: 'Foo', metadata: {name: 'foo-1'}});
	});
});

describe('diff', () => {
	const patches = async (from: string, at: string): Promise<ReadonlyArray<{readonly patch: readonly unknown[]}>> => {
		const {stdout} = await kubestep('diff', database, '--from', from, '--at', at, '-o', 'json');
		return JSON.parse(stdout) as ReadonlyArray<{readonly patch: readonly unknown[]}>;
	};

	test('shows what a step changed, as a person reads it', async () => {
		const {stdout, code} = await kubestep('diff', database, '--at', '56');
		expect(code).toBe(0);
		expect(stdout).toMatch(/^--- deployments\.apps default\/foo-3-dep\tstep 55: resourceVersion \d+, uid \S+\n\+\+\+ deployments\.apps default\/foo-3-dep\tstep 56: /v);
		expect(stdout).toContain('\n-  replicas: 9\n+  replicas: 3\n');
		expect(stdout).not.toContain('managedFields');
	});

	test('-o json is a JSON Patch per object', async () => {
		const {stdout} = await kubestep('diff', database, '--at', '56', '-o', 'json');
		expect(JSON.parse(stdout)).toEqual([{
			object: {
				group: 'apps', resource: 'deployments', namespace: 'default', name: 'foo-3-dep',
			},
			uid: {before: expect.any(String) as string, after: expect.any(String) as string},
			patch: expect.arrayContaining([{op: 'replace', path: '/spec/replicas', value: 3}]) as unknown[],
		}]);
	});

	test('of two steps shows creations, and backwards deletions', async () => {
		const forward = await patches('0', '56');
		const backward = await patches('56', '0');
		expect(forward.length).toBeGreaterThan(5);
		expect(forward.every(({patch}) => (patch[0] as {readonly op: string}).op === 'add')).toBe(true);
		expect(backward.map(({patch}) => patch)).toEqual(forward.map(() => [{op: 'remove', path: ''}]));
	});

	test('of a step that changed nothing says why on stderr, and prints no data', async () => {
		const ran = await kubestep('diff', database, '--at', '1');
		expect(ran).toMatchObject({code: 0, stdout: ''});
		expect(ran.stderr).toEqual([expect.stringMatching(/^kubestep: step 1 changed nothing: ./v)]);
		expect(await kubestep('diff', database, '--at', '1', '-o', 'json')).toEqual({code: 0, stdout: '[]\n', stderr: []});
	});
});

describe('tui', () => {
	test('prints one plain frame where stdout is no terminal', async () => {
		const {stdout, code, stderr} = await kubestep('tui', database, '--at', '56');
		expect({code, stderr}).toEqual({code: 0, stderr: []});
		expect(stdout).toContain('sample-controller');
		expect(stdout).toContain('foo-3-dep');
		expect(stdout).not.toContain('\u{1B}');
		expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
	});
});

test.each(['500', '-1', 'nowhere', '150%', '5x'])('--at %s is refused in one line', async at => {
	const ran = await kubestep('get', 'pods', '-d', database, '--at', at);
	expect(ran).toMatchObject({code: 2, stdout: ''});
	expect(ran.stderr).toHaveLength(1);
	expect(ran.stderr[0]).toContain(at);
});
