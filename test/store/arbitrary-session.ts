import fc from 'fast-check';
import {type Filter, numberColumns, textColumns} from '../../source/expression/filter.js';
import type {ObjectVersion} from '../../source/model/object-version.js';
import {
	endKinds,
	type HeaderLines,
	type Operation,
	operationFlags,
} from '../../source/model/operation.js';
import type {Session} from '../../source/model/session.js';

/** Few values each, so that random conditions hit some; with quotes, patterns of LIKE, case, what lies past the BMP, and what looks like a number. */
export const words = ['', 'a', 'A', 'web', 'web-1', '%', '_', 'a"b', 'ä', '😀x', 'it\'s', String.raw`b\s`, 'null', '0', '7'] as const;
const uuids = ['18d5aa20-af8c-40c0-b07b-1c9cfaea64eb', '18d5aa20-0000-40c0-b07b-1c9cfaea64ec', 'c5fe2f3c-0f3b-488b-9ebd-446417b1737c'] as const;
const odd = ['C5FE2F3C-0F3B-488B-9EBD-446417B1737C', 'no uuid', '007', '18446744073709551615', '9007199254740993', '1e3', ' 5'] as const;

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(arbitrary, {nil: undefined});
const word = fc.constantFrom(...words);
const id = fc.constantFrom(...uuids, ...odd);
const version = fc.constantFrom('0', '1', '207', '99999999999999', ...odd);
const hex = fc.constantFrom('00112233445566ff', 'ffeeddccbbaa9988', 'not hex', 'ABCDEF0123456789');
const nanoseconds = fc.oneof(
	fc.constantFrom(0n, 1n, 999_999_999n, 1_181_720_000n, 9_007_199_254_740_991n, 9_007_199_254_740_993n, 4_000_000_000_000_000_001n),
	fc.bigInt({min: 0n, max: 200_000_000_000n}),
);
const size = fc.constantFrom(0, 1, 127, 128, 1146, 5_000_000_000);

const preconditions = fc.record({uid: maybe(id), resourceVersion: maybe(version)});

const identity = fc.record({
	kind: fc.constantFrom('request' as const, 'event' as const),
	verb: fc.constantFrom('get', 'list', 'watch', 'update', 'patch', 'deletecollection', 'ADDED', 'ERROR', ''),
	group: maybe(word),
	version: maybe(fc.constantFrom('v1', 'v1beta1')),
	resource: maybe(fc.constantFrom('', 'pods', 'web', 'deployments')),
	subresource: maybe(fc.constantFrom('status', 'scale')),
	namespace: maybe(word),
	name: maybe(word),
	objectKind: maybe(word),
	uid: maybe(id),
	path: maybe(fc.constantFrom('/', '/api', '/healthz"\\')),
	query: maybe(fc.constantFrom('', 'watch=true', 'fieldManager=a')),
	resourceVersionBefore: maybe(version),
	resourceVersion: maybe(version),
	collectionResourceVersion: maybe(version),
	generation: maybe(fc.constantFrom(0, 1, 200)),
	controllerUid: maybe(id),
	preconditions: maybe(preconditions),
});

const actors = fc.record({
	process: fc.constantFrom('', 'manager/v1', 'kubectl'),
	actor: fc.constantFrom('', 'manager', 'a'),
	userAgent: maybe(fc.constantFrom('manager/v1 (linux/amd64) x', 'kubectl/v1.36')),
	user: maybe(word),
	fieldManager: maybe(word),
	patchType: maybe(fc.constantFrom('application/merge-patch+json')),
	reconcile: maybe(word),
	connection: maybe(fc.constantFrom('', '4', '127.0.0.1:5')),
	epoch: maybe(fc.constantFrom(1, 2)),
});

const odds = fc.constantFrom(-5n, 0n);
const changedPaths = fc.array(fc.constantFrom('spec.replicas', 'metadata.labels["a.b/c"]'), {maxLength: 3});

const outcome = fc.record({
	status: maybe(fc.constantFrom(0, 200, 201, 404, 409, 500)),
	reason: maybe(fc.constantFrom('Conflict', 'NotFound', '')),
	message: maybe(word),
	auditId: maybe(id),
	stream: maybe(fc.constantFrom(1, 2)),
	cause: maybe(fc.constantFrom(1, 2, 200)),
	arrivedAt: nanoseconds,
	took: maybe(fc.oneof(nanoseconds, odds)),
	sent: maybe(fc.constantFrom(-3n, 0n, 63n, 64n, 4_000_000_000_000_000_000n)),
	started: maybe(nanoseconds),
	ownWait: maybe(nanoseconds),
	uncertainty: maybe(nanoseconds),
	end: maybe(fc.constantFrom(...endKinds)),
	requestContentType: maybe(fc.constantFrom('application/json')),
	responseContentType: maybe(fc.constantFrom('application/json', 'application/vnd.kubernetes.protobuf')),
	requestSize: maybe(size),
	responseSize: maybe(size),
	requestBody: maybe(fc.constantFrom(1, 2, 100_000)),
	responseBody: maybe(fc.constantFrom(1, 2, 100_000)),
	hx: maybe(hex),
	hm: maybe(hex),
	changed: maybe(changedPaths),
	flags: fc.subarray([...operationFlags]),
	hash: maybe(fc.constantFrom('00112233445566778899aabbccddeeff', 'short')),
});

