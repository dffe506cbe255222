import {type JsonObject} from '../../model/json.js';
import {
	ageColumn,
	firstText,
	keyCount,
	listAt,
	nameColumn,
	orNone,
	selectorText,
	textAt,
	textColumn,
	valueAt,
	type Column,
} from './columns.js';
import {ageAt} from './human-duration.js';

const externalAddress = (service: JsonObject): string => {
	const given = valueAt(service, 'spec', 'externalIPs');
	const external = Array.isArray(given) ? given.map(String) : [];
	const type = textAt(service, 'spec', 'type');
	if (type === 'ExternalName') {
		return orNone(textAt(service, 'spec', 'externalName'));
	}

	if (type !== 'LoadBalancer') {
		return orNone(external.join(','));
	}

	const balanced = listAt(service, 'status', 'loadBalancer', 'ingress').map(ingress => firstText(textAt(ingress, 'ip'), textAt(ingress, 'hostname')));
	return firstText([...balanced, ...external].join(','), '<pending>');
};

const portText = (port: JsonObject): string => {
	const node = textAt(port, 'nodePort');
	return `${textAt(port, 'port')}${node === '' || node === '0' ? '' : `:${node}`}/${firstText(textAt(port, 'protocol'), 'TCP')}`;
};

export const serviceColumns: readonly Column[] = [
	nameColumn,
	{header: 'TYPE', cell: service => firstText(textAt(service, 'spec', 'type'), 'ClusterIP')},
	textColumn('CLUSTER-IP', ['spec', 'clusterIP']),
	{header: 'EXTERNAL-IP', cell: service => externalAddress(service)},
	{header: 'PORT(S)', cell: service => orNone(listAt(service, 'spec', 'ports').map(port => portText(port)).join(','))},
	ageColumn,
	{header: 'SELECTOR', isWide: true, cell: service => selectorText({matchLabels: valueAt(service, 'spec', 'selector')})},
];

export const configMapColumns: readonly Column[] = [
	nameColumn,
	{header: 'DATA', cell: object => String(keyCount(object, 'data') + keyCount(object, 'binaryData'))},
	ageColumn,
];

export const secretColumns: readonly Column[] = [
	nameColumn,
	{header: 'TYPE', cell: secret => firstText(textAt(secret, 'type'), 'Opaque')},
	{header: 'DATA', cell: secret => String(keyCount(secret, 'data'))},
	ageColumn,
];

export const serviceAccountColumns: readonly Column[] = [nameColumn, {header: 'SECRETS', cell: account => String(listAt(account, 'secrets').length)}, ageColumn];

export const namespaceColumns: readonly Column[] = [nameColumn, textColumn('STATUS', ['status', 'phase'], {missing: ''}), ageColumn];

const nodeStatus = (node: JsonObject): string => {
	const ready = listAt(node, 'status', 'conditions').find(condition => textAt(condition, 'type') === 'Ready');
	const state = ready === undefined ? 'Unknown' : (textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady');
	return textAt(node, 'spec', 'unschedulable') === 'true' ? `${state},SchedulingDisabled` : state;
};

const rolePrefix = 'node-role.kubernetes.io/';

const nodeRoles = (node: JsonObject): string => {
	const labels = valueAt(node, 'metadata', 'labels');
	const keys = Object.keys(labels === null || typeof labels !== 'object' ? {} : labels);
	const roles = keys.filter(key => key.startsWith(rolePrefix) && key.length > rolePrefix.length).map(key => key.slice(rolePrefix.length));
	return orNone(roles.toSorted().join(','));
};

const addressOf = (node: JsonObject, type: string): string =>
	orNone(textAt(listAt(node, 'status', 'addresses').find(address => textAt(address, 'type') === type), 'address'));

export const nodeColumns: readonly Column[] = [
	nameColumn,
	{header: 'STATUS', cell: node => nodeStatus(node)},
	{header: 'ROLES', cell: node => nodeRoles(node)},
	ageColumn,
	textColumn('VERSION', ['status', 'nodeInfo', 'kubeletVersion'], {missing: ''}),
	{header: 'INTERNAL-IP', isWide: true, cell: node => addressOf(node, 'InternalIP')},
	{header: 'EXTERNAL-IP', isWide: true, cell: node => addressOf(node, 'ExternalIP')},
	textColumn('OS-IMAGE', ['status', 'nodeInfo', 'osImage'], {isWide: true, missing: '<unknown>'}),
	textColumn('KERNEL-VERSION', ['status', 'nodeInfo', 'kernelVersion'], {isWide: true, missing: '<unknown>'}),
	textColumn('CONTAINER-RUNTIME', ['status', 'nodeInfo', 'containerRuntimeVersion'], {isWide: true, missing: '<unknown>'}),
];

/** The object an event is about, in either of the two Event groups. */
const aboutObject = (event: JsonObject): string => {
	const about = valueAt(event, 'involvedObject') ?? valueAt(event, 'regarding');
	return `${textAt(about, 'kind').toLowerCase()}/${textAt(about, 'name')}`;
};

const lastSeen = (event: JsonObject, nowMs: number): string => {
	const seen = firstText(
		textAt(event, 'series', 'lastObservedTime'),
		textAt(event, 'lastTimestamp'),
		textAt(event, 'deprecatedLastTimestamp'),
		textAt(event, 'eventTime'),
		textAt(event, 'metadata', 'creationTimestamp'),
	);
	return ageAt(seen, nowMs);
};

const source = (event: JsonObject): string => {
	const component = firstText(
		textAt(event, 'source', 'component'),
		textAt(event, 'deprecatedSource', 'component'),
		textAt(event, 'reportingComponent'),
		textAt(event, 'reportingController'),
	);
	const host = firstText(textAt(event, 'source', 'host'), textAt(event, 'deprecatedSource', 'host'), textAt(event, 'reportingInstance'));
	return [component, host].filter(part => part !== '').join(', ');
};

const firstSeen = (event: JsonObject, nowMs: number): string =>
	ageAt(firstText(textAt(event, 'firstTimestamp'), textAt(event, 'deprecatedFirstTimestamp'), textAt(event, 'eventTime'), textAt(event, 'metadata', 'creationTimestamp')), nowMs);

export const eventColumns: readonly Column[] = [
	{header: 'LAST SEEN', cell: (event, nowMs) => lastSeen(event, nowMs)},
	textColumn('TYPE', ['type'], {missing: ''}),
	textColumn('REASON', ['reason'], {missing: ''}),
	{header: 'OBJECT', cell: event => aboutObject(event)},
	{header: 'SUBOBJECT', isWide: true, cell: event => firstText(textAt(event, 'involvedObject', 'fieldPath'), textAt(event, 'regarding', 'fieldPath'))},
	{header: 'SOURCE', isWide: true, cell: event => source(event)},
	{header: 'MESSAGE', cell: event => firstText(textAt(event, 'message'), textAt(event, 'note')).trim()},
	{header: 'FIRST SEEN', isWide: true, cell: (event, nowMs) => firstSeen(event, nowMs)},
	{header: 'COUNT', isWide: true, cell: event => firstText(textAt(event, 'count'), textAt(event, 'deprecatedCount'), textAt(event, 'series', 'count'), '1')},
	{...nameColumn, isWide: true},
];

export const leaseColumns: readonly Column[] = [nameColumn, textColumn('HOLDER', ['spec', 'holderIdentity'], {missing: ''}), ageColumn];

export const crdColumns: readonly Column[] = [
	nameColumn,
	{header: 'CREATED AT', cell: object => orNone(textAt(object, 'metadata', 'creationTimestamp'))},
];
