import {placeId, type ObjectPlace} from '../../source/model/object-key.js';
import type {ObjectVersion} from '../../source/model/object-version.js';
import type {HeaderLines, Operation} from '../../source/model/operation.js';
import type {Session} from '../../source/model/session.js';
import type {NewBody, OperationStore, WriteBatch} from '../../source/store/operation-store.js';

/** A store that keeps one session in memory and every batch it was given: what ingest wrote, without a backend. */
export type MemoryStore = OperationStore & {
	readonly operations: Map<number, Operation>;
	readonly requestHeaders: Map<number, HeaderLines>;
	readonly responseHeaders: Map<number, HeaderLines>;
	readonly versions: Map<number, ObjectVersion>;
	readonly bodies: Map<number, NewBody>;
	readonly batches: WriteBatch[];
	readonly session: Session;
	/** The version that is the state of a uid at a step, as its intervals say. */
	stateOf(uid: string, step: number): ObjectVersion | undefined;
	/** Every object that exists at a step. */
	stateAt(step: number): readonly ObjectVersion[];
};

const isStateAt = (version: ObjectVersion, step: number): boolean => version.step <= step && (version.until === undefined || step < version.until);

/** What a test relies on being there. */
const present = <Value>(value: Value | undefined, what: string): Value => {
	if (value === undefined) {
		throw new Error(`${what} is not there`);
	}

	return value;
};

const refuse = (isWrong: boolean, what: string): void => {
	if (isWrong) {
		throw new Error(what);
	}
};

const defined = <Value extends object>(value: Value): Partial<Value> => // eslint-disable-line @typescript-eslint/no-restricted-types
	Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Partial<Value>;

const unsupported = (): never => {
	throw new Error('not kept by the memory store');
};

export const createMemoryStore = (): MemoryStore => {
	const operations = new Map<number, Operation>();
	const requestHeaders = new Map<number, HeaderLines>();
	const responseHeaders = new Map<number, HeaderLines>();
	const versions = new Map<number, ObjectVersion>();
	const bodies = new Map<number, NewBody>();
	const batches: WriteBatch[] = [];
	let session: Session | undefined;

	const apply = (batch: WriteBatch): void => {
		const before = present(session, 'the session');
		for (const body of batch.bodies) {
			refuse(bodies.has(body.number), `body ${body.number} is written twice`);
			bodies.set(body.number, {...body, bytes: Uint8Array.from(body.bytes)});
		}

		for (const {operation, requestHeaders: request, responseHeaders: response} of batch.operations) {
			refuse(operations.has(operation.sequence), `operation ${operation.sequence} is inserted twice`);
			operations.set(operation.sequence, operation);
			requestHeaders.set(operation.sequence, request ?? []);
			responseHeaders.set(operation.sequence, response ?? []);
		}

		for (const {completion, responseHeaders: response} of batch.completions) {
			const inserted = present(operations.get(completion.sequence), `operation ${completion.sequence}`);
			operations.set(completion.sequence, {...inserted, ...defined(completion)});
			if (response !== undefined) {
				responseHeaders.set(completion.sequence, response);
			}
		}

		for (const version of batch.versions) {
			refuse(version.body !== undefined && !bodies.has(version.body), `version ${version.number} has a body that was not written`);
			versions.set(version.number, version);
		}

		session = {...before, ...batch.session, gaps: [...before.gaps, ...batch.gaps]};
		batches.push(batch);
	};

	const stateAt = (step: number): readonly ObjectVersion[] =>
		versions.values().filter(version => version.kind !== 'end' && isStateAt(version, step)).toArray();

	return {
		operations, requestHeaders, responseHeaders, versions, bodies, batches, locator: 'memory', readonly: false, warnings: [],
		get session() {
			return present(session, 'the session');
		},
		stateOf: (uid, step) => stateAt(step).find(version => version.key.uid === uid),
		stateAt,
		async createSession(created) {
			refuse(session !== undefined, 'a memory store keeps one session');
			session = created;
		},
		async getSession() {
			return present(session, 'the session');
		},
		listSessions: async () => session === undefined ? [] : [session],
		async write(_session, batch) {
			apply(batch);
		},
		async getOperation(_session, sequence) {
			return operations.get(sequence);
		},
		async versionAt(_session, place: ObjectPlace, step) {
			return stateAt(step).find(version => placeId(version.key) === placeId(place));
		},
		async readBody(_session, number) {
			return present(bodies.get(number), `body ${number}`).bytes;
		},
		countActors: unsupported, deleteSession: unsupported, insertOperations: unsupported, completeOperation: unsupported, queryOperations: unsupported,
		querySequences: unsupported, countOperations: unsupported, aggregateOperations: unsupported, queryVersions: unsupported, versionsOf: unsupported,
		versionsEnteredAt: unsupported, readBodies: unsupported, readHeaders: unsupported, listBreakpoints: unsupported, saveBreakpoint: unsupported,
		deleteBreakpoint: unsupported, listMarks: unsupported, saveMark: unsupported, dataVersion: unsupported, sizes: unsupported,
		async close() {
			refuse(session?.open === true, 'the session was not finished');
		},
	};
};
