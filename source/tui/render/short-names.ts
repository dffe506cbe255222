import type {Operation} from '../../model/operation.js';

/** What `kubectl api-resources` calls them for short; by resource and group. */
const shortNames: Readonly<Record<string, string>> = {
	'configmaps.': 'cm',
	'endpoints.': 'ep',
	'events.': 'event',
	'events.events.k8s.io': 'event',
	'limitranges.': 'limits',
	'namespaces.': 'ns',
	'nodes.': 'node',
	'persistentvolumeclaims.': 'pvc',
	'persistentvolumes.': 'pv',
	'pods.': 'pod',
	'replicationcontrollers.': 'rc',
	'resourcequotas.': 'quota',
	'secrets.': 'secret',
	'serviceaccounts.': 'sa',
	'services.': 'svc',
	'customresourcedefinitions.apiextensions.k8s.io': 'crd',
	'daemonsets.apps': 'ds',
	'deployments.apps': 'deploy',
	'replicasets.apps': 'rs',
	'statefulsets.apps': 'sts',
	'controllerrevisions.apps': 'revision',
	'horizontalpodautoscalers.autoscaling': 'hpa',
	'cronjobs.batch': 'cj',
	'jobs.batch': 'job',
	'leases.coordination.k8s.io': 'lease',
	'endpointslices.discovery.k8s.io': 'epslice',
	'ingresses.networking.k8s.io': 'ing',
	'networkpolicies.networking.k8s.io': 'netpol',
	'poddisruptionbudgets.policy': 'pdb',
	'priorityclasses.scheduling.k8s.io': 'pc',
	'storageclasses.storage.k8s.io': 'sc',
};

/** `deploy`, `foo`: how a person calls one object of this resource; the resource itself where its kind is not known. */
export const shortResource = ({group = '', resource = '', objectKind}: Pick<Operation, 'group' | 'resource' | 'objectKind'>): string => {
	const id = `${resource}.${group}`;
	if (Object.hasOwn(shortNames, id)) {
		return shortNames[id]!;
	}

	// Status, Scale, Eviction, …: kinds of an answer, not of the resource.
	const kind = objectKind?.toLowerCase() ?? '';
	return kind !== '' && resource.startsWith(kind.slice(0, -1)) ? kind : resource;
};
