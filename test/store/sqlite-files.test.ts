import {Buffer} from 'node:buffer';
import {spawn, spawnSync} from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import {build} from 'esbuild';
import {expect, test} from 'vitest';
import {openStore} from '../../source/store/open-store.js';
import {migrate, migrations} from '../../source/store/sqlite/migrations.js';
import {toStoreError} from '../../source/store/sqlite/store-error.js';
import {operationWith, sessionWith, versionWith} from './arbitrary-session.js';
import {batchWith} from './contract-backend.js';
import {inDirectory} from './sqlite-backend.js';

const operationCount = 3000;
const png = Uint8Array.from([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, ...Array.from({length: 200}, (_, index) => index)]);

const writeSession = async (file: string): Promise<void> => {
	const store = await openStore(file, {mode: 'write'});
	await store.createSession(sessionWith());
	await store.write('s1', batchWith({
		bodies: Array.from({length: 100}, (_, index) => ({number: index + 1, bytes: new TextEncoder().encode(`{"a":${index},"b":"${'x'.repeat(100)}"}\n`), chain: '/pods\0default/web'})),
		operations: Array.from({length: operationCount}, (_, index) => ({operation: operationWith({sequence: index + 1, name: `pod-${index % 100}`, message: `message ${index}`})})),
		versions: [versionWith({number: 1, step: 1})],
		session: {operations: operationCount, open: false},
	}));
	await store.close();
};

const refusal = async (file: string, mode: 'read' | 'write' = 'read'): Promise<{readonly message: string; readonly exitCode: number}> => {
	try {
		const store = await openStore(file, {mode});
		await store.close();
	} catch (error) {
		const {message, exitCode} = error as {message: string; exitCode: number};
		expect(message).not.toContain('\n');
		expect(message).toContain(file === '' ? 'session file' : path.basename(file));
		return {message, exitCode};
	}

	throw new Error(`${file} was opened`);
};

/** A script of ours that runs in another process, perhaps as another user. */
const bundleScript = async (directory: string, code: string): Promise<string> => {
	const file = path.join(directory, 'script.mjs');
	await build({
		stdin: {contents: code, resolveDir: import.meta.dirname, loader: 'ts'}, bundle: true, platform: 'node', format: 'esm', outfile: file, logLevel: 'silent',
		external: ['better-sqlite3'], banner: {js: ''},
	});
	// The addon is found by its path: the script lies elsewhere.
	const addon = path.resolve(import.meta.dirname, '../../node_modules/better-sqlite3/lib/index.js');
	writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/from ?"better-sqlite3"/gv, () => `from ${JSON.stringify(addon)}`));
	return file;
};

test('what is not there, or cannot be a session file, is refused in one clear line', async () => {
	await inDirectory(async directory => {
		const at = (name: string): string => path.join(directory, name);
		writeFileSync(at('empty.db'), '');
		writeFileSync(at('picture.png'), png);
		writeFileSync(at('short.db'), 'SQLite format 3\0');
		writeFileSync(at('lines.jsonl'), '{"kind":"Event"}\n'.repeat(20));
		new Database(at('other.db')).exec('CREATE TABLE operations (id INTEGER)').close();
		expect(await refusal(at('missing.db'))).toMatchObject({exitCode: 3, message: expect.stringMatching(/does not exist.*kubestep record/v) as string});
		expect(await refusal(at('picture.png/x.db'))).toMatchObject({exitCode: 3, message: expect.stringContaining('not a directory') as string});
		expect(await refusal(directory)).toMatchObject({exitCode: 3, message: expect.stringContaining('is a directory') as string});
		expect(await refusal(at('empty.db'))).toMatchObject({exitCode: 3, message: expect.stringContaining('is empty') as string});
		for (const mode of ['read', 'write'] as const) {
			expect(await refusal(at('picture.png'), mode)).toMatchObject({exitCode: 3, message: expect.stringContaining('is not a session file') as string});
			expect(await refusal(at('short.db'), mode)).toMatchObject({exitCode: 3});
			expect(await refusal(at('lines.jsonl'), mode)).toMatchObject({exitCode: 3, message: expect.stringContaining('kubestep import') as string});
			expect(await refusal(at('other.db'), mode)).toMatchObject({exitCode: 3, message: expect.stringContaining('not a session file') as string});
		}

		expect(await refusal(directory, 'write')).toMatchObject({exitCode: 3, message: expect.stringContaining('is a directory') as string});
		expect(await refusal(at('no/such/place.db'), 'write')).toMatchObject({exitCode: 3, message: expect.stringContaining('no directory') as string});
		expect(readFileSync(at('picture.png'))).toEqual(Buffer.from(png));
		await expect(openStore('', {mode: 'read'})).rejects.toMatchObject({exitCode: 2});
		await expect(openStore('mongodb://localhost:27017/x', {mode: 'read'})).rejects.toMatchObject({exitCode: 2, message: 'MongoDB storage is not part of this version'});
	});
});

