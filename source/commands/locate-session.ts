import {existsSync, statSync} from 'node:fs';
import {usageError} from '../model/kubestep-error.js';
import {textFlag, type Flags} from './command.js';

export const defaultLocator = './recordings.db';

/** Which store, and which of its sessions (undefined: the only one). */
export type SessionPlace = {readonly locator: string; readonly session: string | undefined};

const isFile = (name: string): boolean => existsSync(name) && statSync(name).isFile();

/** Whether a positional can only be meant as a store: a path, a URI, `LOCATOR#SESSION`, or a file that is there. */
export const isLikeLocator = (text: string): boolean =>
	text.includes('://') || text.includes('#') || text.includes('/') || text.includes('\\') || /\.(?:db|sqlite3?)$/v.test(text) || existsSync(text);

/** `recordings.db#session-001` in two. A file whose name holds a `#` is itself. */
const splitLocator = (text: string): SessionPlace => {
	const hash = text.lastIndexOf('#');
	if (hash === -1 || isFile(text)) {
		return {locator: text, session: undefined};
	}

	if (hash === 0 || hash === text.length - 1) {
		throw usageError(`"${text}" is no LOCATOR#SESSION: ${hash === 0 ? 'the locator before' : 'the session after'} the # is missing`);
	}

	return {locator: text.slice(0, hash), session: text.slice(hash + 1)};
};

const mongoLocator = (flags: Flags): string => {
	const uri = textFlag(flags, 'mongo-uri');
	if (uri === undefined) {
		throw usageError('--storage mongodb needs --mongo-uri, for example --mongo-uri mongodb://localhost:27017');
	}

	const database = textFlag(flags, 'mongo-db');
	const url = URL.parse(uri);
	if (url === null) {
		throw usageError('--mongo-uri is no URI; it looks like mongodb://localhost:27017');
	}

	if (database !== undefined) {
		url.pathname = `/${encodeURIComponent(database)}`;
	} else if (url.pathname === '' || url.pathname === '/') {
		url.pathname = '/kubestep';
	}

	return url.href;
};

const locatorFromFlags = (flags: Flags): string | undefined => {
	const database = textFlag(flags, 'database');
	const isMongo = textFlag(flags, 'storage') === 'mongodb';
	const mongoFlag = ['mongo-uri', 'mongo-db'].find(name => flags.has(name));
	if (!isMongo && mongoFlag !== undefined) {
		throw usageError(`--${mongoFlag} needs --storage mongodb`);
	}

	if (isMongo && database !== undefined) {
		throw usageError('--storage mongodb and -d name two stores; give one');
	}

	return isMongo ? mongoLocator(flags) : database;
};

const agree = (named: readonly string[], command: string): string | undefined => {
	const different = [...new Set(named)];
	if (different.length > 1) {
		throw usageError(`${command}: two sessions are named, ${different.join(' and ')}; name one`);
	}

	return different[0];
};

/**
Where a command's recording is, from its positionals (`LOCATOR`, `SESSION`, `LOCATOR SESSION`) and flags, in whichever place each is given. One positional is the
session where a flag names the store, or where it does not look like a store.

@throws KubestepError usage
*/
export const locateSession = (positionals: readonly string[], flags: Flags, command: string): SessionPlace => {
	const fromFlags = locatorFromFlags(flags);
	const isFirstLocator = fromFlags === undefined && positionals[0] !== undefined && (positionals.length > 1 || isLikeLocator(positionals[0]));
	const sessions = positionals.slice(isFirstLocator ? 1 : 0);
	if (sessions.length > 1) {
		throw usageError(`${command}: too many arguments: ${sessions.slice(1).join(' ')} (kubestep ${command} --help shows its usage)`);
	}

	const place = splitLocator((isFirstLocator ? positionals[0] : fromFlags) ?? defaultLocator);
	const flag = textFlag(flags, 'session');
	const session = agree([place.session, sessions[0], flag].filter(name => name !== undefined), command);
	if (fromFlags === undefined && !isFirstLocator && sessions[0] !== undefined && !existsSync(place.locator)) {
		throw usageError(`${command}: there is no file ${sessions[0]}, and no ${defaultLocator} that could hold a session of that name; name the store with -d`);
	}

	return {locator: place.locator, session};
};
