import {placeId, type ObjectKey} from '../../source/model/object-key.js';
import type {JsonObject} from '../../source/model/json.js';
import type {ObjectVersion} from '../../source/model/object-version.js';
import type {Operation, OperationFlag} from '../../source/model/operation.js';
import type {Session} from '../../source/model/session.js';
import type {OperationStore} from '../../source/store/operation-store.js';

/** What happens at one step of a made session: to object `of` of a few. */
export type Action =
	/** The operator writes a new version, or ends the object. */
	| {readonly type: 'write'; readonly of: number; readonly replicas: number}
	| {readonly type: 'delete'; readonly of: number}
	/** A write that changed nothing, and one that was refused. */
	| {readonly type: 'noop'; readonly of: number}
	| {readonly type: 'refused'; readonly of: number; readonly status: number}
	/** The operator is told the current version, or a change nobody recorded. */
	| {readonly type: 'told'; readonly of: number}
	| {readonly type: 'outside'; readonly of: number; readonly replicas: number}
	| {readonly type: 'read'; readonly of: number}
	| {readonly type: 'list'};

/** The state after each step, folded one action after the other: what a timeline must agree with. Keys are placeIds. */
export type Fold = ReadonlyArray<ReadonlyMap<string, JsonObject>>;

export type MadeSession = {
	readonly operations: readonly Operation[];
	readonly versions: readonly ObjectVersion[];
	readonly bodies: readonly Uint8Array[];
	readonly fold: Fold;
};

export const madeSession = (id: string, operations: number, durationNs = 0n): Session => ({
	id,
	source: 'har',
	startedAt: 1_700_000_000_000,
	origin: 'made',
	capabilities: [],
	redacted: false,
	parent: undefined,
	gaps: [],
	open: false,
	operations,
	requests: operations,
	events: 0,
	durationNs,
	facts: {},
});

/** An operation with what is not said left as for a plain request of a process `op`. */
export const madeOperation = (sequence: number, parts: Partial<Operation> = {}): Operation => ({
	sequence,
	kind: 'request',
	verb: 'get',
	process: 'op',
	actor: 'op',
	arrivedAt: BigInt(sequence) * 1_000_000_000n,
	hasHeaders: false,
	flags: new Set<OperationFlag>(),
	...parts,
});

export const madeKey = (of: number, incarnation = 1): ObjectKey => ({
	group: 'apps', resource: 'deployments', namespace: 'default', name: `web-${of}`, uid: `uid-${of}-${incarnation}`,
});

const encoder = new TextEncoder();
export const encodeJson = (value: unknown): Uint8Array => encoder.encode(`${JSON.stringify(value)}\n`);

type Live = {version: ObjectVersion; object: JsonObject};

