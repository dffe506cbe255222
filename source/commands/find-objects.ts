import {exitCodes, KubestepError, usageError} from '../model/kubestep-error.js';
import {resourceName} from '../model/object-key.js';
import type {ObjectState, Timeline} from '../timeline/timeline-types.js';
import {isOn, textFlag, type Flags} from './command.js';
import {resolveResource, type KnownTypes} from './find-resource-types.js';
import type {ResourceType} from './printers/builtin-resources.js';

/** What `get` asks of a recording: at which step, of which resources as spelled, which names (none: all). */
export type Question = {
	readonly timeline: Timeline;
	readonly step: number;
	readonly known: KnownTypes;
	readonly resources: readonly string[];
	readonly names: readonly string[];
	readonly flags: Flags;
};

/** What was found of one resource type. */
export type Found = {readonly type: ResourceType; readonly states: readonly ObjectState[]};

/** The namespace a question is about; undefined: all of them, or none. */
export const namespaceFor = (type: ResourceType, flags: Flags): string | undefined => {
	const hasNone = type.isNamespaced === false || isOn(flags, 'all-namespaces');
	return hasNone ? undefined : textFlag(flags, 'namespace') ?? 'default';
};

const findAll = async (type: ResourceType, {timeline, step, flags}: Question): Promise<readonly ObjectState[]> => {
	try {
		return await Array.fromAsync(timeline.stateAt(step, {
			group: type.group,
			resource: type.resource,
			namespace: namespaceFor(type, flags),
			labelSelector: textFlag(flags, 'selector'),
			fieldSelector: textFlag(flags, 'field-selector'),
		}));
	} catch (error) {
		if (error instanceof TypeError && (flags.has('selector') || flags.has('field-selector'))) {
			throw new KubestepError(`get: the selector cannot be read: ${error.message}`, exitCodes.usage, {cause: error});
		}

		throw error;
	}
};

const findOne = async (type: ResourceType, name: string, {timeline, step, flags}: Question): Promise<ObjectState> => {
	const namespace = namespaceFor(type, flags);
	const state = await timeline.objectAt(step, {
		group: type.group, resource: type.resource, namespace: namespace ?? '', name,
	});
	if (state === undefined) {
		const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
		const message = `${resourceName(type)} "${name}" not found${where} at step ${step} of ${timeline.length} (NotFound): try another --at or -n`;
		throw new KubestepError(message, exitCodes.findings);
	}

	return state;
};

const findNamed = async (type: ResourceType, question: Question): Promise<readonly ObjectState[]> => {
	if (type.isNamespaced !== false && isOn(question.flags, 'all-namespaces')) {
		throw usageError('get: an object cannot be named across all namespaces; give -n NAMESPACE');
	}

	const states: ObjectState[] = [];
	for (const name of question.names) {
		states.push(await findOne(type, name, question)); // eslint-disable-line no-await-in-loop -- the first that is missing is the error
	}

	return states;
};

/**
The objects a question is about, by resource type.

@throws KubestepError usage; or that a named object did not exist.
*/
export const findObjects = async (question: Question): Promise<readonly Found[]> => {
	const found: Found[] = [];
	for (const spelling of question.resources) {
		const type = resolveResource(question.known, spelling);
		const states = question.names.length > 0 ? findNamed(type, question) : findAll(type, question);
		found.push({type, states: await states}); // eslint-disable-line no-await-in-loop -- one question a resource
	}

	return found;
};
