/** A resource type as kubectl knows it. */
export type ResourceType = {
	readonly group: string;
	/** Plural. */
	readonly resource: string;
	readonly singular: string;
	readonly shortNames: readonly string[];
	readonly kind: string;
	/** Undefined: not known (a resource of which only URLs were seen). */
	readonly isNamespaced: boolean | undefined;
};

/** Group, plural, kind, short names, scope: what discovery of a kube-apiserver v1.36 says of its built-in types. */
const rows = `
core pods Pod po namespaced
core services Service svc namespaced
core configmaps ConfigMap cm namespaced
core secrets Secret - namespaced
core events Event ev namespaced
core endpoints Endpoints ep namespaced
core serviceaccounts ServiceAccount sa namespaced
core replicationcontrollers ReplicationController rc namespaced
core persistentvolumeclaims PersistentVolumeClaim pvc namespaced
core persistentvolumes PersistentVolume pv cluster
core resourcequotas ResourceQuota quota namespaced
core limitranges LimitRange limits namespaced
core podtemplates PodTemplate - namespaced
core namespaces Namespace ns cluster
core nodes Node no cluster
core componentstatuses ComponentStatus cs cluster
apps deployments Deployment deploy namespaced
apps replicasets ReplicaSet rs namespaced
apps statefulsets StatefulSet sts namespaced
apps daemonsets DaemonSet ds namespaced
apps controllerrevisions ControllerRevision - namespaced
batch jobs Job - namespaced
batch cronjobs CronJob cj namespaced
autoscaling horizontalpodautoscalers HorizontalPodAutoscaler hpa namespaced
policy poddisruptionbudgets PodDisruptionBudget pdb namespaced
networking.k8s.io ingresses Ingress ing namespaced
networking.k8s.io networkpolicies NetworkPolicy netpol namespaced
networking.k8s.io ingressclasses IngressClass - cluster
networking.k8s.io ipaddresses IPAddress ip cluster
networking.k8s.io servicecidrs ServiceCIDR - cluster
coordination.k8s.io leases Lease - namespaced
discovery.k8s.io endpointslices EndpointSlice - namespaced
events.k8s.io events Event ev namespaced
rbac.authorization.k8s.io roles Role - namespaced
rbac.authorization.k8s.io rolebindings RoleBinding - namespaced
rbac.authorization.k8s.io clusterroles ClusterRole - cluster
rbac.authorization.k8s.io clusterrolebindings ClusterRoleBinding - cluster
storage.k8s.io storageclasses StorageClass sc cluster
storage.k8s.io csidrivers CSIDriver - cluster
storage.k8s.io csinodes CSINode - cluster
storage.k8s.io csistoragecapacities CSIStorageCapacity - namespaced
storage.k8s.io volumeattachments VolumeAttachment - cluster
storage.k8s.io volumeattributesclasses VolumeAttributesClass vac cluster
scheduling.k8s.io priorityclasses PriorityClass pc cluster
node.k8s.io runtimeclasses RuntimeClass - cluster
certificates.k8s.io certificatesigningrequests CertificateSigningRequest csr cluster
admissionregistration.k8s.io mutatingwebhookconfigurations MutatingWebhookConfiguration - cluster
admissionregistration.k8s.io validatingwebhookconfigurations ValidatingWebhookConfiguration - cluster
admissionregistration.k8s.io validatingadmissionpolicies ValidatingAdmissionPolicy - cluster
admissionregistration.k8s.io validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding - cluster
apiextensions.k8s.io customresourcedefinitions CustomResourceDefinition crd,crds cluster
apiregistration.k8s.io apiservices APIService - cluster
flowcontrol.apiserver.k8s.io flowschemas FlowSchema - cluster
flowcontrol.apiserver.k8s.io prioritylevelconfigurations PriorityLevelConfiguration - cluster
resource.k8s.io resourceclaims ResourceClaim - namespaced
resource.k8s.io resourceclaimtemplates ResourceClaimTemplate - namespaced
resource.k8s.io resourceslices ResourceSlice - cluster
resource.k8s.io deviceclasses DeviceClass - cluster
`;

const parseRow = (row: string): ResourceType => {
	const [group = '', resource = '', kind = '', shortNames = '-', scope = ''] = row.split(' ', 5);
	return {
		group: group === 'core' ? '' : group,
		resource,
		singular: kind.toLowerCase(),
		shortNames: shortNames === '-' ? [] : shortNames.split(','),
		kind,
		isNamespaced: scope === 'namespaced',
	};
};

/** The built-in types, in the order in which kubectl prefers them where a name fits several. */
export const builtinResources: readonly ResourceType[] = rows.trim().split('\n').map(row => parseRow(row));
