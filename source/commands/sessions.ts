import {exitCodes, type ExitCode} from '../model/kubestep-error.js';
import {
	textFlag,
	type Command,
	type CommandInput,
	type CommandOutput,
} from './command.js';
import {locateSession} from './locate-session.js';
import {openForReading} from './open-recording.js';
import {sessionJson} from './printers/session-json.js';
import {locatorFlags, outputFlag} from './shared-flags.js';

const run = async ({positionals, flags}: CommandInput, output: CommandOutput): Promise<ExitCode> => {
	const place = locateSession(positionals, flags, 'sessions');
	const [store, {printSessionTable}] = await Promise.all([openForReading(place.locator, output), import('./print-session-table.js')]);
	try {
		const sessions = place.session === undefined ? await store.listSessions() : [await store.getSession(place.session)];
		const listed = await Promise.all(sessions.map(async session => ({session, actors: await store.countActors(session.id)})));
		await (textFlag(flags, 'output') === 'json'
			? output.print(`${JSON.stringify(listed.map(({session, actors}) => sessionJson(session, actors)), undefined, 2)}\n`)
			: printSessionTable(listed, output));
		if (sessions.length === 0) {
			output.warn(`${place.locator} holds no session; kubestep import FILE -d ${place.locator} brings one in`);
		}

		return exitCodes.fine;
	} finally {
		await store.close();
	}
};

export const sessionsCommand: Command = {
	name: 'sessions',
	summary: 'list the sessions of a store: what, how much, who',
	usage: '[LOCATOR] [SESSION] [-o table|json]',
	description: 'Requests and watch events are counted apart: together they are the steps of a session.',
	flags: [
		outputFlag(['table', 'json'], 'how to print, table if not given'),
		...locatorFlags,
	],
	examples: [
		{line: 'kubestep sessions session.db', does: 'what a session file holds'},
		{line: 'kubestep sessions -o json', does: 'the sessions of ./recordings.db, for a script'},
	],
	run,
};
