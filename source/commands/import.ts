import {exitCodes, usageError, type ExitCode} from '../model/kubestep-error.js';
import {
	isOn,
	textFlag,
	type Command,
	type CommandInput,
	type CommandOutput,
	type Flags,
} from './command.js';
import {importInto, type ImportJob} from './import-into.js';
import {locateSession} from './locate-session.js';
import {reportError} from './report-error.js';
import {sessionName} from './session-name.js';
import {locatorFlags} from './shared-flags.js';

const formats = ['har', 'audit', 'kubestep-go'] as const;

const planJobs = (files: readonly string[], flags: Flags): readonly ImportJob[] => {
	const {locator, session} = locateSession([], flags, 'import');
	if (session !== undefined && files.length > 1) {
		throw usageError(`import: one name, ${session}, for ${files.length} files; import them one by one, or leave --session out and each is named after its file`);
	}

	const format = formats.find(name => name === textFlag(flags, 'format'));
	const jobs = files.map(file => ({
		file,
		locator,
		format,
		session: session ?? sessionName(file),
		isRedacted: flags.get('redact') !== false,
		hasSynthesis: isOn(flags, 'synthesise'),
	}));
	const twice = jobs.find((job, index) => jobs.findIndex(({session: name}) => name === job.session) !== index);
	if (twice !== undefined) {
		throw usageError(`import: two of these files would be session ${twice.session}; import them one by one, with --session`);
	}

	return jobs;
};

const run = async ({positionals, flags}: CommandInput, output: CommandOutput): Promise<ExitCode> => {
	if (positionals.length === 0) {
		throw usageError('import needs a file, for example: kubestep import operator.har.gz -d session.db (kubestep import --help tells more)');
	}

	const jobs = planJobs(positionals, flags);
	const [only] = jobs;
	if (only !== undefined && jobs.length === 1) {
		await importInto(only, output);
		return exitCodes.fine;
	}

	// One bad file does not keep the others out.
	let exitCode: ExitCode = exitCodes.fine;
	for (const job of jobs) {
		try {
			await importInto(job, output); // eslint-disable-line no-await-in-loop -- one writer
		} catch (error) {
			output.signal.throwIfAborted();
			const code = reportError(error, output, isOn(flags, 'debug'));
			exitCode = exitCode === exitCodes.fine ? code : exitCode;
		}
	}

	return exitCode;
};

export const importCommand: Command = {
	name: 'import',
	summary: 'bring recorded traffic in: HAR, Kubernetes audit logs, the Go KubeStep\'s files',
	usage: 'FILE… [-d LOCATOR] [--session NAME] [--format har|audit|kubestep-go] [--no-redact]',
	description: [
		'Each file becomes one session named after it; a name that exists is refused. Files may be gzip\'d; - is stdin.',
		'Secret values are replaced by tokens on their way in. What cannot be read is reported and skipped.',
	].join('\n'),
	flags: [
		{
			name: 'format', value: 'FORMAT', choices: formats, help: 'what the files are, guessed if not given',
		},
		{
			name: 'redact', isOnByDefault: true, help: 'keep secret values, which tokens replace otherwise',
		},
		{name: 'synthesise', help: 'audit logs: reconstruct watch events from writes, flagged synthetic'},
		...locatorFlags,
	],
	examples: [
		{line: 'kubestep import operator.har.gz -d session.db', does: 'one recording into one session file'},
		{line: 'kubestep import audit.log --session nightly', does: 'an audit log into ./recordings.db'},
		{line: 'ssh host cat audit.log | kubestep import - -d a.db', does: 'from another machine'},
	],
	run,
};
