/** Resources of reviews: questions asked of the apiserver, which stores nothing. */
const reviewGroups: ReadonlySet<string> = new Set(['authentication.k8s.io', 'authorization.k8s.io']);

/** What KubeStep itself asks while it records (design: *Recording*). */
const ownProduct = 'kubestep';

type Target = {readonly group?: string; readonly resource?: string};

/** Whether a request is background that a person wants dimmed: leases, Events, discovery and health, reviews, our own. */
export const isNoise = (target: Target, userAgent: string | undefined): boolean => {
	const {group, resource} = target;
	if (resource === undefined || (group !== undefined && reviewGroups.has(group)) || (resource === 'leases' && group === 'coordination.k8s.io')) {
		return true;
	}

	return resource === 'events' && (group === '' || group === 'events.k8s.io') ? true : userAgent !== undefined && (userAgent === ownProduct || userAgent.startsWith(`${ownProduct}/`));
};
