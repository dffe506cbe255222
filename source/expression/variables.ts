import {operationFlags, type OperationFlag} from '../model/operation.js';
import type {ExpressionBodies} from './compile-expression.js';
import {textColumns, type NumberColumn, type TextColumn} from './filter.js';

/** CEL types of variables, as the CEL library names them. */
export type VariableType = 'string' | 'int' | 'double' | 'bool' | 'list<string>' | 'google.protobuf.Duration' | 'dyn';

/**
Where a variable comes from. Columns are answered by the store; `row` needs the operation, `body` a decoded body. A `scaled` number is the column,
in ns, divided by `unit`.
*/
export type VariableSource =
	| {readonly from: 'text'; readonly column: TextColumn}
	| {readonly from: 'number'; readonly column: NumberColumn}
	| {readonly from: 'scaled'; readonly column: NumberColumn; readonly unit: number}
	| {readonly from: 'duration'; readonly column: NumberColumn}
	| {readonly from: 'flag'; readonly flag: OperationFlag}
	| {readonly from: 'error'}
	| {readonly from: 'row'; readonly field: 'changed' | 'hx' | 'hm'}
	| {readonly from: 'body'; readonly body: keyof ExpressionBodies};

export type Variable = {
	readonly name: string;
	readonly type: VariableType;
	readonly source: VariableSource;
	readonly help: string;
	readonly example: string;
};

type Words = readonly [help: string, example: string];

const nanosecondsPerMillisecond = 1_000_000;
const nanosecondsPerSecond = 1_000_000_000;

const texts: Readonly<Record<TextColumn, Words>> = {
	kind: ['"request", or "event" for a watch event the operator was told', 'kind == "event"'],
	verb: ['get, list, watch, create, update, patch, delete, deletecollection; of an event ADDED, MODIFIED, DELETED, BOOKMARK, ERROR', 'verb in ["create", "update", "patch"]'],
	group: ['API group; "" is the core group', 'group == "apps"'],
	version: ['API version', 'version == "v1"'],
	resource: ['resource, plural', 'resource == "deployments"'],
	subresource: ['subresource, or ""', 'subresource == "status"'],
	namespace: ['namespace; "" for cluster scope and for requests across all', 'namespace == "default"'],
	name: ['name of the object, or "" for a collection', 'name.startsWith("web-")'],
	objectKind: ['kind of the object', 'objectKind == "Deployment"'],
	uid: ['uid of the object', 'uid == "2f9c…"'],
	path: ['URL path of what is not a resource', 'path == "/readyz"'],
	query: ['query string, without "?"', 'query.contains("labelSelector=")'],
	resourceVersionBefore: ['resourceVersion the request carried, or the event\'s object had before', 'resourceVersionBefore == "4711"'],
	resourceVersion: ['resourceVersion of the object in the response or event', 'resourceVersion == "4712"'],
	collectionResourceVersion: ['resourceVersion of a list or bookmark', 'collectionResourceVersion == "4712"'],
	controllerUid: ['uid of the object\'s controlling owner', 'controllerUid != ""'],
	process: ['user agent up to the first space', 'process.startsWith("manager/")'],
	actor: ['who in that process did it', 'actor == "foo-controller"'],
	userAgent: ['User-Agent header', 'userAgent.contains("kubectl")'],
	user: ['authenticated user, where the source knows it', 'user == "system:serviceaccount:default:foo"'],
	fieldManager: ['field manager of a write', 'fieldManager == "kubectl-client-side-apply"'],
	patchType: ['content type of a patch', 'patchType == "application/apply-patch+yaml"'],
	reason: ['reason of the Status', 'reason == "Conflict"'],
	message: ['message of the Status', 'message.contains("object has been modified")'],
	auditId: ['Audit-Id of the request', 'auditId != ""'],
	reconcile: ['id of the reconcile, where the operator marked it', 'reconcile == "8e1a…"'],
	connection: ['client connection', 'connection == "12"'],
	end: ['how the exchange ended: complete, client-abort, server-timeout, transport-error, unknown', 'end == "client-abort"'],
	requestContentType: ['Content-Type of the request', 'requestContentType.contains("protobuf")'],
	responseContentType: ['Content-Type of the response', 'responseContentType.contains("as=Table")'],
};

