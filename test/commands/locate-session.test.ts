import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {locateSession} from '../../source/commands/locate-session.js';

const directory = mkdtempSync(path.join(tmpdir(), 'kubestep-locate-'));
const file = path.join(directory, 'recording');
const hashed = path.join(directory, 'a#b.db');
writeFileSync(file, '');
writeFileSync(hashed, '');

const locate = (positionals: readonly string[], flags: Readonly<Record<string, string>> = {}) =>
	locateSession(positionals, new Map(Object.entries(flags)), 'analyze');

const mongo = {storage: 'mongodb', 'mongo-uri': 'mongodb://localhost:27017', 'mongo-db': 'kubestep'};

describe('a store and a session are found', () => {
	test.each([
		['nothing at all', [], {}, './recordings.db', undefined],
		['LOCATOR', ['session.db'], {}, 'session.db', undefined],
		['LOCATOR SESSION', ['session.db', 's1'], {}, 'session.db', 's1'],
		['SESSION -d LOCATOR', ['session-001'], {database: 'recordings.db'}, 'recordings.db', 'session-001'],
		['-d LOCATOR --session SESSION', [], {database: 'x.db', session: 's1'}, 'x.db', 's1'],
		['LOCATOR#SESSION', ['x.db#s1'], {}, 'x.db', 's1'],
		['-d LOCATOR#SESSION', [], {database: 'x.db#s1'}, 'x.db', 's1'],
		['LOCATOR --session SESSION', ['x.db'], {session: 's1'}, 'x.db', 's1'],
		['the same session twice', ['x.db', 's1'], {session: 's1'}, 'x.db', 's1'],
		['a file without an ending', [file], {}, file, undefined],
		['a file whose name holds a #', [hashed], {}, hashed, undefined],
		['a path that is not there', ['./nowhere/x'], {}, './nowhere/x', undefined],
		['a URI', ['mongodb://h/db'], {}, 'mongodb://h/db', undefined],
		['a session that looks like a path, with -d', ['a/b.db'], {database: 'x.db'}, 'x.db', 'a/b.db'],
		['MongoDB the long way', ['session-001'], mongo, 'mongodb://localhost:27017/kubestep', 'session-001'],
		['MongoDB without a database', [], {storage: 'mongodb', 'mongo-uri': 'mongodb://h'}, 'mongodb://h/kubestep', undefined],
		['MongoDB with it in the URI', [], {storage: 'mongodb', 'mongo-uri': 'mongodb://h/mine?tls=true'}, 'mongodb://h/mine?tls=true', undefined],
	])('from %s', (_what, positionals, flags, locator, session) => {
		expect(locate(positionals, flags)).toEqual({locator, session});
	});
});

describe('a locator that cannot be meant', () => {
	test.each([
		[['a.db', 's1', 's2'], {}, 'analyze: too many arguments: s2 (kubestep analyze --help shows its usage)'],
		[['s1', 's2'], {database: 'x.db'}, 'analyze: too many arguments: s2 (kubestep analyze --help shows its usage)'],
		[['x.db#s1', 's2'], {}, 'analyze: two sessions are named, s1 and s2; name one'],
		[['x.db'], {database: 'y.db', session: 's'}, 'analyze: two sessions are named, x.db and s; name one'],
		[['#s1'], {}, '"#s1" is no LOCATOR#SESSION: the locator before the # is missing'],
		[['x.db#'], {}, '"x.db#" is no LOCATOR#SESSION: the session after the # is missing'],
		[['session-001'], {}, 'analyze: there is no file session-001, and no ./recordings.db that could hold a session of that name; name the store with -d'],
		[[], {'mongo-uri': 'mongodb://h'}, '--mongo-uri needs --storage mongodb'],
		[[], {storage: 'mongodb'}, '--storage mongodb needs --mongo-uri, for example --mongo-uri mongodb://localhost:27017'],
		[[], {storage: 'mongodb', 'mongo-uri': 'nonsense'}, '--mongo-uri is no URI; it looks like mongodb://localhost:27017'],
		[[], {storage: 'mongodb', 'mongo-uri': 'mongodb://h', database: 'x.db'}, '--storage mongodb and -d name two stores; give one'],
	])('%j %j is refused', (positionals, flags, message) => {
		expect(() => locate(positionals, flags as Record<string, string>)).toThrow(expect.objectContaining({message, exitCode: 2}));
	});
});
