import {isJsonObject, type JsonValue} from '../model/json.js';
import {firstValue, isTrue, parseQuery} from '../kubernetes/query-parameters.js';
import {listOf, objectOf, textOf} from './border.js';
import type {AuditEvent} from './audit-event.js';

/** Values looked at for the marks of a strategic merge patch. */
const maximumVisits = 10_000;

const applyType = 'application/apply-patch+yaml';

/** Directives that only a strategic merge patch has. */
const isDirective = (key: string): boolean =>
	key === '$patch' || key === '$retainKeys' || key.startsWith('$setElementOrder/') || key.startsWith('$deleteFromPrimitiveList/');

const hasDirective = (patch: JsonValue): boolean => {
	const waiting: JsonValue[] = [patch];
	for (let visits = 0; waiting.length > 0 && visits < maximumVisits; visits++) {
		const value = waiting.pop();
		if (Array.isArray(value)) {
			waiting.push(...value);
		} else if (isJsonObject(value)) {
			if (Object.keys(value).some(key => isDirective(key))) {
				return true;
			}

			waiting.push(...Object.values(value));
		}
	}

	return false;
};

/** Whether the object in the answer says that this manager applied it. Undefined: it does not show its managers. */
const wasApplied = (response: JsonValue, manager: string, subresource: string): boolean | undefined => {
	const metadata = isJsonObject(response) ? objectOf(response, 'metadata') : undefined;
	if (metadata === undefined || !Object.hasOwn(metadata, 'managedFields')) {
		return undefined;
	}

	return listOf(metadata, 'managedFields').some(entry => isJsonObject(entry)
		&& textOf(entry, 'manager') === manager && textOf(entry, 'operation') === 'Apply' && (textOf(entry, 'subresource') ?? '') === subresource);
};

const isApply = (event: AuditEvent, patch: JsonValue): boolean => {
	if (!isJsonObject(patch) || textOf(patch, 'kind') === undefined || textOf(patch, 'apiVersion') === undefined) {
		return false;
	}

	const question = event.uri.indexOf('?');
	const query = parseQuery(question === -1 ? '' : event.uri.slice(question + 1));
	const manager = firstValue(query, 'fieldManager') ?? '';
	// Server-side apply names its manager, and its body says what it is.
	const subresource = event.target === undefined ? '' : event.target.subresource;
	return manager !== '' && (isTrue(query, 'force') || (wasApplied(event.response as JsonValue, manager, subresource) ?? true));
};

/** Groups whose types are built in; all others are custom or aggregated, and custom ones know no strategic merge. */
const builtInPattern = /^(?:apps|autoscaling|batch|extensions|policy|(?:.*\.)?k8s\.io)?$/v;

/**
The content type of a patch, which audit logs leave out: an array is a JSON patch; one that names its manager and says what it is, is applied; strategic merge
patches have directives; custom resources know no other merge. Undefined: one of the two merge patches, the log does not say which.
*/
export const inferPatchType = (event: AuditEvent): string | undefined => {
	const patch = event.request as JsonValue;
	if (Array.isArray(patch)) {
		return 'application/json-patch+json';
	}

	if (isApply(event, patch)) {
		return applyType;
	}

	if (hasDirective(patch)) {
		return 'application/strategic-merge-patch+json';
	}

	return event.target === undefined || builtInPattern.test(event.target.group) ? undefined : 'application/merge-patch+json';
};
