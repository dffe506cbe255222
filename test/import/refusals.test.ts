import {Buffer} from 'node:buffer';
import {
	chmodSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {gzipSync} from 'node:zlib';
import {
	afterEach,
	beforeEach,
	describe,
	expect,
	test,
} from 'vitest';
import {importFile} from '../../source/import/import-file.js';
import type {ImportInput} from '../../source/import/import-types.js';
import {KubestepError} from '../../source/model/kubestep-error.js';
import {asStdin, getEntry, harText} from './made-har.js';

const refuse = async (input: ImportInput): Promise<string> => {
	let isOpened = false;
	const error: unknown = await importFile(input, async () => {
		isOpened = true;
		throw new Error('a session was opened');
	}).catch((error_: unknown) => error_);
	expect(error).toBeInstanceOf(KubestepError);
	expect(isOpened).toBe(false);
	const {exitCode, message} = error as KubestepError;
	expect(exitCode).toBe(3);
	expect(message).not.toContain('\n');
	return message;
};

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('one clear line refuses', () => {
	let directory: string;
	beforeEach(() => {
		directory = mkdtempSync(path.join(tmpdir(), 'kubestep-refuse-'));
	});
	afterEach(() => {
		rmSync(directory, {recursive: true});
	});
	const file = (name: string, content: string | Uint8Array): string => {
		const created = path.join(directory, name);
		writeFileSync(created, content);
		return created;
	};

	test('a PNG', async () => {
		const photo = file('photo.png', png);
		expect(await refuse({path: photo})).toBe(`cannot import ${photo}: it is neither a HAR, an audit log nor a KubeStep (Go) database. Give the format with --format if you know it`);
		expect(await refuse({path: photo, format: 'har'})).toBe(`cannot import ${photo}: it is not a HAR; leave --format away or name another file`);
		expect(await refuse({path: photo, format: 'kubestep-go'})).toBe(`cannot import ${photo}: it is not a KubeStep (Go) database; leave --format away or name another file`);
	});

	test('an empty file, blanks, and gzip of nothing', async () => {
		for (const content of ['', ' \n\t\n', gzipSync('')]) {
			expect(await refuse(asStdin(content))).toBe('cannot import stdin: it is empty; export or copy it again');
		}
	});

	test('a directory, a missing file, and a path through a file', async () => {
		expect(await refuse({path: directory})).toBe(`cannot import ${directory}: it is a directory; name a file in it`);
		const missing = path.join(directory, 'missing.har');
		expect(await refuse({path: missing})).toBe(`cannot import ${missing}: there is no such file; check the path`);
		const inside = path.join(file('a', 'x'), 'b');
		expect(await refuse({path: inside})).toContain('a part of its path is no directory; check the path');
	});

	// Root may read everything.
	test.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
		const secret = file('secret.har', '{}');
		chmodSync(secret, 0);
		expect(await refuse({path: secret})).toContain('permission denied; check who may read it');
	});

	test('other JSON, other text, and gzip that is none', async () => {
		for (const content of ['{"a":1}', '[]', '"log"', 'hello', '{"log":"text","entries":[]}', '{"kind":"Pod","apiVersion":"v1"}', Buffer.from([0x1F, 0x8B, 1, 2, 3, 4])]) {
			expect(await refuse(asStdin(content))).toMatch(/^cannot import stdin: it is (?:neither|empty)/v);
		}
	});

	test('text of another format than the given one', async () => {
		expect(await refuse({...asStdin('{"a":1}\n'), format: 'audit'}))
			.toBe('cannot import stdin: it holds no audit event (stdin: line 1: not an audit event; skipped); check that it is the log of a kube-apiserver');
		const har = harText([getEntry(0, 'a')]);
		const cut = har.slice(0, -40);
		expect(await refuse(asStdin(cut))).toBe('cannot import stdin: none of its entries can be read (it is cut off in the first one); export or copy it again');
		expect(await refuse({...asStdin('hello'), format: 'har'})).toBe('cannot import stdin: it holds no entries of a HAR (log.entries); check that it is a HAR');
		expect(await refuse({...asStdin(har), format: 'audit'})).toContain('it holds no audit event');
		expect(await refuse({...asStdin(har), format: 'kubestep-go'})).toBe('cannot import stdin: it is not a KubeStep (Go) database but a HAR; leave --format away or name another file');
	});
});
