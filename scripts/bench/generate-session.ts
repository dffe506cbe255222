import {Buffer} from 'node:buffer';
import {existsSync, renameSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {openIngest, type IngestSession} from '../../source/ingest/ingest-session.js';
import {openStore} from '../../source/store/open-store.js';

/*
A made session that looks like the captures: one operator's watch, and its updates of Deployments of about 2 KiB, each answered and told by an event. JSON, so that
every byte is honest work for the store.
*/

const bytesOf = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);
const microsecond = 1000n;
const jsonHeaders = [['Content-Type', 'application/json']] as const;
const agentHeaders = [['User-Agent', 'bench-operator/v1.0.0 (linux/amd64) kubernetes/98b3519'], ...jsonHeaders] as const;

const deployment = (index: number, resourceVersion: number, replicas: number): Record<string, unknown> => {
	const name = `web-${index}`;
	const labels = {app: 'web', shard: `${index % 17}`, controller: `owner-${index % 500}`};
	return {
		kind: 'Deployment', apiVersion: 'apps/v1',
		metadata: {
			name, namespace: `team-${index % 40}`, uid: `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
			resourceVersion: `${resourceVersion}`, generation: replicas, creationTimestamp: '2026-11-23T08:51:50Z', labels,
			managedFields: ['bench-operator', 'kube-controller-manager'].map(manager => ({
				manager, operation: 'Update', apiVersion: 'apps/v1', time: '2026-11-23T08:51:50Z', fieldsType: 'FieldsV1',
				fieldsV1: {'f:metadata': {'f:labels': {'f:app': {}, 'f:shard': {}}}, 'f:spec': {'f:replicas': {}, 'f:selector': {}, 'f:template': {'f:spec': {'f:containers': {}}}}},
			})),
		},
		spec: {
			replicas, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, selector: {matchLabels: labels},
			strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: '25%', maxSurge: '25%'}},
			template: {
				metadata: {labels, creationTimestamp: null},
				spec: {
					containers: ['app', 'sidecar'].map(container => ({
						name: container, image: `registry.example/${container}:1.${index % 9}`, imagePullPolicy: 'IfNotPresent',
						resources: {requests: {cpu: '100m', memory: '128Mi'}, limits: {memory: '256Mi'}},
						env: [{name: 'SHARD', value: `${index % 17}`}, {name: 'LEVEL', value: 'info'}],
						terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File',
					})),
					restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', securityContext: {}, terminationGracePeriodSeconds: 30,
				},
			},
		},
		status: {
			observedGeneration: replicas - 1, replicas, updatedReplicas: replicas, conditions: [{type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable'}],
		},
	};
};

const update = (ingest: IngestSession, stream: number, object: Record<string, unknown>, before: Record<string, unknown>, at: bigint): void => {
	const {name, namespace} = object.metadata as {name: string; namespace: string};
	const sequence = ingest.arrive({
		at, method: 'PUT', url: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, headers: agentHeaders, body: bytesOf(before), connection: '1',
	});
	ingest.deliver(stream, {
		at: at + (200n * microsecond), type: 'MODIFIED', object: bytesOf(object), wholeFrame: false,
	});
	ingest.end(sequence, {
		at: at + (900n * microsecond), status: 200, headers: jsonHeaders, body: bytesOf(object), end: 'complete',
	});
};

/** How many objects a session of this many operations has: 20,000 in a million. */
export const objectCount = (operations: number): number => Math.max(10, Math.floor(operations / 50));

const fill = async (ingest: IngestSession, operations: number): Promise<void> => {
	const objects = objectCount(operations);
	const stream = ingest.arrive({
		at: 0n, method: 'GET', url: '/apis/apps/v1/deployments?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
		headers: agentHeaders, connection: '2',
	});
	const replicas = new Uint32Array(objects).fill(1);
	const versions = new Uint32Array(objects);
	for (let step = 2; step <= operations; step += 2) {
		const index = (step * 7919) % objects;
		const before = deployment(index, versions[index] ?? 0, replicas[index] ?? 1);
		replicas[index] = (replicas[index] ?? 0) + 1;
		versions[index] = step;
		update(ingest, stream, deployment(index, step, replicas[index] ?? 1), before, BigInt(step) * 1_000_000n);
		if (ingest.needsDrain) {
			await ingest.drain(); // eslint-disable-line no-await-in-loop -- operations are numbered in order
		}
	}
};

/** A session file of this many operations, made once and kept in the temporary directory. Undefined rate: it was there already. */
export const generateSession = async (operations: number): Promise<{readonly file: string; readonly operationsPerSecond: number | undefined}> => {
	const file = path.join(tmpdir(), `kubestep-bench-${operations}.db`);
	if (existsSync(file)) {
		return {file, operationsPerSecond: undefined};
	}

	const unfinished = `${file}.new`;
	rmSync(unfinished, {force: true});
	const started = performance.now();
	const store = await openStore(unfinished, {mode: 'write'});
	const ingest = await openIngest({
		store,
		session: {
			id: 'bench', source: 'proxy', startedAt: Date.parse('2026-11-23T08:51:50Z'), origin: 'made by npm run bench',
			capabilities: ['requestBodies', 'responseBodies', 'watchEvents', 'headers'], parent: undefined, facts: {},
		},
		redact: true,
	});
	await fill(ingest, operations);
	await ingest.finish();
	await store.close();
	renameSync(unfinished, file);
	return {file, operationsPerSecond: operations / ((performance.now() - started) / 1000)};
};
