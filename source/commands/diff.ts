import {exitCodes, usageError, type ExitCode} from '../model/kubestep-error.js';
import {
	isOn,
	textFlag,
	type Command,
	type CommandInput,
	type CommandOutput,
} from './command.js';
import {locateSession} from './locate-session.js';
import {withTimeline} from './open-recording.js';
import {atFlag, locatorFlags, outputFlag} from './shared-flags.js';

const run = async ({positionals, flags}: CommandInput, output: CommandOutput): Promise<ExitCode> => {
	const at = textFlag(flags, 'at');
	if (at === undefined) {
		throw usageError('diff needs --at STEP, for example: kubestep diff session.db --at 56');
	}

	return withTimeline(locateSession(positionals, flags, 'diff'), output, async timeline => {
		const step = await timeline.resolveAt(at);
		const from = textFlag(flags, 'from');
		const options = {
			at: step,
			from: from === undefined ? Math.max(0, step - 1) : await timeline.resolveAt(from),
			hasManagedFields: isOn(flags, 'show-managed-fields'),
			format: textFlag(flags, 'output'),
		};
		const {printDiff} = await import('./print-diff.js');
		await printDiff(timeline, options, output);
		return exitCodes.fine;
	});
};

export const diffCommand: Command = {
	name: 'diff',
	summary: 'what changed at a step, or between two',
	usage: '[LOCATOR] [SESSION] --at STEP [--from STEP] [-o table|json]',
	description: 'A unified diff of every object whose state differs between the two steps; --from is the step before --at where it is left out.\nWith -o json a JSON Patch (RFC 6902) per object.',
	flags: [
		atFlag,
		{name: 'from', value: 'STEP', help: 'compare with this step (default: the one before --at)'},
		outputFlag(['table', 'json'], 'a diff to read (default), or JSON Patches'),
		{name: 'show-managed-fields', help: 'compare metadata.managedFields too'},
		...locatorFlags,
	],
	examples: [
		{line: 'kubestep diff session.db --at 56', does: 'what step 56 changed'},
		{line: 'kubestep diff session.db --from 0 --at end -o json', does: 'everything that happened, as patches'},
	],
	run,
};
