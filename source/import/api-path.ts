import {parseRequestInfo} from '../kubernetes/request-info.js';

/** Prefixes remembered; a console in front of more clusters than these is not told apart from a web site. */
const maximumPrefixes = 64;
const maximumUrlLength = 64 * 1024;

/** Core resources: `/api/v1/NAME` of anything else may be any web site's. */
const coreResources: ReadonlySet<string> = new Set([
	'bindings',
	'componentstatuses',
	'configmaps',
	'endpoints',
	'events',
	'limitranges',
	'namespaces',
	'nodes',
	'persistentvolumeclaims',
	'persistentvolumes',
	'pods',
	'podtemplates',
	'replicationcontrollers',
	'resourcequotas',
	'secrets',
	'serviceaccounts',
	'services',
]);

/** Groups without a dot; all others are domains. */
const shortGroups: ReadonlySet<string> = new Set(['apps', 'autoscaling', 'batch', 'extensions', 'policy']);

const versionPattern = /^v[1-9]\d*(?:(?:alpha|beta)[1-9]\d*)?$/v;

/** Paths an apiserver answers besides its resources. */
const otherPaths = /^\/(?:api|apis|version|openapi\/v[23]|healthz|livez|readyz|metrics)(?:\/|$)/v;

const isResourcePath = (path: string): boolean => {
	const info = parseRequestInfo('GET', path);
	if (!info.isResource || !versionPattern.test(info.version)) {
		return false;
	}

	return path.startsWith('/api/') ? coreResources.has(info.resource) : info.group.includes('.') || shortGroups.has(info.group);
};

/** Path and query of a request as the apiserver saw them. Undefined: it went to no path (a tunnel, a blob, an extension). */
export type ApiPaths = {strip(url: string): string | undefined; readonly prefixes: readonly string[]};

const targetOf = (url: string): string | undefined => {
	const [target = ''] = url.replace(/^(?:https?|wss?):\/\/[^#\/?]*/iv, '').split('#', 1);
	if (target === '' || target.startsWith('?')) {
		return target === url ? undefined : `/${target}`;
	}

	return target.startsWith('/') ? target : undefined;
};

/**
Takes the prefix off paths that go through a console or a proxy (`/k8s/clusters/c-1/api/v1/pods`): only where what follows is beyond doubt a Kubernetes
resource, and from then on also before discovery.
*/
export const createApiPaths = (): ApiPaths => {
	const prefixes = new Set<string>();

	const findPrefix = (path: string): string | undefined => {
		for (const match of path.matchAll(/\/apis?\//gv)) {
			if (match.index > 0 && isResourcePath(path.slice(match.index))) {
				return path.slice(0, match.index);
			}
		}

		return undefined;
	};

	const prefixOf = (path: string): string => {
		if (path.length > maximumUrlLength || isResourcePath(path)) {
			return '';
		}

		const known = [...prefixes].find(prefix => path.startsWith(`${prefix}/`) && otherPaths.test(path.slice(prefix.length)));
		if (known !== undefined) {
			return known;
		}

		const found = findPrefix(path);
		if (found !== undefined && prefixes.size < maximumPrefixes) {
			prefixes.add(found);
		}

		return found ?? '';
	};

	return {
		strip(url) {
			const target = targetOf(url);
			if (target === undefined) {
				return undefined;
			}

			const question = target.indexOf('?');
			const path = question === -1 ? target : target.slice(0, question);
			return target.slice(prefixOf(path).length);
		},
		get prefixes() {
			return [...prefixes];
		},
	};
};
