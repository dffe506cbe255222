import {
	arrayAt,
	objectAt,
	stringAt,
	type JsonObject,
} from '../model/json.js';
import {usageError} from '../model/kubestep-error.js';
import {nearestName} from '../model/nearest-name.js';
import {resourceName} from '../model/object-key.js';
import type {Timeline} from '../timeline/timeline-types.js';
import {builtinResources, type ResourceType} from './printers/builtin-resources.js';

/** Kinds of resource looked at in one session. */
const maximumTypes = 1000;

/** Resource types of a session, and the definitions of custom ones where they are in the state. */
export type KnownTypes = {
	readonly types: readonly ResourceType[];
	readonly definitions: ReadonlyMap<string, JsonObject>;
};

const typeOfDefinition = (definition: JsonObject): ResourceType | undefined => {
	const spec = objectAt(definition, 'spec');
	const names = objectAt(spec, 'names');
	const resource = stringAt(names, 'plural');
	const kind = stringAt(names, 'kind');
	if (resource === undefined || kind === undefined) {
		return undefined;
	}

	return {
		group: stringAt(spec, 'group') ?? '',
		resource,
		kind,
		singular: stringAt(names, 'singular') ?? kind.toLowerCase(),
		shortNames: arrayAt(names, 'shortNames').filter(name => typeof name === 'string'),
		isNamespaced: stringAt(spec, 'scope') === 'Namespaced',
	};
};

/** A type nobody defined in the recording: its kind and scope are those of one of its objects. */
const typeOfVersions = async (timeline: Timeline, group: string, resource: string): Promise<ResourceType> => {
	const [version] = await timeline.store.queryVersions({
		session: timeline.session.id, group, resource, limit: 1,
	});
	const kind = version?.objectKind ?? '';
	return {
		group, resource, kind, singular: kind.toLowerCase(), shortNames: [], isNamespaced: version === undefined ? undefined : version.key.namespace !== '',
	};
};

const typeId = (type: {readonly group: string; readonly resource: string}): string => `${type.resource}.${type.group}`;

/** Every resource type a person can ask for at a step: built-in, defined in the state, or merely seen. */
export const findResourceTypes = async (timeline: Timeline, step: number): Promise<KnownTypes> => {
	const types = new Map(builtinResources.map(type => [typeId(type), type]));
	const definitions = new Map<string, JsonObject>();
	for await (const {object} of timeline.stateAt(step, {group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions'})) {
		const type = typeOfDefinition(object);
		if (type === undefined || !(types.size < maximumTypes)) {
			continue;
		}

		types.set(typeId(type), type);
		definitions.set(typeId(type), object);
	}

	const seen = await timeline.store.aggregateOperations({session: timeline.session.id, by: ['group', 'resource']});
	for (const {key} of seen) {
		const [group = '', resource = ''] = key;
		if (resource !== '' && !types.has(typeId({group, resource})) && types.size < maximumTypes) {
			types.set(typeId({group, resource}), await typeOfVersions(timeline, group, resource)); // eslint-disable-line no-await-in-loop -- a handful of types, one look-up each
		}
	}

	return {types: types.values().toArray(), definitions};
};

export const definitionOf = (known: KnownTypes, type: ResourceType): JsonObject | undefined => known.definitions.get(typeId(type));

const namesOf = (type: ResourceType): readonly string[] => [type.resource, type.singular, ...type.shortNames].filter(name => name !== '');

const isNamed = (type: ResourceType, name: string): boolean => {
	const [first = '', ...rest] = name.split('.');
	if (!namesOf(type).includes(first)) {
		return false;
	}

	const group = rest.join('.');
	// `deployments.v1.apps` is kubectl's form with a version.
	return group === '' || group === type.group || rest.slice(1).join('.') === type.group;
};

/**
The resource type a person means, spelled as kubectl lets them: plural, singular, short name, kind, with or without the group.

@throws KubestepError usage, with the nearest name.
*/
export const resolveResource = (known: KnownTypes, spelling: string): ResourceType => {
	const name = spelling.toLowerCase();
	const type = known.types.find(candidate => isNamed(candidate, name));
	if (type !== undefined) {
		return type;
	}

	const near = nearestName(name, known.types.flatMap(candidate => [resourceName(candidate), ...namesOf(candidate)]));
	throw usageError(`there is no resource type "${spelling}", neither built in nor in this recording${near === undefined ? '' : `; did you mean ${near}?`}`);
};
