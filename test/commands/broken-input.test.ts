import {Buffer} from 'node:buffer';
import {
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import Database from 'better-sqlite3';
import {
	beforeAll,
	describe,
	expect,
	test,
} from 'vitest';
import {capturePath} from '../support/captures.js';
import {kubestep, scratchFile, type Ran} from './support/run-command.js';

const capture = (name: string): string => {
	const file = capturePath(name);
	if (file === undefined) {
		throw new Error(`${name} is in test/fixtures`);
	}

	return file;
};

const bytesOf = (name: string): Uint8Array => gunzipSync(readFileSync(capture(name)));

/** A file of these bytes in a directory of its own, beside which nothing else is. */
const file = (name: string, bytes: Uint8Array | string): string => {
	const place = scratchFile(name);
	writeFileSync(place, bytes);
	return place;
};

const countOf = ({stdout}: Ran): {readonly requests: number; readonly events: number} => {
	const match = / (?<requests>\d+) requests \+ (?<events>\d+) watch events/v.exec(stdout);
	return {requests: Number(match?.groups?.requests), events: Number(match?.groups?.events)};
};

/** One clear line: what was wrong and with what input; nothing on stdout, no stack. */
const expectOneLine = (ran: Ran, code: number, ...parts: readonly string[]): void => {
	expect(ran.stderr).toHaveLength(1);
	const [line = ''] = ran.stderr;
	expect(line).toMatch(/^kubestep: [^\n]+$/v);
	for (const part of parts) {
		expect(line).toContain(part);
	}

	expect(line).not.toContain('    at ');
	expect(ran.stdout).toBe('');
	expect(ran.code).toBe(code);
};

describe('import of', () => {
	test('a HAR cut in the middle brings in what it has, says so, and leaves a gap', async () => {
		const whole = bytesOf('sample-controller.har.gz');
		const database = scratchFile('x.db');
		const ran = await kubestep('import', file('cut.har', whole.subarray(0, whole.length / 2)), '-d', database);
		expect(ran.code).toBe(0);
		expect(ran.stderr.join('\n')).toContain('cut.har');
		expect(ran.stderr.join('\n')).toMatch(/cut|truncated|end/v);
		expect(countOf(ran).requests).toBeGreaterThan(20);
		expect(countOf(ran).requests).toBeLessThan(92);
		const {stdout} = await kubestep('sessions', database, '-o', 'json');
		const sessions = JSON.parse(stdout) as ReadonlyArray<{readonly gaps: readonly unknown[]}>;
		expect(sessions[0]?.gaps).not.toEqual([]);
	});

	test('a HAR whose compression is cut in the middle does too', async () => {
		const packed = gzipSync(bytesOf('sample-controller.har.gz'));
		const ran = await kubestep('import', file('cut.har.gz', packed.subarray(0, packed.length / 2)), '-d', scratchFile('x.db'));
		expect(ran.code).toBe(0);
		expect(ran.stderr.join('\n')).toContain('cut.har.gz');
		expect(countOf(ran).requests).toBeGreaterThan(5);
	});

	test('JSON lines with a broken line 7 names the line, skips it, and takes all others', async () => {
		const lines = new TextDecoder().decode(bytesOf('sample-controller.audit.jsonl.gz')).split('\n');
		const [whole, broken] = [lines, lines.with(6, '{"kind": "Event", broken')]
			.map((text, index) => file(`log-${index}.jsonl`, text.join('\n')));
		const all = await kubestep('import', whole ?? '', '-d', scratchFile('x.db'));
		const ran = await kubestep('import', broken ?? '', '-d', scratchFile('x.db'));
		expect(ran.code).toBe(0);
		expect(ran.stderr.join('\n')).toMatch(/line 7\b/v);
		expect(countOf(ran).requests).toBe(countOf(all).requests - 1);
	});

	test.each([
		['an empty file', 'empty.har', ''],
		['a PNG', 'picture.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')],
		['plain text', 'notes.txt', 'the operator was slow today\nand so was I\n'],
		['some other JSON', 'package.json', '{"name": "x", "version": "1.0.0"}\n'],
		['an empty gzip file', 'empty.har.gz', gzipSync('')],
		['a file of zeros', 'zeros.har', Buffer.alloc(4096)],
	])('%s is refused in one line, and leaves no session and no file behind', async (_what, name, bytes) => {
		const database = scratchFile('x.db');
		expectOneLine(await kubestep('import', file(name, bytes), '-d', database), 3, name);
		expect(readdirSync(path.dirname(database))).toEqual([]);
	});

	test('a directory, and a missing file, is refused in one line', async () => {
		const directory = scratchFile('recordings');
		mkdirSync(directory);
		expectOneLine(await kubestep('import', directory, '-d', scratchFile('x.db')), 3, 'recordings', 'directory');
		expectOneLine(await kubestep('import', scratchFile('missing.har'), '-d', scratchFile('x.db')), 3, 'missing.har');
	});

	test('a bad file beside good ones keeps none of them out', async () => {
		const database = scratchFile('x.db');
		const ran = await kubestep('import', file('empty.har', ''), capture('stale-cache-duplicates.har.gz'), '-d', database);
		expect(ran.code).toBe(3);
		expect(ran.stderr).toHaveLength(1);
		expect(ran.stdout).toMatch(/^stale-cache-duplicates {2}13 requests \+ 25 watch events/v);
	});

	test('a file into a directory that is not there is refused in one line', async () => {
		const ran = await kubestep('import', capture('stale-cache-duplicates.har.gz'), '-d', path.join(scratchFile('nowhere'), 'x.db'));
		expect(ran.stderr).toHaveLength(1);
		expect(ran.stderr[0]).toContain('nowhere');
		expect([3, 5]).toContain(ran.code);
	});
});