test('an empty file is made a session file when it is to be written', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'new.db');
		writeFileSync(file, '');
		await writeSession(file);
		const store = await openStore(file, {mode: 'read'});
		expect(await store.countOperations({session: 's1'})).toBe(operationCount);
		await store.close();
	});
});

test('a file from a newer version is refused with both schema versions', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'newer.db');
		await writeSession(file);
		const database = new Database(file);
		database.pragma('user_version = 99');
		database.close();
		for (const mode of ['read', 'write'] as const) {
			expect(await refusal(file, mode)).toMatchObject({exitCode: 3, message: expect.stringMatching(/made by a newer KubeStep \(schema 99; this one reads up to \d+\)/v) as string});
		}
	});
});

test('migrations run in order, once each, all or none', async () => {
	await inDirectory(async directory => {
		const database = new Database(path.join(directory, 'old.db'));
		const later = [
			...migrations,
			{to: migrations.length + 1, sql: 'CREATE TABLE later (a); INSERT INTO later VALUES (1)'},
			{to: migrations.length + 2, sql: 'UPDATE later SET a = a + 1'},
		];
		migrate(database);
		migrate(database, later);
		migrate(database, later);
		expect(database.prepare('SELECT a FROM later').pluck().get()).toBe(2);
		expect(database.pragma('user_version', {simple: true})).toBe(later.length);
		expect(() => {
			migrate(database, [...later, {to: later.length + 1, sql: 'DROP TABLE later'}, {to: later.length + 2, sql: 'no sql'}]);
		}).toThrow();
		expect(database.pragma('user_version', {simple: true})).toBe(later.length);
		expect(database.prepare('SELECT a FROM later').pluck().get()).toBe(2);
		database.close();
	});
});

test('of a file whose last page is cut off, what is left can be read, with a warning', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'whole.db');
		await writeSession(file);
		const {size} = statSync(file);
		let readable = 0;
		for (const missing of [1, 4096, 3 * 4096]) {
			const cut = path.join(directory, `cut-${missing}.db`);
			copyFileSync(file, cut);
			truncateSync(cut, size - missing);
			expect(await refusal(cut, 'write')).toMatchObject({exitCode: 3, message: expect.stringContaining('cut short') as string});
			const store = await openStore(cut, {mode: 'read'});
			expect(store.warnings).toEqual([expect.stringContaining('is cut short')]);
			expect(await store.listSessions()).toHaveLength(1);
			for (let sequence = 1; sequence <= operationCount; sequence += 10) {
				try {
					readable += await store.getOperation('s1', sequence) === undefined ? 0 : 1;
				} catch (error) {
					expect(error).toMatchObject({exitCode: 3, message: expect.stringContaining('damaged') as string});
				}
			}

			await store.close();
		}

		expect(readable).toBeGreaterThan(operationCount * 3 / 10 * 0.9);
	});
});

test('a file with bytes changed at random gives right answers or clear errors', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'whole.db');
		await writeSession(file);
		const whole = readFileSync(file);
		let state = 12_345;
		const random = (limit: number): number => {
			state = ((state * 1_103_515_245) + 12_345) % 2_147_483_648;
			return state % limit;
		};

		for (let round = 0; round < 60; round += 1) {
			const damaged = path.join(directory, `damaged-${round}.db`);
			const bytes = Buffer.from(whole);
			for (let change = 0; change < 40; change += 1) {
				bytes[100 + random(bytes.length - 100)] = random(256);
			}

			writeFileSync(damaged, bytes);
			const ask = async (): Promise<void> => {
				const store = await openStore(damaged, {mode: 'read'});
				try {
					await store.listSessions();
					await store.queryOperations({session: 's1', limit: 10_000});
					await store.queryVersions({session: 's1', at: 5, limit: 10});
					await store.readBodies('s1', Array.from({length: 100}, (_, index) => index + 1));
				} finally {
					await store.close();
				}
			};

			await ask().catch((error: unknown) => {
				expect(error).toMatchObject({name: 'KubestepError', message: expect.stringContaining('damaged-') as string});
			});
		}
	});
});

