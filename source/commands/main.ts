import packageJson from '../../package.json' with {type: 'json'};
import {exitCodes, usageError, type ExitCode} from '../model/kubestep-error.js';
import {nearestName} from '../model/nearest-name.js';
import type {Command, CommandOutput} from './command.js';
import {diffCommand} from './diff.js';
import {objectsCommand} from './get.js';
import {commandHelp, generalHelp} from './help-text.js';
import {importCommand} from './import.js';
import {parseArguments} from './parse-arguments.js';
import {reportError} from './report-error.js';
import {sessionsCommand} from './sessions.js';
import {commonFlags} from './shared-flags.js';
import {tuiCommand} from './tui.js';

export const commands: readonly Command[] = [importCommand, tuiCommand, sessionsCommand, objectsCommand, diffCommand];

const findCommand = (name: string): Command => {
	const command = commands.find(candidate => candidate.name === name);
	if (command === undefined) {
		const near = nearestName(name, commands.map(candidate => candidate.name));
		throw usageError(`there is no command "${name}"${near === undefined ? '' : `; did you mean ${near}?`} (kubestep --help lists them)`);
	}

	return command;
};

const runNamed = async (name: string, rest: readonly string[], output: CommandOutput): Promise<ExitCode> => {
	const command = findCommand(name);
	const isHelp = rest.includes('--help') || rest.includes('-h');
	if (isHelp) {
		await output.print(commandHelp(command));
		return exitCodes.fine;
	}

	return command.run(parseArguments(rest, [...command.flags, ...commonFlags], name), output);
};

const isHelpWord = (word: string): boolean => ['help', '--help', '-h'].includes(word);

const run = async (argv: readonly string[], output: CommandOutput): Promise<ExitCode> => {
	const [first, second] = argv;
	if (first === undefined) {
		throw usageError('no command given; kubestep --help lists them, kubestep tui SESSION.db opens a recording');
	}

	if (isHelpWord(first)) {
		await output.print(second === undefined || second.startsWith('-') ? generalHelp(commands) : commandHelp(findCommand(second)));
		return exitCodes.fine;
	}

	if (['version', '--version', '-V'].includes(first)) {
		await output.print(`${packageJson.version}\n`);
		return exitCodes.fine;
	}

	if (first.startsWith('-')) {
		throw usageError(`the command comes first, before ${first} (kubestep --help lists them)`);
	}

	return runNamed(first, argv.slice(1), output);
};

/** Runs one command line (without `node` and the script) and gives its exit code. Never throws. */
export const runCommandLine = async (argv: readonly string[], output: CommandOutput): Promise<ExitCode> => {
	try {
		return await run(argv, output);
	} catch (error) {
		return reportError(error, output, argv.includes('--debug'));
	}
};