describe('a session file', () => {
	let sound: string;

	beforeAll(async () => {
		sound = scratchFile('sound.db');
		await kubestep('import', capture('sample-controller.har.gz'), '-d', sound);
		expect(existsSync(sound)).toBe(true);
	});

	test('with its last page cut off says so in one line, and shows what can be read', async () => {
		const bytes = readFileSync(sound);
		const cut = file('cut.db', bytes);
		truncateSync(cut, bytes.length - 4096);
		for (const [command, shown] of [[['tui', cut], 'step 1 of 135'], [['sessions', cut], '92']] as const) {
			const ran = await kubestep(...command);
			expect(ran.stderr).toHaveLength(1);
			expect(ran.stderr[0]).toMatch(/^kubestep: .*cut\.db/v);
			expect(ran.stdout).toContain(shown);
			expect(ran.code).toBe(0);
		}
	});

	test('cut off where a command must read is a clear error', async () => {
		const bytes = readFileSync(sound);
		const cut = file('half.db', bytes);
		truncateSync(cut, bytes.length / 2);
		const ran = await kubestep('get', 'deployments', '-A', '--at', 'end', '-d', cut);
		expect(ran.stderr.at(-1)).toMatch(/half\.db/v);
		expect(ran.stderr.join('\n')).not.toContain('    at ');
		expect(ran.code).toBe(3);
	});

	test.each([
		['an empty file', 'empty.db', ''],
		['a PNG', 'picture.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
		['a text', 'notes.txt', 'not a session\n'.repeat(500)],
	])('that is %s is refused in one line', async (_what, name, bytes) => {
		expectOneLine(await kubestep('tui', file(name, bytes)), 3, name);
	});

	test('that is a directory, or missing, is refused in one line, and nothing is created', async () => {
		const directory = scratchFile('somewhere');
		mkdirSync(directory);
		const missing = scratchFile('missing.db');
		expectOneLine(await kubestep('tui', directory), 3, 'somewhere', 'directory');
		expectOneLine(await kubestep('tui', missing), 3, 'missing.db');
		expect(existsSync(missing)).toBe(false);
	});

	test('of somebody else\'s SQLite database is refused in one line', async () => {
		const other = scratchFile('other.db');
		const database = new Database(other);
		database.exec('create table cats (name text)');
		database.close();
		expectOneLine(await kubestep('sessions', other), 3, 'other.db');
	});

	test('of a newer version is refused in one line that says to update', async () => {
		const newer = file('newer.db', readFileSync(sound));
		const database = new Database(newer);
		const version = Number(database.pragma('user_version', {simple: true}));
		database.pragma(`user_version = ${version + 1}`);
		database.close();
		expectOneLine(await kubestep('tui', newer), 3, 'newer.db', 'newer');
	});
});