test('a recording that was killed opens with what was written, for reading and for writing', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'killed.db');
		const script = await bundleScript(directory, String.raw`
			import {openStore} from '../../source/store/open-store.ts';
			import {operationWith, sessionWith} from './arbitrary-session.ts';
			const store = await openStore(${JSON.stringify(file)}, {mode: 'write'});
			await store.createSession(sessionWith());
			for (let sequence = 1; sequence < 1_000_000; sequence += 1) {
				await store.insertOperations('s1', [{operation: operationWith({sequence, message: 'm' + sequence})}]);
				if (sequence === 500) {
					process.stdout.write('going\n');
				}
			}
		`);
		const child = spawn(process.execPath, [script], {stdio: ['ignore', 'pipe', 'inherit']});
		await new Promise(resolve => {
			child.stdout.once('data', resolve);
		});
		child.kill('SIGKILL');
		await new Promise(resolve => {
			child.once('exit', resolve);
		});
		expect(existsSync(`${file}-wal`)).toBe(true);
		const reader = await openStore(file, {mode: 'read'});
		const count = await reader.countOperations({session: 's1'});
		expect(count).toBeGreaterThanOrEqual(500);
		const sequences = await reader.querySequences({session: 's1', limit: 1e6});
		expect(sequences.at(-1)).toBe(count);
		await reader.close();
		const writer = await openStore(file, {mode: 'write'});
		expect(await writer.countOperations({session: 's1'})).toBe(count);
		await writer.insertOperations('s1', [{operation: operationWith({sequence: count + 1})}]);
		await writer.close();
		expect(existsSync(`${file}-wal`)).toBe(false);
	});
});

test('a finished session is one file in rollback mode, without holes', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'finished.db');
		await writeSession(file);
		expect(readdirSync(directory)).toEqual(['finished.db']);
		const database = new Database(file, {readonly: true});
		expect(database.pragma('journal_mode', {simple: true})).toBe('delete');
		expect(database.pragma('freelist_count', {simple: true})).toBe(0);
		expect(database.pragma('integrity_check', {simple: true})).toBe('ok');
		database.close();
	});
});

test('the same input makes the same file, byte for byte', async () => {
	await inDirectory(async directory => {
		const files = ['one.db', 'two.db'].map(name => path.join(directory, name));
		for (const file of files) {
			await writeSession(file);
		}

		expect(readFileSync(files[0]!).equals(readFileSync(files[1]!))).toBe(true);
	});
});

const readAsNobody = `
	import {openStore} from '../../source/store/open-store.ts';
	process.setgid(65_534);
	process.setuid(65_534);
	const store = await openStore(process.argv[2], {mode: 'read'});
	const count = await store.countOperations({session: 's1'});
	await store.saveMark('s1', {letter: 'a', step: 3});
	await store.saveBreakpoint('s1', {id: 1, enabled: true, pattern: {verb: 'get'}});
	console.log(JSON.stringify({count, readonly: store.readonly, warnings: store.warnings, marks: await store.listMarks('s1'), breakpoints: await store.listBreakpoints('s1')}));
	await store.close();
`;

/** What a user who may write nothing there sees of a file; undefined where we cannot become that user. */
const seenByNobody = async (directory: string, file: string): Promise<unknown> => {
	const script = await bundleScript(directory, readAsNobody);
	chmodSync(directory, 0o755);
	chmodSync(script, 0o644);
	const {stdout, stderr, status} = spawnSync(process.execPath, [script, file], {encoding: 'utf8', env: {...process.env, HOME: '/nonexistent'}});
	expect(`${status} ${stderr}`).toBe('0 ');
	return JSON.parse(stdout);
};

test('a file in a directory that may not be written opens for another user; marks and breakpoints then live in memory', async context => {
	if (process.getuid?.() !== 0) {
		context.skip('only root can become another user');
	}

	await inDirectory(async directory => {
		const place = path.join(directory, 'place');
		mkdirSync(place);
		const file = path.join(place, 'session.db');
		await writeSession(file);
		chmodSync(file, 0o444);
		chmodSync(place, 0o555);
		const before = readFileSync(file);
		expect(await seenByNobody(directory, file)).toEqual({
			count: operationCount, readonly: true, warnings: [], marks: [{letter: 'a', step: 3}], breakpoints: [{id: 1, enabled: true, pattern: {verb: 'get'}}],
		});
		expect(readdirSync(place)).toEqual(['session.db']);
		expect(readFileSync(file).equals(before)).toBe(true);
	});
});

