import {parseJsonText} from '../kubernetes/json-text.js';
import {firstValue, isTrue, parseQuery} from '../kubernetes/query-parameters.js';
import {parseRequestInfo} from '../kubernetes/request-info.js';
import {parseFieldSelector, parseLabelSelector, type Selector} from '../kubernetes/selectors.js';
import {isJsonObject} from '../model/json.js';
import {compareResourceVersions} from '../model/resource-version.js';
import type {KnownObject} from './known-objects.js';
import {sliceText} from './parse-slice.js';

/** An open watch, and what it selects. */
export type SyntheticWatch = {
	readonly sequence: number;
	readonly group: string;
	readonly version: string;
	readonly resource: string;
	readonly namespace: string;
	readonly name: string;
	/** Undefined: it begins with everything there is. */
	readonly resourceVersion: string | undefined;
	/** Undefined: it selects everything in its scope. */
	readonly selectors: readonly Selector[] | undefined;
};

const selectorsOf = (label: string, field: string): readonly Selector[] | undefined => {
	try {
		const selectors = [parseLabelSelector(label), parseFieldSelector(field)].filter(selector => !selector.isEmpty);
		return selectors.length === 0 ? undefined : selectors;
	} catch {
		// The apiserver took it, we do not understand it: then nothing is known to match.
		return [{isEmpty: false, matches: () => false}];
	}
};

/** Reads a watch's URL; undefined: it is none. */
export const readWatch = (sequence: number, url: string): SyntheticWatch | undefined => {
	const info = parseRequestInfo('GET', url);
	if (!info.isResource || info.verb !== 'watch') {
		return undefined;
	}

	const question = url.indexOf('?');
	const query = parseQuery(question === -1 ? '' : url.slice(question + 1));
	const resourceVersion = firstValue(query, 'resourceVersion') ?? '';
	const isBeginsWithAll = resourceVersion === '' || resourceVersion === '0' || isTrue(query, 'sendInitialEvents');
	const {group, version, resource, namespace, name} = info;
	return {
		sequence,
		group,
		version,
		resource,
		namespace: resource === 'namespaces' && group === '' ? '' : namespace,
		name,
		resourceVersion: isBeginsWithAll ? undefined : resourceVersion,
		selectors: selectorsOf(firstValue(query, 'labelSelector') ?? '', firstValue(query, 'fieldSelector') ?? ''),
	};
};

/** Whether an object is in a watch's scope, whatever its labels. */
export const isInScope = (watch: SyntheticWatch, object: KnownObject): boolean =>
	watch.group === object.group && watch.resource === object.resource && watch.version === object.version
	&& (watch.namespace === '' || watch.namespace === object.namespace) && (watch.name === '' || watch.name === object.name);

/** Whether a version came after what a watch began with. */
export const isAfterStart = (watch: SyntheticWatch, object: KnownObject): boolean =>
	watch.resourceVersion === undefined || (compareResourceVersions(object.resourceVersion, watch.resourceVersion) ?? 1) > 0;

export const isSelected = (watch: SyntheticWatch, object: KnownObject | undefined): boolean => {
	if (object === undefined || watch.selectors === undefined) {
		return object !== undefined;
	}

	const value = parseJsonText(sliceText(object.bytes));
	return isJsonObject(value) && watch.selectors.every(selector => selector.matches(value));
};
