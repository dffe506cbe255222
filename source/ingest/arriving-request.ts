import {strict as assert} from 'node:assert';
import {parseRequestInfo} from '../kubernetes/request-info.js';
import type {OperationFlag} from '../model/operation.js';
import {processOf} from './actors.js';
import {headerValue} from './header-lines.js';
import type {ArrivedRequest} from './input.js';
import {isNoise} from './noise.js';

/** Longest query read for its parameters; longer ones are kept, but mean nothing to ingest. */
const maximumQueryLength = 64 * 1024;

/** What a request says of itself without its body. */
export type RequestFacts = {
	readonly verb: string;
	/** Undefined: a non-resource URL. */
	readonly target: RequestTarget | undefined;
	readonly path: string | undefined;
	/** As on the wire (credentials not yet redacted), without `?`. */
	readonly query: string | undefined;
	readonly parameters: RequestParameters;
	readonly process: string;
	readonly userAgent: string | undefined;
	readonly user: string | undefined;
	readonly kubectlCommand: string | undefined;
	readonly contentType: string | undefined;
	readonly flags: Set<OperationFlag>;
};

export type RequestTarget = {
	readonly group: string; readonly version: string; readonly resource: string; readonly subresource: string;
	/** '' for cluster scope (a Namespace is cluster-scoped itself) and for all namespaces. */
	readonly namespace: string; readonly name: string;
};

export type RequestParameters = {
	readonly resourceVersion: string | undefined;
	readonly labelSelector: string;
	readonly fieldSelector: string;
	readonly continue: string;
	readonly sendInitialEvents: boolean;
	readonly fieldManager: string | undefined;
	readonly isDryRun: boolean;
	readonly isForced: boolean;
};

const noParameters: RequestParameters = {
	resourceVersion: undefined, labelSelector: '', fieldSelector: '', continue: '', sendInitialEvents: false, fieldManager: undefined, isDryRun: false, isForced: false,
};

const emptyToUndefined = (value: string | null): string | undefined => value === null || value === '' ? undefined : value; // eslint-disable-line @typescript-eslint/no-restricted-types

/** Truth of a query parameter as apimachinery reads it: present and neither `0` nor `false`. */
const isTrue = (value: string | null): boolean => value !== null && value !== '0' && value.toLowerCase() !== 'false'; // eslint-disable-line @typescript-eslint/no-restricted-types

const readParameters = (query: string | undefined): RequestParameters => {
	if (query === undefined || query === '' || query.length > maximumQueryLength) {
		return noParameters;
	}

	assert.ok(query.length > 0 && query.length <= maximumQueryLength, 'a query within its bound');
	const parameters = new URLSearchParams(query);
	return {
		resourceVersion: parameters.get('resourceVersion') ?? undefined,
		labelSelector: parameters.get('labelSelector') ?? '',
		fieldSelector: parameters.get('fieldSelector') ?? '',
		continue: parameters.get('continue') ?? '',
		sendInitialEvents: isTrue(parameters.get('sendInitialEvents')),
		fieldManager: emptyToUndefined(parameters.get('fieldManager')),
		isDryRun: parameters.getAll('dryRun').includes('All'),
		isForced: isTrue(parameters.get('force')),
	};
};

const targetOf = (info: ReturnType<typeof parseRequestInfo>, stated: NonNullable<ArrivedRequest['stated']>): RequestTarget | undefined => {
	// Stated empty is not stated.
	const statedResource = stated.resource === '' ? undefined : stated.resource;
	if (statedResource === undefined && !info.isResource) {
		return undefined;
	}

	const known: RequestTarget = info.isResource
		? info
		: {
			group: '', version: '', resource: '', subresource: '', namespace: '', name: '',
		};
	assert.ok(known.resource !== '' || statedResource !== undefined, 'what is not in the URL is stated');
	const resource = statedResource ?? known.resource;
	const group = stated.group ?? known.group;
	const isNamespace = resource === 'namespaces' && group === '';
	assert.ok(info.isResource || resource !== '', 'a target names its resource');
	return {
		group,
		version: stated.version ?? known.version,
		resource,
		subresource: stated.subresource ?? known.subresource,
		namespace: isNamespace ? '' : stated.namespace ?? known.namespace,
		name: stated.name ?? known.name,
	};
};

const flagsOf = (target: RequestTarget | undefined, parameters: RequestParameters, request: ArrivedRequest, userAgent: string | undefined): Set<OperationFlag> => {
	const flags = new Set<OperationFlag>();
	const given: ReadonlyArray<readonly [OperationFlag, boolean]> = [
		['noise', isNoise(target ?? {}, userAgent)],
		['dryRun', parameters.isDryRun],
		['force', parameters.isForced],
		['synthetic', request.synthetic === true],
		['truncated', request.bodyTruncated === true],
	];
	for (const [flag, isSet] of given) {
		if (isSet) {
			flags.add(flag);
		}
	}

	assert.ok(!flags.has('noop') && !flags.has('listComplete'), 'a request that arrives has no outcome');
	return flags;
};

/** Reads a request's URL and headers. What its source states goes before what the URL says. Never throws on what came over the wire. */
export const readRequest = (request: ArrivedRequest): RequestFacts => {
	const info = parseRequestInfo(request.method, request.url);
	assert.ok(info.isResource || info.path !== undefined, 'a URL is a resource\'s or a path');
	const question = request.url.indexOf('?');
	const query = question === -1 ? undefined : request.url.slice(question + 1);
	const parameters = readParameters(query);
	const target = targetOf(info, request.stated ?? {});
	const userAgent = request.userAgent ?? headerValue(request.headers, 'user-agent');
	assert.ok(!parameters.isDryRun || query !== undefined, 'parameters come from the query');
	return {
		verb: request.stated?.verb ?? info.verb,
		target,
		path: target === undefined ? request.url.slice(0, question === -1 ? undefined : question) : undefined,
		query,
		parameters,
		process: request.process ?? processOf(userAgent),
		userAgent,
		user: request.user ?? headerValue(request.headers, 'impersonate-user'),
		kubectlCommand: headerValue(request.headers, 'kubectl-command'),
		contentType: headerValue(request.headers, 'content-type'),
		flags: flagsOf(target, parameters, request, userAgent),
	};
};
