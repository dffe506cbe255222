import {describe, expect, test} from 'vitest';
import {builtinResources} from '../../../source/commands/printers/builtin-resources.js';
import {crdColumnsFor} from '../../../source/commands/printers/crd-columns.js';
import {builtinColumns} from '../../../source/commands/printers/resource-columns.js';
import type {JsonObject} from '../../../source/model/json.js';
import {resourceName} from '../../../source/model/object-key.js';

const created = '2026-11-23T10:00:00Z';
const now = Date.parse('2026-11-23T10:05:00Z');
const metadata = {name: 'x', namespace: 'default', creationTimestamp: created};

const row = (resource: string, object: JsonObject, isWide = false): Readonly<Record<string, string>> => {
	const columns = builtinColumns(resource)?.filter(column => isWide || column.isWide !== true) ?? [];
	return Object.fromEntries(columns.map(({header, cell}) => [header, cell({metadata, ...object}, now)]));
};

const container = (name: string) => ({name, image: `${name}:1`});
const template = {spec: {containers: [container('nginx'), container('side')]}};

describe('a row of kubectl get', () => {
	test('of a deployment', () => {
		const deployment = {
			spec: {replicas: 3, template, selector: {matchLabels: {app: 'nginx', tier: 'web'}}},
			status: {readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2},
		};
		expect(row('deployments.apps', deployment)).toEqual({
			NAME: 'x', READY: '2/3', 'UP-TO-DATE': '3', AVAILABLE: '2', AGE: '5m',
		});
		expect(row('deployments.apps', deployment, true)).toMatchObject({CONTAINERS: 'nginx,side', IMAGES: 'nginx:1,side:1', SELECTOR: 'app=nginx,tier=web'});
		expect(row('deployments.apps', {spec: {replicas: 1}})).toMatchObject({READY: '0/1', 'UP-TO-DATE': '0', AVAILABLE: '0'});
	});

	test('of a replica set, a stateful set and a daemon set', () => {
		expect(row('replicasets.apps', {spec: {replicas: 3}, status: {replicas: 2, readyReplicas: 1}})).toEqual({
			NAME: 'x', DESIRED: '3', CURRENT: '2', READY: '1', AGE: '5m',
		});
		expect(row('statefulsets.apps', {spec: {replicas: 3}, status: {readyReplicas: 1}})).toEqual({NAME: 'x', READY: '1/3', AGE: '5m'});
		expect(row('daemonsets.apps', {spec: {template: {spec: {nodeSelector: {disk: 'ssd'}}}}, status: {desiredNumberScheduled: 2, numberReady: 1}})).toEqual({
			NAME: 'x', DESIRED: '2', CURRENT: '0', READY: '1', 'UP-TO-DATE': '0', AVAILABLE: '0', 'NODE SELECTOR': 'disk=ssd', AGE: '5m',
		});
	});

	test.each([
		['running', {phase: 'Running', containerStatuses: [{ready: true, restartCount: 0, state: {running: {}}}]}, {READY: '1/1', STATUS: 'Running', RESTARTS: '0'}],
		['waiting for an image', {phase: 'Pending', containerStatuses: [{ready: false, restartCount: 0, state: {waiting: {reason: 'ImagePullBackOff'}}}]}, {READY: '0/1', STATUS: 'ImagePullBackOff'}],
		['done', {phase: 'Succeeded', containerStatuses: [{ready: false, state: {terminated: {reason: 'Completed', exitCode: 0}}}]}, {READY: '0/1', STATUS: 'Completed'}],
		['killed without a reason', {phase: 'Failed', containerStatuses: [{state: {terminated: {signal: 9}}}]}, {STATUS: 'Signal:9'}],
		['failed without a reason', {phase: 'Failed', containerStatuses: [{state: {terminated: {exitCode: 3}}}]}, {STATUS: 'ExitCode:3'}],
		['evicted', {phase: 'Failed', reason: 'Evicted'}, {STATUS: 'Evicted'}],
		['restarted', {
			phase: 'Running', containerStatuses: [{
				ready: true, restartCount: 4, state: {running: {}}, lastState: {terminated: {finishedAt: '2026-11-23T10:04:00Z'}},
			}],
		}, {RESTARTS: '4 (60s ago)'}],
		['not yet seen by anybody', {}, {STATUS: 'Unknown', READY: '0/1'}],
	])('of a pod that is %s', (_what, status, expected) => {
		expect(row('pods', {spec: {containers: [container('a')]}, status})).toMatchObject(expected);
	});

	test('of a pod in its init containers, and of one that is going', () => {
		const spec = {containers: [container('a')], initContainers: [container('i'), container('j')]};
		const initContainerStatuses = [{name: 'i', state: {terminated: {exitCode: 0}}}, {name: 'j', state: {running: {}}}];
		expect(row('pods', {spec, status: {phase: 'Pending', initContainerStatuses}})).toMatchObject({STATUS: 'Init:1/2'});
		expect(row('pods', {spec, metadata: {...metadata, deletionTimestamp: created}, status: {phase: 'Running'}})).toMatchObject({STATUS: 'Terminating'});
	});

	test.each([
		[{spec: {completions: 1}, status: {}}, {STATUS: 'Running', COMPLETIONS: '0/1', DURATION: ''}],
		[{spec: {completions: 3}, status: {succeeded: 2, startTime: created}}, {STATUS: 'Running', COMPLETIONS: '2/3', DURATION: '5m'}],
		[
			{
				spec: {completions: 1}, status: {
					succeeded: 1, startTime: created, completionTime: '2026-11-23T10:00:04Z', conditions: [{type: 'Complete', status: 'True'}],
				},
			},
			{STATUS: 'Complete', COMPLETIONS: '1/1', DURATION: '4s'},
		],
		[{spec: {completions: 1}, status: {conditions: [{type: 'FailureTarget', status: 'True'}, {type: 'Failed', status: 'True'}]}}, {STATUS: 'Failed', COMPLETIONS: '0/1'}],
		[{spec: {parallelism: 3}, status: {succeeded: 1}}, {COMPLETIONS: '1/1 of 3'}],
	])('of a job %j', (job, expected) => {
		expect(row('jobs.batch', job)).toMatchObject(expected);
	});

	test('of a cron job', () => {
		expect(row('cronjobs.batch', {spec: {schedule: '*/5 * * * *', suspend: false}, status: {lastScheduleTime: '2026-11-23T10:04:00Z', active: [{}]}})).toEqual({
			NAME: 'x', SCHEDULE: '*/5 * * * *', TIMEZONE: '<none>', SUSPEND: 'False', ACTIVE: '1', 'LAST SCHEDULE': '60s', AGE: '5m',
		});
	});

	test.each([
		[{spec: {type: 'ClusterIP', clusterIP: '10.0.0.1', ports: [{port: 443, protocol: 'TCP'}]}}, {TYPE: 'ClusterIP', 'EXTERNAL-IP': '<none>', 'PORT(S)': '443/TCP'}],
		[{spec: {type: 'NodePort', clusterIP: '10.0.0.1', ports: [{port: 80, nodePort: 30_080}, {port: 53, protocol: 'UDP'}]}}, {'PORT(S)': '80:30080/TCP,53/UDP'}],
		[{spec: {type: 'LoadBalancer'}, status: {}}, {'EXTERNAL-IP': '<pending>', 'CLUSTER-IP': '<none>', 'PORT(S)': '<none>'}],
		[{spec: {type: 'LoadBalancer'}, status: {loadBalancer: {ingress: [{ip: '1.2.3.4'}, {hostname: 'h'}]}}}, {'EXTERNAL-IP': '1.2.3.4,h'}],
		[{spec: {type: 'ExternalName', externalName: 'example.org'}}, {'EXTERNAL-IP': 'example.org'}],
	])('of a service %j', (service, expected) => {
		expect(row('services', service)).toMatchObject(expected);
	});

	test('of the small kinds', () => {
		expect(row('configmaps', {data: {a: '1', b: '2'}, binaryData: {c: ''}})).toEqual({NAME: 'x', DATA: '3', AGE: '5m'});
		expect(row('secrets', {type: 'kubernetes.io/tls', data: {a: '1'}})).toEqual({
			NAME: 'x', TYPE: 'kubernetes.io/tls', DATA: '1', AGE: '5m',
		});
		expect(row('namespaces', {status: {phase: 'Active'}})).toEqual({NAME: 'x', STATUS: 'Active', AGE: '5m'});
		expect(row('leases.coordination.k8s.io', {spec: {holderIdentity: 'me'}})).toEqual({NAME: 'x', HOLDER: 'me', AGE: '5m'});
		expect(row('customresourcedefinitions.apiextensions.k8s.io', {})).toEqual({NAME: 'x', 'CREATED AT': created});
	});

	test('of a node', () => {
		const node = {
			metadata: {...metadata, labels: {'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': ''}},
			spec: {unschedulable: true},
			status: {conditions: [{type: 'Ready', status: 'True'}], nodeInfo: {kubeletVersion: 'v1.36.2'}, addresses: [{type: 'InternalIP', address: '10.0.0.5'}]},
		};
		expect(row('nodes', node)).toEqual({
			NAME: 'x', STATUS: 'Ready,SchedulingDisabled', ROLES: 'control-plane,worker', AGE: '5m', VERSION: 'v1.36.2',
		});
		expect(row('nodes', node, true)).toMatchObject({'INTERNAL-IP': '10.0.0.5', 'EXTERNAL-IP': '<none>'});
	});

	test('of an event, in either group', () => {
		const expected = {
			'LAST SEEN': '60s', TYPE: 'Warning', REASON: 'ErrResourceExists', OBJECT: 'foo/foo-bad', MESSAGE: 'exists',
		};
		expect(row('events', {
			type: 'Warning', reason: 'ErrResourceExists', message: 'exists', lastTimestamp: '2026-11-23T10:04:00Z', involvedObject: {kind: 'Foo', name: 'foo-bad'},
		})).toEqual(expected);
		expect(row('events.events.k8s.io', {
			type: 'Warning', reason: 'ErrResourceExists', note: 'exists', eventTime: '2026-11-23T10:04:00Z', regarding: {kind: 'Foo', name: 'foo-bad'},
		})).toEqual(expected);
	});
});

