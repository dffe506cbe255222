import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {parseFieldTerms} from './field-selector.js';
import {
	firstValue,
	isTrue,
	parseQuery,
	type QueryParameters,
} from './query-parameters.js';

/**
RequestInfo of kube-apiserver (wire.md §1; apiserver pkg/endpoints/request/requestinfo.go).
`verb` is get, list, watch, create, update, patch, delete, deletecollection, proxy, or for non-resource URLs the method in lower case.
*/
export type RequestInfo =
	| {readonly isResource: false; readonly verb: string; readonly path: string}
	| {
		readonly isResource: true; readonly verb: string; readonly group: string; readonly version: string; readonly resource: string;
		readonly subresource: string; readonly namespace: string; readonly name: string;
	};

const verbOfMethod: ReadonlyMap<string, string> = new Map([
	['GET', 'get'],
	['HEAD', 'get'],
	['POST', 'create'],
	['PUT', 'update'],
	['PATCH', 'patch'],
	['DELETE', 'delete'],
]);

const isSpecialVerb = (part: string): boolean => part === 'watch' || part === 'proxy';
const isNamespaceSubresource = (part: string): boolean => part === 'status' || part === 'finalize';

/** Percent-decoded; what is no valid escape stays as it is. */
const decodePercent = (text: string): string => {
	if (!text.includes('%')) {
		return text;
	}

	assert.ok(text.includes('%'), 'there is something to decode');
	try {
		return decodeURIComponent(text);
	} catch (error) {
		if (!(error instanceof URIError)) {
			throw error;
		}

		return text.replaceAll(/(?:%[\da-f]{2})+/giv, escapes => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
	}
};

/** Parts between slashes; those at both ends do not count. */
const splitPath = (path: string): readonly string[] => {
	let start = 0;
	let end = path.length;
	while (start < end && path[start] === '/') {
		start++;
	}

	while (end > start && path[end - 1] === '/') {
		end--;
	}

	assert.ok(start <= end, 'slashes are counted once');
	assert.ok(start === end || (path[start] !== '/' && path[end - 1] !== '/'), 'slashes at the ends are gone');
	return start === end ? [] : path.slice(start, end).split('/');
};

/** Path and query of a URL as on the wire; an absolute URL loses scheme and host, a fragment goes. */
const splitUrl = (url: string): {readonly path: string; readonly query: string} => {
	const relative = url.replace(/^[a-z][\d+\-.a-z]{0,31}:\/\/[^#\/?]*/iv, '');
	const fragment = relative.indexOf('#');
	const target = fragment === -1 ? relative : relative.slice(0, fragment);
	const mark = target.indexOf('?');
	assert.ok(!target.includes('#'), 'the fragment is gone');
	return mark === -1 ? {path: target, query: ''} : {path: target.slice(0, mark), query: target.slice(mark + 1)};
};

const isInt64 = (text: string | undefined): boolean => text === undefined || text === '' || /^[+\-]?\d{1,19}$/v.test(text);

/** The name a field selector pins, as ListOptions decodes it: one that cannot be decoded pins nothing. */
const pinnedName = (parameters: QueryParameters): string => {
	const selector = firstValue(parameters, 'fieldSelector') ?? '';
	if (selector === '' || !isInt64(firstValue(parameters, 'limit')) || !isInt64(firstValue(parameters, 'timeoutSeconds'))) {
		return '';
	}

	assert.ok(selector !== '', 'a selector selects');
	const terms = parseFieldTerms(selector);
	const name = terms === undefined ? '' : terms.find(term => term.field === 'metadata.name' && !term.isNegated)?.value ?? '';
	assert.ok(name.length <= selector.length, 'a name is part of the selector');
	// A path segment: neither . nor .., no slash, no percent sign (apimachinery, IsValidPathSegmentName).
	return name === '.' || name === '..' || /[%\/]/v.test(name) ? '' : name;
};

/** The path's parts after group and version, where it is a resource's. */
type ResourceParts = {readonly group: string; readonly version: string; readonly parts: readonly string[]};

const resourceParts = (path: string): ResourceParts | undefined => {
	const parts = splitPath(path);
	if (parts.length < 3) {
		return undefined;
	}

	assert.ok(parts[0] !== '' && parts.at(-1) !== '', 'slashes at the ends do not count');
	const [prefix, first = '', second = ''] = parts;
	assert.ok(prefix !== undefined && parts.length >= 3, 'prefix, group or version, and more');
	if (prefix === 'api') {
		return {group: '', version: first, parts: parts.slice(2)};
	}

	return prefix === 'apis' && parts.length >= 4 ? {group: first, version: second, parts: parts.slice(3)} : undefined;
};

/** `namespaces/NAME/RESOURCE…` is a resource of that namespace; `namespaces/NAME` and its own subresources are the Namespace. */
const scopeParts = (parts: readonly string[]): {readonly namespace: string; readonly parts: readonly string[]} => {
	assert.ok(parts.length > 0, 'a resource path names a resource');
	const [first, namespace = '', third] = parts;
	return first !== 'namespaces' || parts.length < 2 ? {namespace: '', parts} : {namespace, parts: third === undefined || isNamespaceSubresource(third) ? parts : parts.slice(2)};
};

/** `url` is path and query as on the wire (a leading proxy prefix is already gone). Never throws. */
export function parseRequestInfo(method: string, url: string): RequestInfo {
	const {path: encodedPath, query} = splitUrl(url);
	// Decoded before it is split, as in Go: an escaped slash separates.
	const path = decodePercent(encodedPath);
	const found = resourceParts(path);
	if (found === undefined) {
		return {isResource: false, verb: method.toLowerCase(), path};
	}

	const {group, version} = found;
	const [marker = ''] = found.parts;
	const isVerbInPath = isSpecialVerb(marker);
	if (isVerbInPath && found.parts.length < 2) {
		return {isResource: false, verb: method.toLowerCase(), path};
	}

	const {namespace, parts} = scopeParts(isVerbInPath ? found.parts.slice(1) : found.parts);
	assert.ok(parts.length > 0, 'scoping leaves the resource');
	const [resource = '', pathName = '', third = ''] = parts;
	assert.ok(parts.length <= found.parts.length, 'scoping only takes away');
	const subresource = marker === 'proxy' ? '' : third;
	const verb = isVerbInPath ? marker : verbOfMethod.get(method) ?? '';
	const target = {
		isResource: true, group, version, resource, subresource, namespace,
	} as const;
	assert.ok(verb !== 'list' && verb !== 'deletecollection', 'what a request without a name does is decided below');
	if (pathName !== '') {
		return {...target, verb, name: pathName};
	}

	if (verb === 'get') {
		const parameters = parseQuery(query);
		return {...target, verb: isTrue(parameters, 'watch') ? 'watch' : 'list', name: pinnedName(parameters)};
	}

	return {...target, verb: verb === 'delete' ? 'deletecollection' : verb, name: ''};
}
