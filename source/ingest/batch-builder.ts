import {strict as assert} from 'node:assert';
import type {ObjectKey} from '../model/object-key.js';
import type {ObjectVersion} from '../model/object-version.js';
import type {HeaderLines, OperationCompletion} from '../model/operation.js';
import type {Gap, Session} from '../model/session.js';
import type {
	NewBody,
	NewCompletion,
	NewOperation,
	WriteBatch,
} from '../store/operation-store.js';
import {type Draft, fill} from './draft.js';
import type {VersionRow} from './version-row.js';

/** Bytes of bodies that make a batch full, however few its operations: they wait in memory. */
const maximumBatchBytes = 8 * 1024 * 1024;
/** Version rows that make a batch full, per operation it may hold: one list brings many. */
const versionsPerOperation = 4;

type Inserted = {readonly draft: Draft; readonly requestHeaders: HeaderLines | undefined; responseHeaders: HeaderLines | undefined};
type Completed = {readonly completion: {-readonly [Key in keyof OperationCompletion]: OperationCompletion[Key]}; responseHeaders: HeaderLines | undefined};

type Waiting = {
	readonly operations: Map<number, Inserted>;
	readonly completions: Map<number, Completed>;
	readonly versions: Map<VersionRow, ObjectKey>;
	readonly bodies: NewBody[];
	readonly gaps: Gap[];
	bytes: number;
};

/** Collects what the next transaction writes. A request that ends in the batch it arrived in is merged into its insert. */
export type BatchBuilder = {
	insert(draft: Draft, requestHeaders?: HeaderLines): void;
	/** A field of an operation came to be known later. */
	complete(completion: OperationCompletion): void;
	/** A request ended; its draft holds all that is known of it. */
	end(draft: Draft, completion: OperationCompletion, responseHeaders: HeaderLines): void;
	addBody(body: NewBody): void;
	/** The row is new, or changed since it was written. */
	touch(row: VersionRow, key: ObjectKey): void;
	addGap(gap: Gap): void;
	readonly isEmpty: boolean;
	readonly isFull: boolean;
	/** The batch, as plain data that later changes of drafts and rows do not reach; the builder is empty after. */
	take(session: Partial<Omit<Session, 'id' | 'source'>>): WriteBatch;
};

const toVersion = (row: VersionRow, key: ObjectKey): ObjectVersion => {
	assert.ok(row.until === undefined || row.until >= row.step, 'an interval ends where it begins, or later');
	assert.equal(row.body === undefined, row.kind === 'end', 'every version but an end has a body');
	assert.ok(row.rest === undefined || row.kind === 'metadata', 'only metadata takes its rest from another version');
	return {
		number: row.number,
		key,
		kind: row.kind,
		apiVersion: row.apiVersion,
		objectKind: row.objectKind,
		resourceVersion: row.resourceVersion,
		step: row.step,
		until: row.until,
		storageEpoch: row.storageEpoch,
		body: row.body,
		rest: row.rest,
		redacted: row.isRedacted,
		hx: row.hx,
		hm: row.hm,
		generation: row.generation,
		controllerUid: row.controllerUid,
	};
};

/** A request in flight is still filled in: the batch gets a copy. */
const toOperation = (inserted: Inserted): NewOperation => ({
	operation: inserted.draft.kind === 'request' && inserted.draft.end === undefined
		? {...inserted.draft, flags: new Set(inserted.draft.flags)}
		: inserted.draft,
	requestHeaders: inserted.requestHeaders,
	responseHeaders: inserted.responseHeaders,
});

const toCompletion = ({completion, responseHeaders}: Completed): NewCompletion => ({
	completion: completion.flags === undefined ? completion : {...completion, flags: new Set(completion.flags)},
	responseHeaders,
});

const complete = (waiting: Waiting, completion: OperationCompletion, responseHeaders?: HeaderLines): void => {
	assert.ok(completion.sequence > 0, 'steps count from 1');
	const inserted = waiting.operations.get(completion.sequence);
	if (inserted !== undefined) {
		fill(inserted.draft, completion);
		inserted.responseHeaders = responseHeaders ?? inserted.responseHeaders;
		return;
	}

	const earlier = waiting.completions.get(completion.sequence);
	if (earlier === undefined) {
		waiting.completions.set(completion.sequence, {completion: {...completion}, responseHeaders});
		return;
	}

	assert.equal(earlier.completion.sequence, completion.sequence);
	fill(earlier.completion, completion);
	earlier.responseHeaders = responseHeaders ?? earlier.responseHeaders;
};

const take = (waiting: Waiting, session: WriteBatch['session']): WriteBatch => {
	const batch: WriteBatch = {
		bodies: [...waiting.bodies],
		operations: Array.from(waiting.operations.values(), toOperation),
		completions: Array.from(waiting.completions.values(), toCompletion),
		versions: Array.from(waiting.versions, ([row, key]) => toVersion(row, key)),
		gaps: [...waiting.gaps],
		session,
	};
	assert.equal(batch.operations.length, waiting.operations.size, 'an operation got lost');
	assert.equal(batch.completions.length, waiting.completions.size, 'a completion got lost');
	assert.ok(batch.completions.every(({completion}) => !waiting.operations.has(completion.sequence)), 'what is inserted here is complete here');
	waiting.operations.clear();
	waiting.completions.clear();
	waiting.versions.clear();
	waiting.bodies.length = 0;
	waiting.gaps.length = 0;
	waiting.bytes = 0;
	return batch;
};

export const createBatchBuilder = (batchSize: number): BatchBuilder => {
	assert.ok(Number.isSafeInteger(batchSize) && batchSize > 0, 'a batch holds at least one operation');
	const waiting: Waiting = {
		operations: new Map(), completions: new Map(), versions: new Map(), bodies: [], gaps: [], bytes: 0,
	};

	return {
		insert(draft, requestHeaders) {
			assert.ok(!waiting.operations.has(draft.sequence), 'an operation is inserted once');
			assert.ok(draft.hash !== undefined, 'an operation is chained before it is written');
			waiting.operations.set(draft.sequence, {draft, requestHeaders, responseHeaders: undefined});
		},
		complete(completion) {
			complete(waiting, completion);
		},
		end(draft, completion, responseHeaders) {
			assert.equal(draft.sequence, completion.sequence);
			assert.equal(draft.kind, 'request', 'only a request ends');
			const inserted = waiting.operations.get(draft.sequence);
			if (inserted === undefined) {
				complete(waiting, completion, responseHeaders);
			} else {
				inserted.responseHeaders = responseHeaders;
			}
		},
		addBody(body) {
			assert.ok(body.number > 0 && body.chain !== '', 'a body has a number and a chain');
			waiting.bodies.push(body);
			waiting.bytes += body.bytes.length;
		},
		touch(row, key) {
			assert.ok(key.uid !== '' && row.step > 0, 'a version is of a uid, at a step');
			waiting.versions.set(row, key);
		},
		addGap(gap) {
			assert.ok(gap.from <= gap.to, 'a gap backwards');
			waiting.gaps.push(gap);
		},
		get isEmpty() {
			return waiting.operations.size + waiting.completions.size + waiting.versions.size + waiting.gaps.length + waiting.bodies.length === 0;
		},
		get isFull() {
			return waiting.operations.size + waiting.completions.size >= batchSize || waiting.versions.size >= batchSize * versionsPerOperation
				|| waiting.bytes >= maximumBatchBytes;
		},
		take: session => take(waiting, session),
	};
};
