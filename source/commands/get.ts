import {existsSync} from 'node:fs';
import {
	exitCodes,
	usageError,
	type ExitCode,
} from '../model/kubestep-error.js';
import {describePlace} from '../model/object-key.js';
import {
	isOn,
	textFlag,
	type Command,
	type CommandInput,
	type CommandOutput,
	type Flags,
} from './command.js';
import {findObjects, namespaceFor, type Found} from './find-objects.js';
import {findResourceTypes} from './find-resource-types.js';
import {locateSession, type SessionPlace} from './locate-session.js';
import {withTimeline} from './open-recording.js';
import {atFlag, locatorFlags, outputFlag} from './shared-flags.js';

/** What a person asked for: resource types as spelled, names (none: all). */
type Wanted = {readonly resources: readonly string[]; readonly names: readonly string[]};

const readWanted = (positionals: readonly string[]): Wanted => {
	const [first, ...names] = positionals;
	if (first === undefined) {
		throw usageError('get needs a resource, for example: kubestep get deployments -A -d session.db (kubestep get --help tells more)');
	}

	const slash = first.indexOf('/');
	if (slash === -1) {
		return {resources: first.split(',').filter(name => name !== ''), names};
	}

	if (names.length > 0 || slash === first.length - 1) {
		throw usageError(`get: "${first}" names a resource and an object already; write RESOURCE NAME, or RESOURCE/NAME`);
	}

	return {resources: [first.slice(0, slash)], names: [first.slice(slash + 1)]};
};

/** `get session.db deployments`: a first positional that can only be a store, with the resource after it. */
const splitLocator = (positionals: readonly string[], flags: Flags): readonly [SessionPlace, readonly string[]] => {
	const [first, ...rest] = positionals;
	const isLocator = first !== undefined && rest.length > 0 && !flags.has('database') && !flags.has('storage')
		&& (first.includes('://') || first.includes('#') || /\.(?:db|sqlite3?)$/v.test(first) || (first.includes('.') && existsSync(first)));
	return isLocator
		? [locateSession([first], flags, 'get'), rest]
		: [locateSession([], flags, 'get'), positionals];
};

const warnOfParts = (found: readonly Found[], output: CommandOutput): void => {
	const states = found.flatMap(one => one.states);
	const partial = states.filter(state => !state.whole);
	const [first] = partial;
	if (first !== undefined) {
		const count = partial.length === 1 ? '1 object' : `${partial.length} objects, first`;
		output.warn(`of ${count} ${describePlace(first.version.key)}, the recording holds only metadata at this step; the rest is older, or missing`);
	}

	if (states.some(({version}) => version.redacted && version.key.resource === 'secrets')) {
		output.warn('secret values are replaced by tokens in this recording');
	}
};

const warnOfNothing = (found: readonly Found[], flags: Flags, output: CommandOutput): void => {
	if (found.some(({states}) => states.length > 0)) {
		return;
	}

	const namespaces = new Set(found.map(({type}) => namespaceFor(type, flags)));
	const [namespace] = namespaces;
	output.warn(`No resources found${namespace !== undefined && namespaces.size === 1 ? ` in ${namespace} namespace` : ''}.`);
};

const run = async ({positionals, flags}: CommandInput, output: CommandOutput): Promise<ExitCode> => {
	if (isOn(flags, 'all-namespaces') && flags.has('namespace')) {
		throw usageError('get: -A and -n exclude each other; give one');
	}

	const [place, rest] = splitLocator(positionals, flags);
	const wanted = readWanted(rest);

	return withTimeline(place, output, async timeline => {
		const step = await timeline.resolveAt(textFlag(flags, 'at') ?? 'end');
		const known = await findResourceTypes(timeline, step);
		const found = await findObjects({
			timeline, step, known, ...wanted, flags,
		});
		warnOfParts(found, output);
		const {printObjects} = await import('./print-objects.js');
		await printObjects({
			timeline, step, known, found, isSingle: wanted.names.length === 1 && found.length === 1, flags,
		}, output);
		warnOfNothing(found, flags, output);
		return exitCodes.fine;
	});
};

// A noun like the others: the command named get.
export const objectsCommand: Command = {
	name: 'get',
	summary: 'objects as they were at a step, as kubectl get prints them',
	usage: 'RESOURCE [NAME…] [--at STEP] [-n NAMESPACE | -A] [-d LOCATOR] [-o yaml|json|wide|name]',
	description: [
		'RESOURCE is spelled as for kubectl: deployments, deployment, deploy, deployments.apps, or several with commas.',
		'At "step n" operations 1 to n have happened, each with its whole effect. Ages count to that step, not to now.',
		'A name that did not exist at the step is exit code 1.',
	].join('\n'),
	flags: [
		{...atFlag, help: `${atFlag.help} (default end)`},
		{
			name: 'namespace', short: 'n', value: 'NAMESPACE', help: 'namespace (default "default")',
		},
		{name: 'all-namespaces', short: 'A', help: 'all namespaces'},
		{
			name: 'selector', short: 'l', value: 'LABELS', help: 'label selector: app=nginx,tier!=web',
		},
		{name: 'field-selector', value: 'FIELDS', help: 'field selector: status.phase=Running'},
		outputFlag(['table', 'wide', 'yaml', 'json', 'name'], 'how to print, table if not given'),
		{name: 'raw', help: 'the bytes the server sent, as recorded'},
		{name: 'show-managed-fields', help: 'keep metadata.managedFields in yaml and json'},
		...locatorFlags,
	],
	examples: [
		{line: 'kubestep get deployments -A -d session.db --at 56', does: 'the deployments after step 56'},
		{line: 'kubestep get pod web-0 -n shop --at 12.5s -o yaml', does: 'one pod, 12.5 s into the recording'},
	],
	run,
};