describe('a custom resource', () => {
	const definition = {
		spec: {
			versions: [{
				name: 'v1', additionalPrinterColumns: [
					{name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status'},
					{name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas'},
					{
						name: 'Ports', type: 'string', jsonPath: '.spec.ports[*]', priority: 1,
					},
					{name: 'Since', type: 'date', jsonPath: '.status.since'},
					{name: 'Odd', type: 'string', jsonPath: '..odd'},
				],
			}, {name: 'v1beta1', storage: true}],
		},
	};
	const object = {metadata, spec: {replicas: 2, ports: [80, 443]}, status: {conditions: [{type: 'Ready', status: 'True'}], since: created}};

	test('shows the columns its definition declares', () => {
		expect(crdColumnsFor(definition, 'v1').map(({header, isWide, cell}) => [header, isWide ?? false, cell(object, now)])).toEqual([
			['NAME', false, 'x'], ['READY', false, 'True'], ['REPLICAS', false, '2'], ['PORTS', true, '80'], ['SINCE', false, '5m'],
		]);
		expect(crdColumnsFor(definition, 'v1').map(({cell}) => cell({metadata}, now))).toEqual(['x', '', '', '', '']);
	});

	test('shows NAME and AGE where it declares none', () => {
		expect(crdColumnsFor(definition, 'v1beta1').map(({header}) => header)).toEqual(['NAME', 'AGE']);
	});
});

test('every built-in type is written whole, and no name means two of them but for the two kinds of event', () => {
	const names = builtinResources.flatMap(type => [...new Set([type.resource, type.singular, ...type.shortNames])]);
	const twice = names.filter((name, index) => names.indexOf(name) !== index);
	expect([...new Set(twice)].toSorted()).toEqual(['ev', 'event', 'events']);
	expect(builtinResources.filter(type => type.resource === '' || type.kind === '' || resourceName(type).includes(' '))).toEqual([]);
	expect(builtinResources.length).toBeGreaterThan(50);
});
