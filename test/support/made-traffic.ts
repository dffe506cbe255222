import {Buffer} from 'node:buffer';
import {openIngest, type IngestSession} from '../../source/ingest/ingest-session.js';
import type {ArrivedRequest, EndedResponse} from '../../source/ingest/input.js';
import {createMemoryStore, type MemoryStore} from './memory-store.js';

/** Made operations on ConfigMaps, for what the captures lack. Times pass by one ms a call. */
export type Traffic = {
	readonly ingest: IngestSession;
	readonly store: MemoryStore;
	arrive(method: string, url: string, body?: unknown, more?: Partial<ArrivedRequest>): number;
	end(sequence: number, status: number | undefined, body?: unknown, more?: Partial<EndedResponse>): void;
	/** A request answered at once; gives its step. */
	ask(method: string, url: string, answer: {readonly status: number; readonly body: unknown}, body?: unknown): number;
	deliver(stream: number, type: string, object: unknown): number;
	finish(): Promise<MemoryStore>;
};

export type MadeObject = {
	readonly name: string; readonly uid: string; readonly rv: string; readonly data?: string; readonly more?: Record<string, unknown>;
};

export const collection = '/api/v1/namespaces/default/configmaps';

export const configMap = ({name, uid, rv, data = rv, more = {}}: MadeObject): Record<string, unknown> => ({
	kind: 'ConfigMap', apiVersion: 'v1', metadata: {
		name, namespace: 'default', uid, resourceVersion: rv, ...more,
	}, data: {value: data},
});

export const configMapList = (rv: string, items: readonly MadeObject[], next?: string): Record<string, unknown> => ({
	kind: 'ConfigMapList', apiVersion: 'v1', metadata: {resourceVersion: rv, continue: next},
	// Typed lists leave the type out of their items.
	items: items.map(item => ({metadata: configMap(item).metadata, data: configMap(item).data})),
});

export const partialOf = (object: MadeObject): Record<string, unknown> => ({
	kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: configMap(object).metadata,
});

export const initialEventsEnd = (rv: string): Record<string, unknown> => ({
	kind: 'ConfigMap', apiVersion: 'v1', metadata: {resourceVersion: rv, annotations: {'k8s.io/initial-events-end': 'true'}},
});

const json = (value: unknown): Uint8Array | undefined => value === undefined ? undefined : Buffer.from(`${JSON.stringify(value)}\n`);
const jsonHeaders = [['Content-Type', 'application/json']] as const;
const millisecond = 1_000_000n;

export const openTraffic = async (options: {readonly batchSize?: number; readonly redact?: boolean} = {}): Promise<Traffic> => {
	const store = createMemoryStore();
	const ingest = await openIngest({
		store,
		session: {
			id: 'made', source: 'proxy', startedAt: 0, origin: 'made', capabilities: [], parent: undefined, facts: {},
		},
		redact: options.redact ?? false,
		batchSize: options.batchSize,
	});
	let now = 0n;
	const tick = (): bigint => {
		now += millisecond;
		return now;
	};

	const traffic: Traffic = {
		ingest,
		store,
		arrive: (method, url, body, more = {}) => ingest.arrive({
			at: tick(), method, url, headers: [['User-Agent', 'tester/v1 (linux/amd64)'], ...(body === undefined ? [] : jsonHeaders)], body: json(body), ...more,
		}),
		end(sequence, status, body, more = {}) {
			ingest.end(sequence, {
				at: tick(), status, headers: jsonHeaders, body: json(body), end: 'complete', ...more,
			});
		},
		ask(method, url, answer, body) {
			const sequence = traffic.arrive(method, url, body);
			traffic.end(sequence, answer.status, answer.body);
			return sequence;
		},
		deliver: (stream, type, object) => ingest.deliver(stream, {
			at: tick(), type, object: json(object)!, wholeFrame: false,
		}),
		async finish() {
			await ingest.finish();
			return store;
		},
	};
	return traffic;
};
