import {exitCodes, usageError, type ExitCode} from '../model/kubestep-error.js';
import {describePlace} from '../model/object-key.js';
import type {ObjectState, Timeline} from '../timeline/timeline-types.js';
import {changedObjects, maximumChangedObjects, type ObjectChange} from './changed-objects.js';
import {
	isOn,
	textFlag,
	type Command,
	type CommandInput,
	type CommandOutput,
} from './command.js';
import {locateSession} from './locate-session.js';
import {withTimeline} from './open-recording.js';
import {jsonPatch} from './printers/json-patch.js';
import {jsonText, withoutManagedFields, yamlText} from './printers/object-text.js';
import {safeCell} from './printers/text-table.js';
import {atFlag, locatorFlags, outputFlag} from './shared-flags.js';

type Options = {readonly from: number; readonly at: number; readonly hasManagedFields: boolean};

const objectOf = (state: ObjectState | undefined, {hasManagedFields}: Options) =>
	state === undefined || hasManagedFields ? state?.object : withoutManagedFields(state.object);

const patchOf = (change: ObjectChange, options: Options) => ({
	object: change.place,
	uid: {before: change.before?.version.key.uid ?? null, after: change.after?.version.key.uid ?? null},
	patch: jsonPatch(objectOf(change.before, options), objectOf(change.after, options)),
});

const label = (state: ObjectState | undefined, step: number): string => {
	if (state === undefined) {
		return `step ${step}: absent`;
	}

	const {resourceVersion, key} = state.version;
	return `step ${step}: ${resourceVersion === undefined ? '' : `resourceVersion ${resourceVersion}, `}uid ${key.uid}${state.whole ? '' : ', metadata only'}`;
};

const unifiedDiff = async (change: ObjectChange, options: Options): Promise<string> => {
	const {createTwoFilesPatch} = await import('diff');
	const [before, after] = [change.before, change.after].map(state => {
		const object = objectOf(state, options);
		return object === undefined ? '' : yamlText(object);
	});
	const name = safeCell(describePlace(change.place));
	const text = createTwoFilesPatch(
		change.before === undefined ? '/dev/null' : name,
		change.after === undefined ? '/dev/null' : name,
		before ?? '',
		after ?? '',
		safeCell(label(change.before, options.from)),
		safeCell(label(change.after, options.at)),
		{context: 3, headerOptions: {includeIndex: false, includeUnderline: false, includeFileHeaders: true}},
	);
	return before === after ? `${name}: another version, nothing that shows differs (managedFields: --show-managed-fields)\n` : text;
};

/** Why a single step shows no difference, in the timeline's words. */
const explainNothing = async (timeline: Timeline, {from, at}: Options, output: CommandOutput): Promise<void> => {
	const change = at === from + 1 ? await timeline.change(at) : undefined;
	output.warn(change?.note === undefined ? `nothing changed between step ${from} and step ${at}` : `step ${at} changed nothing: ${change.note}`);
};

const print = async (timeline: Timeline, options: Options, format: string | undefined, output: CommandOutput): Promise<void> => {
	const {changes, isCut} = await changedObjects(timeline, options.from, options.at);
	if (isCut) {
		output.warn(`more than ${maximumChangedObjects} objects changed; the rest is left out, choose steps closer together`);
	}

	if (format === 'json') {
		return output.print(jsonText(changes.map(change => patchOf(change, options))));
	}

	if (changes.length === 0) {
		return explainNothing(timeline, options, output);
	}

	for (const change of changes) {
		await output.print(await unifiedDiff(change, options)); // eslint-disable-line no-await-in-loop -- in order, one in memory
	}
};

const run = async ({positionals, flags}: CommandInput, output: CommandOutput): Promise<ExitCode> => {
	const at = textFlag(flags, 'at');
	if (at === undefined) {
		throw usageError('diff needs --at STEP, for example: kubestep diff session.db --at 56');
	}

	return withTimeline(locateSession(positionals, flags, 'diff'), async timeline => {
		const step = await timeline.resolveAt(at);
		const from = textFlag(flags, 'from');
		const options = {
			at: step,
			from: from === undefined ? Math.max(0, step - 1) : await timeline.resolveAt(from),
			hasManagedFields: isOn(flags, 'show-managed-fields'),
		};
		await print(timeline, options, textFlag(flags, 'output'), output);
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