/** Any operation, of every kind, with every field missing now and then. */
export const operation: fc.Arbitrary<Omit<Operation, 'sequence'>> = fc.tuple(identity, actors, outcome)
	.map(([what, who, {took, sent, started, flags, ...rest}]) => ({
		...what,
		...who,
		...rest,
		endedAt: took === undefined ? undefined : rest.arrivedAt + took,
		sentAt: sent === undefined ? undefined : rest.arrivedAt + sent,
		responseStartedAt: started === undefined ? undefined : rest.arrivedAt + started,
		flags: new Set(flags),
		hasHeaders: false,
	}));

/** Operations of a session, numbered from 1. */
export const operations = (maxLength: number): fc.Arbitrary<readonly Operation[]> =>
	fc.array(operation, {minLength: 1, maxLength}).map(list => list.map((one, index) => ({...one, sequence: index + 1})));

const textValue = fc.constantFrom(...words, ...uuids, ...odd, 'get', 'list', 'request', 'Conflict', 'manager', 'complete', 'pods', 'default', '/api', 'watch', 'af8c-40c0', 'eb');
const leaf: fc.Arbitrary<Filter> = fc.oneof(
	fc.record({
		type: fc.constant('text' as const), column: fc.constantFrom(...textColumns), test: fc.constantFrom('equals', 'contains', 'startsWith', 'endsWith'), value: textValue,
	}),
	fc.record({type: fc.constant('textIn' as const), column: fc.constantFrom(...textColumns), values: fc.array(textValue, {maxLength: 3})}),
	fc.record({
		type: fc.constant('number' as const), column: fc.constantFrom(...numberColumns), test: fc.constantFrom('==', '<', '<=', '>', '>='),
		value: fc.constantFrom(-1, 0, 1, 2, 200, 404, 1146, 0.5, 1_000_000_000, -0, 1e18),
	}),
	fc.record({type: fc.constant('flag' as const), flag: fc.constantFrom(...operationFlags)}),
	fc.constant({type: 'error' as const}),
	fc.record({
		type: fc.constant('place' as const), group: word, resource: fc.constantFrom('', 'pods', 'web'), namespace: word, name: word,
	}),
	fc.tuple(word, fc.constantFrom('', 'pods', 'web'), word, word).map(([group, resource, namespace, name]): Filter => ({
		type: 'all',
		filters: Object.entries({
			group, resource, namespace, name,
		}).map(([column, value]) => ({
			type: 'text', column: column as 'name', test: 'equals', value,
		})),
	})),
);

/** Any filter, nested a few levels. */
export const {filter} = fc.letrec<{filter: Filter; parts: Filter[]}>(tie => ({
	parts: fc.array(tie('filter'), {maxLength: 3}),
	filter: fc.oneof(
		{maxDepth: 3, withCrossShrink: true},
		leaf,
		fc.record({type: fc.constantFrom('all' as const, 'any' as const), filters: tie('parts')}),
		fc.record({type: fc.constant('not' as const), filter: tie('filter')}),
	),
}));

const headerText = fc.constantFrom('', 'application/json', '1146', 'no-cache, private', 'Mon, 23 Nov 2026 08:57:24 GMT', 'Mon, 23 Nov 2026 08:57:99 GMT', 'ä "quoted"', uuids[2]);

const headerName = fc.constantFrom('Audit-Id', 'Content-Length', 'Date', 'date', 'X-A', 'X-A');
const anyText = fc.oneof(headerText, fc.string());

export const headerLines: fc.Arbitrary<HeaderLines> = fc.array(fc.tuple(headerName, anyText), {maxLength: 6});

/** A session as it is created. */
export const sessionWith = (fields: Partial<Session> = {}): Session => ({
	id: 's1',
	source: 'har',
	startedAt: Date.UTC(2026, 10, 23, 8, 57, 24) + 0.25,
	origin: 'capture.har',
	capabilities: ['headers', 'watchEvents'],
	redacted: true,
	parent: undefined,
	gaps: [],
	open: true,
	operations: 0,
	requests: 0,
	events: 0,
	durationNs: 0n,
	facts: {},
	...fields,
});

/** A plain request; tests change what they are about. */
export const operationWith = (fields: Partial<Operation> & {readonly sequence: number}): Operation => ({
	kind: 'request',
	verb: 'get',
	process: 'manager/v1',
	actor: 'manager',
	arrivedAt: BigInt(fields.sequence) * 1_000_000n,
	hasHeaders: false,
	flags: new Set(),
	...fields,
});

/** A whole version of `default/web`; tests change what they are about. */
export const versionWith = (fields: Partial<Omit<ObjectVersion, 'key'>> & {readonly number: number; readonly step: number; readonly key?: Partial<ObjectVersion['key']>}): ObjectVersion => ({
	kind: 'whole',
	apiVersion: 'apps/v1',
	objectKind: 'Deployment',
	resourceVersion: String(1000 + fields.number),
	storageEpoch: 1,
	body: fields.number,
	redacted: false,
	...fields,
	key: {
		group: 'apps', resource: 'deployments', namespace: 'default', name: 'web', uid: '18d5aa20-af8c-40c0-b07b-1c9cfaea64eb', ...fields.key,
	},
});
