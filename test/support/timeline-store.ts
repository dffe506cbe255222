import {usageError} from '../../source/model/kubestep-error.js';
import type {Breakpoint, Mark} from '../../source/model/breakpoint.js';
import {placeId, type ObjectPlace} from '../../source/model/object-key.js';
import type {ObjectVersion} from '../../source/model/object-version.js';
import type {Operation} from '../../source/model/operation.js';
import type {Session} from '../../source/model/session.js';
import {matchesFilter} from '../../source/expression/evaluate-filter.js';
import type {
	OperationQuery,
	OperationStore,
	VersionQuery,
	WriteBatch,
} from '../../source/store/operation-store.js';

/*
Operations, versions and bodies as plain arrays, every question answered by looking at all of them: what a timeline asks of a store, and nothing a store could
get wrong by being clever. It also counts the questions, so that a test can tell a query from a scan.
*/

type Held = {
	session: Session;
	readonly operations: Operation[];
	readonly versions: Map<number, ObjectVersion>;
	readonly bodies: Map<number, Uint8Array>;
	readonly breakpoints: Map<number, Breakpoint>;
	readonly marks: Map<string, Mark>;
};

export type Questions = {operations: number; rows: number; versions: number; bodies: number};

export type TimelineStore = OperationStore & {readonly questions: Questions};

const byEntry = (left: ObjectVersion, right: ObjectVersion): number => left.step === right.step ? left.number - right.number : left.step - right.step;

const keyParts = ['group', 'resource', 'namespace', 'name'] as const;

const compareKeys = (left: ObjectPlace, right: ObjectPlace): number => {
	const part = keyParts.find(key => left[key] !== right[key]);
	if (part === undefined) {
		return 0;
	}

	return left[part] < right[part] ? -1 : 1;
};

const isStateAt = (version: ObjectVersion, step: number): boolean =>
	version.kind !== 'end' && version.step <= step && (version.until === undefined || version.until > step);

const isFitting = (version: ObjectVersion, query: VersionQuery): boolean =>
	(query.group === undefined || version.key.group === query.group)
	&& (query.resource === undefined || version.key.resource === query.resource)
	&& (query.namespace === undefined || version.key.namespace === query.namespace)
	&& (query.place === undefined || placeId(version.key) === placeId(query.place))
	&& (query.uid === undefined || version.key.uid === query.uid)
	&& (query.at === undefined
		? version.step >= (query.from ?? 0) && version.step <= (query.to ?? Infinity)
		: isStateAt(version, query.at));

export const createTimelineStore = (): TimelineStore => {
	const sessions = new Map<string, Held>();
	const questions: Questions = {
		operations: 0, rows: 0, versions: 0, bodies: 0,
	};

	const held = (id: string): Held => {
		const found = sessions.get(id);
		if (found === undefined) {
			throw usageError(`no session ${id}: there are ${sessions.keys().toArray().join(', ')}`);
		}

		return found;
	};

	const select = ({session, from = 1, to = Infinity, filter}: Omit<OperationQuery, 'direction' | 'limit'>): readonly Operation[] =>
		held(session).operations.filter(operation =>
			operation.sequence >= from && operation.sequence <= to && (filter === undefined || matchesFilter(filter, operation)));

	const write = (id: string, batch: WriteBatch): void => {
		const into = held(id);
		for (const {number, bytes} of batch.bodies) {
			into.bodies.set(number, bytes);
		}

		into.operations.push(...batch.operations.map(({operation}) => operation));
		for (const {completion} of batch.completions) {
			const index = into.operations.findIndex(({sequence}) => sequence === completion.sequence);
			into.operations[index] = {...into.operations[index]!, ...completion};
		}

		for (const version of batch.versions) {
			into.versions.set(version.number, version);
		}

		into.session = {...into.session, ...batch.session};
	};

	/** The state at a step is in order of keys. */
	const stateAt = (query: VersionQuery): readonly ObjectVersion[] => {
		const {afterKey} = query;
		return held(query.session).versions.values()
			.filter(version => isFitting(version, query) && (afterKey === undefined || compareKeys(version.key, afterKey) > 0))
			.toArray()
			.toSorted((left, right) => compareKeys(left.key, right.key))
			.slice(0, query.limit);
	};

	const queryVersions = (query: VersionQuery): readonly ObjectVersion[] => {
		if (query.at !== undefined) {
			return stateAt(query);
		}

		const backward = query.direction === 'backward' ? -1 : 1;
		const {after} = query;
		return held(query.session).versions.values()
			.filter(version => isFitting(version, query))
			.filter(version => after === undefined || backward * byEntry(version, after as ObjectVersion) > 0)
			.toArray()
			.toSorted((left, right) => backward * byEntry(left, right))
			.slice(0, query.limit);
	};

	return {
		locator: 'memory',
		readonly: false,
		warnings: [],
		questions,
		async createSession(session) {
			sessions.set(session.id, {
				session, operations: [], versions: new Map(), bodies: new Map(), breakpoints: new Map(), marks: new Map(),
			});
		},
		listSessions: async () => sessions.values().map(({session}) => session).toArray(),
		getSession: async id => held(id).session,
		async countActors() {
			throw new TypeError('a timeline does not count actors');
		},
		async deleteSession(id) {
			sessions.delete(id);
		},
		async write(id, batch) {
			write(id, batch);
		},
		async insertOperations(id, operations) {
			write(id, {
				bodies: [], operations, completions: [], versions: [], gaps: [],
			});
		},
		async completeOperation(id, completion) {
			write(id, {
				bodies: [], operations: [], completions: [completion], versions: [], gaps: [],
			});
		},
		getOperation: async (id, sequence) => held(id).operations.find(operation => operation.sequence === sequence),
		async queryOperations(query) {
			questions.operations++;
			const selected = select(query);
			const page = (query.direction === 'backward' ? selected.toReversed() : selected).slice(0, query.limit);
			questions.rows += page.length;
			return page;
		},
		querySequences: async query => Int32Array.from(select(query).slice(0, query.limit), ({sequence}) => sequence),
		countOperations: async query => select(query).length,
		async aggregateOperations() {
			throw new TypeError('a timeline does not aggregate');
		},
		async queryVersions(query) {
			questions.versions++;
			return queryVersions(query);
		},
		versionAt: async (session, place, step) => queryVersions({
			session, place, at: step, limit: 1,
		})[0],
		versionsOf: async (session, key, resourceVersion) => queryVersions({
			session, uid: key.uid, group: key.group, resource: key.resource, limit: 100,
		}).filter(version => version.resourceVersion === resourceVersion),
		versionsEnteredAt: async (session, step, limit) => queryVersions({
			session, from: step, to: step, limit,
		}),
		readBody: async (id, body) => held(id).bodies.get(body)!,
		async readBodies(id, bodies) {
			questions.bodies += bodies.length;
			return bodies.map(body => held(id).bodies.get(body)!);
		},
		readHeaders: async () => ({request: [], response: []}),
		listBreakpoints: async id => held(id).breakpoints.values().toArray(),
		async saveBreakpoint(id, breakpoint) {
			held(id).breakpoints.set(breakpoint.id, breakpoint);
		},
		async deleteBreakpoint(id, breakpoint) {
			held(id).breakpoints.delete(breakpoint);
		},
		listMarks: async id => held(id).marks.values().toArray(),
		async saveMark(id, mark) {
			held(id).marks.set(mark.letter, mark);
		},
		dataVersion: async () => 1,
		sizes: async () => ({fileBytes: 0, rawBodyBytes: 0}),
		async close() {
			sessions.clear();
		},
	};
};
