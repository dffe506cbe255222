/** Where a kind lives: its resource is a guess, for the rows name kinds alone. */
export type KindResource = {readonly kind: string; readonly group: string; readonly version: string; readonly resource: string};

/** Built-in kinds by group and version; what several groups have, where most people mean it. */
const builtIn: ReadonlyArray<readonly [group: string, version: string, kinds: string]> = [
	['', 'v1', 'Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount'],
	['admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration'],
	['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition'],
	['apiregistration.k8s.io', 'v1', 'APIService'],
	['apps', 'v1', 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet'],
	['authentication.k8s.io', 'v1', 'SelfSubjectReview TokenRequest TokenReview'],
	['authorization.k8s.io', 'v1', 'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview'],
	['autoscaling', 'v2', 'HorizontalPodAutoscaler'],
	['batch', 'v1', 'CronJob Job'],
	['certificates.k8s.io', 'v1', 'CertificateSigningRequest'],
	['coordination.k8s.io', 'v1', 'Lease'],
	['discovery.k8s.io', 'v1', 'EndpointSlice'],
	['flowcontrol.apiserver.k8s.io', 'v1', 'FlowSchema PriorityLevelConfiguration'],
	['networking.k8s.io', 'v1', 'Ingress IngressClass NetworkPolicy'],
	['node.k8s.io', 'v1', 'RuntimeClass'],
	['policy', 'v1', 'Eviction PodDisruptionBudget'],
	['rbac.authorization.k8s.io', 'v1', 'ClusterRole ClusterRoleBinding Role RoleBinding'],
	['scheduling.k8s.io', 'v1', 'PriorityClass'],
	['storage.k8s.io', 'v1', 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment'],
];

/** Plural of a kind as API machinery guesses it (apimachinery, UnsafeGuessKindToResource). */
const pluralOf = (kind: string): string => {
	const singular = kind.toLowerCase();
	if (singular === 'endpoints') {
		return singular;
	}

	if (/(?:s|x|z|ch|sh)$/v.test(singular)) {
		return `${singular}es`;
	}

	return /[^aeiou]y$/v.test(singular) ? `${singular.slice(0, -1)}ies` : `${singular}s`;
};

const splitApiVersion = (apiVersion: string): {readonly group: string; readonly version: string} => {
	const slash = apiVersion.indexOf('/');
	return slash === -1 ? {group: '', version: apiVersion} : {group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1)};
};

/** `apps/v1, Kind=Deployment`, `apps/v1/Deployment`, `*v1.Deployment`, `Deployment`, `DeploymentList`. */
const kindPattern = /^(?:(?<apiVersion>(?:[^\s,\/]+\/)?v\d\w*)(?:,\s*Kind=|\/)|\*?[\w\/]+\.)?(?<kind>\w+)$/v;

/** Guesses the resource of a kind as a row writes it, with what its object says of itself. */
export const resourceOfKind = (written: string, apiVersion: string | undefined): KindResource => {
	const groups = kindPattern.exec(written.trim())?.groups;
	const named = groups?.kind ?? written.trim();
	const kind = named.length > 4 && named.endsWith('List') ? named.slice(0, -4) : named;
	const stated = apiVersion ?? groups?.apiVersion;
	const known = builtIn.find(([, , kinds]) => kinds.split(' ').some(candidate => candidate.toLowerCase() === kind.toLowerCase()));
	if (stated !== undefined) {
		return {kind, resource: pluralOf(kind), ...splitApiVersion(stated)};
	}

	return {kind, resource: pluralOf(kind), group: known === undefined ? '' : known[0], version: known === undefined ? '' : known[1]};
};