const numbers: ReadonlyArray<readonly [name: string, column: NumberColumn, ...words: Words]> = [
	['sequence', 'sequence', 'step of the operation in its session, from 1', 'sequence > 500'],
	['step', 'sequence', 'the same as sequence', 'step <= 100'],
	['status', 'status', 'HTTP status; -1 for events and where no answer came', 'status == 409'],
	['generation', 'generation', 'metadata.generation of the object, or -1', 'generation > 1'],
	['epoch', 'epoch', 'which life of the process, from 1; -1 where unknown', 'epoch == 2'],
	['stream', 'stream', 'an event\'s watch request, by step; -1 for requests', 'stream == 17'],
	['cause', 'cause', 'the write whose version an event carries, by step; -1 where there is none', 'cause > 0'],
	['requestSize', 'requestSize', 'bytes of the request body, or -1', 'requestSize > 100000'],
	['responseSize', 'responseSize', 'bytes of the response body, or -1', 'responseSize > 1000000'],
];

const flags: Readonly<Record<OperationFlag, string>> = {
	redacted: 'a secret value was replaced by a token',
	truncated: 'a body was cut',
	synthetic: 'not on the wire: reconstructed',
	noise: 'leases, events, discovery, reviews, health',
	dryRun: 'nothing was stored',
	force: 'a forced server-side apply',
	initialEventsEnd: 'the bookmark that ends initial events',
	listComplete: 'a list that is whole, or its last page',
	noop: 'a write that changed nothing',
	wholeFrame: 'an event that was not framed as kube-apiserver does',
	undecodable: 'a body that could not be decoded',
};

const bodies: Readonly<Record<keyof ExpressionBodies, Words>> = {
	object: ['the object in the response or event', 'object.spec.replicas == 3'],
	before: ['the object before this step, or null', 'before != null && before.spec.replicas != after.spec.replicas'],
	after: ['the object after this step, or null', 'after == null'],
	request: ['the request body, or null', 'has(request.spec)'],
};

const times: readonly Variable[] = [
	{
		name: 'time', type: 'double', source: {from: 'scaled', column: 'arrivedAt', unit: nanosecondsPerSecond},
		help: 'seconds since the session began', example: 'time > 12.5',
	},
	{
		name: 'duration', type: 'google.protobuf.Duration', source: {from: 'duration', column: 'duration'},
		help: 'how long the request took; below zero where it has not ended', example: 'duration > duration("1s")',
	},
	{
		name: 'durationMs', type: 'double', source: {from: 'scaled', column: 'duration', unit: nanosecondsPerMillisecond},
		help: 'the same in milliseconds', example: 'durationMs >= 250.0',
	},
];

const rows: readonly Variable[] = [
	{
		name: 'error', type: 'bool', source: {from: 'error'}, help: 'status 400 and above, an ERROR event, or a broken exchange', example: 'error && verb != "watch"',
	},
	{
		name: 'changed', type: 'list<string>', source: {from: 'row', field: 'changed'},
		help: 'field paths this operation changed', example: 'changed.exists(path, path.startsWith("spec."))',
	},
	{
		name: 'hx', type: 'string', source: {from: 'row', field: 'hx'}, help: 'hash of the object\'s content', example: 'hx == "0123456789abcdef"',
	},
	{
		name: 'hm', type: 'string', source: {from: 'row', field: 'hm'}, help: 'hash of the object\'s content without timestamps and the like', example: 'hm != hx',
	},
];

/** Every variable of the expression language: documentation, completion, type checking and evaluation all come from this table. */
export const variables: readonly Variable[] = [
	...textColumns.map((column): Variable => ({
		name: column, type: 'string', source: {from: 'text', column}, help: texts[column][0], example: texts[column][1],
	})),
	...numbers.map(([name, column, help, example]): Variable => ({
		name, type: 'int', source: {from: 'number', column}, help, example,
	})),
	...times,
	...rows,
	...operationFlags.map((flag): Variable => ({
		name: flag, type: 'bool', source: {from: 'flag', flag}, help: flags[flag], example: `!${flag}`,
	})),
	...(['object', 'before', 'after', 'request'] as const).map((body): Variable => ({
		name: body, type: 'dyn', source: {from: 'body', body}, help: bodies[body][0], example: bodies[body][1],
	})),
];
