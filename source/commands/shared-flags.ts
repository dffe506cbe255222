import type {FlagSpec} from './command.js';

/** Where the recording is: every command that reads one takes these. */
export const locatorFlags: readonly FlagSpec[] = [
	{
		name: 'database', short: 'd', value: 'LOCATOR', help: 'session file or URI, LOCATOR#SESSION names both (default ./recordings.db)',
	},
	{name: 'session', value: 'ID', help: 'session, where the store holds more than one'},
	{
		name: 'storage', value: 'KIND', choices: ['sqlite', 'mongodb'], help: 'the kind of store (default sqlite)',
	},
	{name: 'mongo-uri', value: 'URI', help: 'with --storage mongodb: where it listens'},
	{name: 'mongo-db', value: 'NAME', help: 'with --storage mongodb: the database (default kubestep)'},
];

/** What every command understands. */
export const commonFlags: readonly FlagSpec[] = [
	{name: 'help', short: 'h', help: 'this text'},
	{name: 'debug', help: 'print the stack of an error'},
];

export const outputFlag = (choices: readonly string[], help: string): FlagSpec =>
	({
		name: 'output', short: 'o', aliases: ['format'], value: 'FORM', choices, help,
	});

export const atFlag: FlagSpec = {
	name: 'at', value: 'STEP', help: 'step, 50%, end, first-error, or a time since the start: 12.5s, 3m2s',
};
