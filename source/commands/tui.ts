import {exitCodes, type ExitCode} from '../model/kubestep-error.js';
import {
	isOn,
	textFlag,
	type Command,
	type CommandInput,
	type CommandOutput,
} from './command.js';
import {locateSession} from './locate-session.js';
import {withTimeline} from './open-recording.js';
import {atFlag, locatorFlags} from './shared-flags.js';

const run = async ({positionals, flags}: CommandInput, output: CommandOutput): Promise<ExitCode> =>
	withTimeline(locateSession(positionals, flags, 'tui'), output, async timeline => {
		const at = textFlag(flags, 'at');
		const step = at === undefined ? undefined : await timeline.resolveAt(at);
		if (output.isTerminal) {
			const {runTui} = await import('../tui/run-tui.js');
			await runTui({timeline, at: step, follow: isOn(flags, 'follow')});
			return exitCodes.fine;
		}

		const {plainFrame} = await import('../tui/plain-frame.js');
		await output.print(await plainFrame(timeline, {at: step, columns: output.columns, rows: output.rows}));
		return exitCodes.fine;
	});

export const tuiCommand: Command = {
	name: 'tui',
	summary: 'the debugger: step through a recording, forwards and backwards',
	usage: '[LOCATOR] [SESSION] [--at STEP] [--follow]',
	description: [
		'j and k step, b toggles a breakpoint, c and C continue and reverse-continue, ? shows all keys, q quits.',
		'Where stdout is no terminal it prints one frame as plain text and ends.',
	].join('\n'),
	flags: [
		atFlag,
		{name: 'follow', short: 'f', help: 'follow a session that is still being recorded'},
		...locatorFlags,
	],
	examples: [
		{line: 'kubestep tui session.db', does: 'open a recording'},
		{line: 'kubestep tui recordings.db nightly --at first-error', does: 'one session of several, at its first error'},
	],
	run,
};
