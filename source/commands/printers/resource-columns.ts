import {
	configMapColumns,
	crdColumns,
	eventColumns,
	leaseColumns,
	namespaceColumns,
	nodeColumns,
	secretColumns,
	serviceAccountColumns,
	serviceColumns,
} from './cluster-columns.js';
import {ageColumn, nameColumn, type Column} from './columns.js';
import {podColumns} from './pod-columns.js';
import {
	cronJobColumns,
	daemonSetColumns,
	deploymentColumns,
	jobColumns,
	replicaSetColumns,
	replicationControllerColumns,
	statefulSetColumns,
} from './workload-columns.js';

const columnsByResource: ReadonlyMap<string, readonly Column[]> = new Map([
	['pods', podColumns],
	['deployments.apps', deploymentColumns],
	['replicasets.apps', replicaSetColumns],
	['replicationcontrollers', replicationControllerColumns],
	['statefulsets.apps', statefulSetColumns],
	['daemonsets.apps', daemonSetColumns],
	['jobs.batch', jobColumns],
	['cronjobs.batch', cronJobColumns],
	['services', serviceColumns],
	['configmaps', configMapColumns],
	['secrets', secretColumns],
	['serviceaccounts', serviceAccountColumns],
	['namespaces', namespaceColumns],
	['nodes', nodeColumns],
	['events', eventColumns],
	['events.events.k8s.io', eventColumns],
	['leases.coordination.k8s.io', leaseColumns],
	['customresourcedefinitions.apiextensions.k8s.io', crdColumns],
]);

/** The columns kubectl shows for a built-in resource (`deployments.apps`); undefined where it is not one of those we know. */
export const builtinColumns = (resource: string): readonly Column[] | undefined => columnsByResource.get(resource);

export const plainColumns: readonly Column[] = [nameColumn, ageColumn];
