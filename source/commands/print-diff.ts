import {createTwoFilesPatch} from 'diff';
import {describePlace} from '../model/object-key.js';
import type {ObjectState, Timeline} from '../timeline/timeline-types.js';
import {changedObjects, maximumChangedObjects, type ObjectChange} from './changed-objects.js';
import type {CommandOutput} from './command.js';
import {jsonPatch} from './printers/json-patch.js';
import {jsonText, withoutManagedFields, yamlText} from './printers/object-text.js';
import {safeCell} from './printers/text-table.js';

/** Which two steps, and how. */
export type DiffOptions = {readonly from: number; readonly at: number; readonly hasManagedFields: boolean; readonly format: string | undefined};

const objectOf = (state: ObjectState | undefined, {hasManagedFields}: DiffOptions) =>
	state === undefined || hasManagedFields ? state?.object : withoutManagedFields(state.object);

const patchOf = (change: ObjectChange, options: DiffOptions) => ({
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

const unifiedDiff = (change: ObjectChange, options: DiffOptions): string => {
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
const explainNothing = async (timeline: Timeline, {from, at}: DiffOptions, output: CommandOutput): Promise<void> => {
	const change = at === from + 1 ? await timeline.change(at) : undefined;
	output.warn(change?.note === undefined ? `nothing changed between step ${from} and step ${at}` : `step ${at} changed nothing: ${change.note}`);
};

/** Prints what differs between two steps, in the form asked for. */
export const printDiff = async (timeline: Timeline, options: DiffOptions, output: CommandOutput): Promise<void> => {
	const {changes, isCut} = await changedObjects(timeline, options.from, options.at);
	if (isCut) {
		output.warn(`more than ${maximumChangedObjects} objects changed; the rest is left out, choose steps closer together`);
	}

	if (options.format === 'json') {
		return output.print(jsonText(changes.map(change => patchOf(change, options))));
	}

	if (changes.length === 0) {
		return explainNothing(timeline, options, output);
	}

	for (const change of changes) {
		await output.print(unifiedDiff(change, options)); // eslint-disable-line no-await-in-loop -- in order, one in memory
	}
};