/** Builds a session by folding actions: each is one step. */
export const makeSession = (actions: readonly Action[]): MadeSession => {
	const operations: Operation[] = [];
	const versions: ObjectVersion[] = [];
	const bodies: Uint8Array[] = [];
	const live = new Map<number, Live>();
	const incarnations = new Map<number, number>();
	const fold: Array<ReadonlyMap<string, JsonObject>> = [new Map()];
	let resourceVersion = 100;

	const put = (version: Omit<ObjectVersion, 'number' | 'storageEpoch' | 'redacted'>): ObjectVersion => {
		const row = {
			...version, number: versions.length + 1, storageEpoch: 1, redacted: false,
		};
		versions.push(row);
		return row;
	};

	const supersede = (of: number, step: number): void => {
		const known = live.get(of);
		if (known !== undefined) {
			versions[known.version.number - 1] = {...known.version, until: step};
		}
	};

	const enter = (of: number, step: number, replicas: number, manager: string): Live => {
		const key = madeKey(of, incarnations.get(of) ?? 1);
		resourceVersion++;
		const object: JsonObject = {
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: {
				name: key.name, namespace: key.namespace, uid: key.uid, resourceVersion: String(resourceVersion), managedFields: [{manager, time: '2026-11-23T00:00:00Z'}],
			},
			spec: {replicas},
		};
		supersede(of, step);
		bodies.push(encodeJson(object));
		const version = put({
			key, kind: 'whole', apiVersion: 'apps/v1', objectKind: 'Deployment', resourceVersion: String(resourceVersion), step, body: bodies.length,
		});
		const entered = {version, object};
		live.set(of, entered);
		return entered;
	};

	const end = (of: number, step: number): void => {
		const known = live.get(of);
		if (known === undefined) {
			return;
		}

		supersede(of, step);
		put({
			key: known.version.key, kind: 'end', apiVersion: 'apps/v1', objectKind: 'Deployment', step,
		});
		live.delete(of);
		incarnations.set(of, (incarnations.get(of) ?? 1) + 1);
	};

	const about = (of: number, parts: Partial<Operation>): Partial<Operation> => {
		const known = live.get(of);
		return {
			group: 'apps',
			version: 'v1',
			resource: 'deployments',
			namespace: 'default',
			name: madeKey(of).name,
			status: 200,
			end: 'complete',
			...(known !== undefined && {uid: known.version.key.uid, resourceVersion: known.version.resourceVersion, responseBody: known.version.body}),
			...parts,
		};
	};

	const act = (action: Action, step: number): Partial<Operation> => {
		switch (action.type) {
			case 'write': {
				const verb = live.has(action.of) ? 'update' : 'create';
				enter(action.of, step, action.replicas, 'op');
				return about(action.of, {verb, status: verb === 'create' ? 201 : 200});
			}

			case 'delete': {
				const parts = about(action.of, {
					verb: 'delete', responseBody: undefined, resourceVersion: undefined, ...(!live.has(action.of) && {status: 404, reason: 'NotFound'}),
				});
				end(action.of, step);
				return parts;
			}

			case 'noop': {
				return about(action.of, live.has(action.of) ? {verb: 'update', flags: new Set<OperationFlag>(['noop'])} : {verb: 'update', status: 404, reason: 'NotFound'});
			}

			case 'refused': {
				return about(action.of, {
					verb: 'update', status: action.status, reason: 'Refused', message: 'try again', responseBody: undefined, resourceVersion: undefined,
				});
			}

			case 'told': {
				return about(action.of, {kind: 'event', verb: live.has(action.of) ? 'MODIFIED' : 'BOOKMARK', status: undefined});
			}

			case 'outside': {
				const verb = live.has(action.of) ? 'MODIFIED' : 'ADDED';
				enter(action.of, step, action.replicas, 'kubectl-edit');
				return about(action.of, {kind: 'event', verb, status: undefined});
			}

			case 'read': {
				return about(action.of, live.has(action.of) ? {verb: 'get'} : {verb: 'get', status: 404, reason: 'NotFound'});
			}

			case 'list': {
				return {
					verb: 'list', group: 'apps', version: 'v1', resource: 'deployments', namespace: 'default', status: 200, flags: new Set<OperationFlag>(['listComplete']),
				};
			}
		}
	};

	for (const [index, action] of actions.entries()) {
		const step = index + 1;
		operations.push(madeOperation(step, act(action, step)));
		fold.push(new Map(live.values().map(({version, object}) => [placeId(version.key), object] as const)));
	}

	return {
		operations, versions, bodies, fold,
	};
};

/** Puts a made session into a store. */
export const storeSession = async (store: OperationStore, id: string, made: Omit<MadeSession, 'fold'>, changes: Partial<Session> = {}): Promise<void> => {
	const last = made.operations.at(-1)?.arrivedAt ?? 0n;
	await store.createSession({...madeSession(id, made.operations.length, last), ...changes});
	await store.write(id, {
		bodies: made.bodies.map((bytes, index) => ({number: index + 1, bytes, chain: 'made'})),
		operations: made.operations.map(operation => ({operation})),
		completions: [],
		versions: made.versions,
		gaps: [],
	});
};
