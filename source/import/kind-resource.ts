/** Where a kind lives: its resource is a guess, for the rows name kinds alone. */
export type KindResource = {readonly kind: string; readonly group: string; readonly version: string; readonly resource: string};

/** Built-in kinds by group and version; what several groups have, where most people mean it. */
const builtIn: ReadonlyArray<{readonly group: string; readonly version: string; readonly kinds: string}> = [
	{group: '', version: 'v1', kinds: 'Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate'},
	{group: '', version: 'v1', kinds: 'ReplicationController ResourceQuota Secret Service ServiceAccount'},
	{group: 'admissionregistration.k8s.io', version: 'v1', kinds: 'MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration'},
	{group: 'apiextensions.k8s.io', version: 'v1', kinds: 'CustomResourceDefinition'},
	{group: 'apiregistration.k8s.io', version: 'v1', kinds: 'APIService'},
	{group: 'apps', version: 'v1', kinds: 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet'},
	{group: 'authentication.k8s.io', version: 'v1', kinds: 'SelfSubjectReview TokenRequest TokenReview'},
	{group: 'authorization.k8s.io', version: 'v1', kinds: 'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview'},
	{group: 'autoscaling', version: 'v2', kinds: 'HorizontalPodAutoscaler'},
	{group: 'batch', version: 'v1', kinds: 'CronJob Job'},
	{group: 'certificates.k8s.io', version: 'v1', kinds: 'CertificateSigningRequest'},
	{group: 'coordination.k8s.io', version: 'v1', kinds: 'Lease'},
	{group: 'discovery.k8s.io', version: 'v1', kinds: 'EndpointSlice'},
	{group: 'flowcontrol.apiserver.k8s.io', version: 'v1', kinds: 'FlowSchema PriorityLevelConfiguration'},
	{group: 'networking.k8s.io', version: 'v1', kinds: 'Ingress IngressClass NetworkPolicy'},
	{group: 'node.k8s.io', version: 'v1', kinds: 'RuntimeClass'},
	{group: 'policy', version: 'v1', kinds: 'Eviction PodDisruptionBudget'},
	{group: 'rbac.authorization.k8s.io', version: 'v1', kinds: 'ClusterRole ClusterRoleBinding Role RoleBinding'},
	{group: 'scheduling.k8s.io', version: 'v1', kinds: 'PriorityClass'},
	{group: 'storage.k8s.io', version: 'v1', kinds: 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment'},
];

/** Plural of a kind as API machinery guesses it (apimachinery, UnsafeGuessKindToResource). */
const pluralOf = (kind: string): string => {
	const singular = kind.toLowerCase();
	if (singular === 'endpoints') {
		return singular;
	}

	if (/(?:[sxz]|ch|sh)$/v.test(singular)) {
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
	const known = builtIn.find(({kinds}) => kinds.split(' ').some(candidate => candidate.toLowerCase() === kind.toLowerCase()));
	const place = stated === undefined ? {group: known?.group ?? '', version: known?.version ?? ''} : splitApiVersion(stated);
	return {kind, resource: pluralOf(kind), ...place};
};