test('a recording that was killed in such a directory is read from a copy, with a warning', async context => {
	if (process.getuid?.() !== 0) {
		context.skip('only root can become another user');
	}

	await inDirectory(async directory => {
		const place = path.join(directory, 'place');
		mkdirSync(place);
		const original = path.join(directory, 'original.db');
		const file = path.join(place, 'session.db');
		const store = await openStore(original, {mode: 'write'});
		await store.createSession(sessionWith());
		await store.insertOperations('s1', [{operation: operationWith({sequence: 1})}, {operation: operationWith({sequence: 2})}]);
		for (const suffix of ['', '-wal']) {
			copyFileSync(`${original}${suffix}`, `${file}${suffix}`);
			chmodSync(`${file}${suffix}`, 0o444);
		}

		await store.close();
		chmodSync(place, 0o555);
		expect(await seenByNobody(directory, file)).toMatchObject({
			count: 2, readonly: true, warnings: [expect.stringContaining('a copy is read')], marks: [{letter: 'a', step: 3}],
		});
		expect(readdirSync(place).toSorted()).toEqual(['session.db', 'session.db-wal']);
	});
});

test('marks of a session that is only read are kept in its file where that can be written', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'session.db');
		await writeSession(file);
		const reader = await openStore(file, {mode: 'read'});
		await reader.saveMark('s1', {letter: 'x', step: 9});
		expect(reader.readonly).toBe(false);
		expect(await reader.listMarks('s1')).toEqual([{letter: 'x', step: 9}]);
		await reader.close();
		const again = await openStore(file, {mode: 'read'});
		expect(await again.listMarks('s1')).toEqual([{letter: 'x', step: 9}]);
		await again.close();
		expect(readdirSync(directory)).toEqual(['session.db']);
	});
});

test('marks are kept while another process records', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'session.db');
		const writer = await openStore(file, {mode: 'write'});
		await writer.createSession(sessionWith());
		const reader = await openStore(file, {mode: 'read'});
		await reader.saveMark('s1', {letter: 'x', step: 9});
		await writer.insertOperations('s1', [{operation: operationWith({sequence: 1})}]);
		expect(await writer.listMarks('s1')).toEqual([{letter: 'x', step: 9}]);
		await reader.close();
		await writer.close();
	});
});

test('a file that cannot grow is said so in one clear line, and what was written before stays', async () => {
	await inDirectory(async directory => {
		const file = path.join(directory, 'session.db');
		const script = await bundleScript(directory, `
			import {openStore} from '../../source/store/open-store.ts';
			import {operationWith, sessionWith} from './arbitrary-session.ts';
			const store = await openStore(${JSON.stringify(file)}, {mode: 'write'});
			await store.createSession(sessionWith());
			let written = 0;
			try {
				for (; written < 1_000_000; written += 1) {
					await store.insertOperations('s1', [{operation: operationWith({sequence: written + 1, message: 'm'.repeat(1000) + written})}]);
				}
			} catch (error) {
				console.log(JSON.stringify({written, name: error.name, message: error.message, exitCode: error.exitCode, count: await store.countOperations({session: 's1'})}));
			}
			process.exit(0);
		`);
		// 1 MiB in blocks of 512 bytes; the signal that comes with it would end the process.
		const {stdout} = spawnSync('sh', ['-c', 'trap \'\' XFSZ; ulimit -f 2048; exec "$0" "$1"', process.execPath, script], {encoding: 'utf8'});
		const result = JSON.parse(stdout) as {written: number; name: string; message: string; exitCode: number; count: number};
		expect(result).toMatchObject({name: 'KubestepError', exitCode: 5, count: result.written});
		expect(result.message).toContain('session.db');
		expect(result.written).toBeGreaterThan(10);
		const store = await openStore(file, {mode: 'read'});
		expect(await store.countOperations({session: 's1'})).toBe(result.written);
		await store.close();
	});
});

test.each([
	['SQLITE_FULL', 5, 'disk is full'],
	['SQLITE_IOERR_WRITE', 5, 'file system failed'],
	['SQLITE_BUSY', 4, 'another process'],
	['SQLITE_CORRUPT_VTAB', 3, 'damaged'],
	['SQLITE_NOTADB', 3, 'not a session file'],
	['SQLITE_READONLY_DIRECTORY', 5, 'cannot be written'],
	['SQLITE_NEVER_HEARD_OF', 5, 'SQLITE_NEVER_HEARD_OF'],
])('%s becomes one line with exit code %i that says: %s', (code, exitCode, words) => {
	const error = toStoreError(new Database.SqliteError('what SQLite says', code), 'my.db');
	expect(error).toMatchObject({name: 'KubestepError', exitCode, message: expect.stringMatching(new RegExp(String.raw`^my\.db .*${words}.*what SQLite says`, 'v')) as string});
});
