import type {OperationFlag} from '../model/operation.js';

/** Columns a backend can compare in place. `object` is not one: a place is asked for through its four parts. */
export const textColumns = [
	'kind',
	'verb',
	'group',
	'version',
	'resource',
	'subresource',
	'namespace',
	'name',
	'objectKind',
	'uid',
	'path',
	'query',
	'resourceVersionBefore',
	'resourceVersion',
	'collectionResourceVersion',
	'controllerUid',
	'process',
	'actor',
	'userAgent',
	'user',
	'fieldManager',
	'patchType',
	'reason',
	'message',
	'auditId',
	'reconcile',
	'connection',
	'end',
	'requestContentType',
	'responseContentType',
] as const;
export type TextColumn = typeof textColumns[number];

/** Numbers. Times are ns since the session's start; `duration` is endedAt − arrivedAt. */
export const numberColumns = [
	'sequence', 'status', 'generation', 'epoch', 'stream', 'cause', 'arrivedAt', 'endedAt', 'duration', 'requestSize', 'responseSize',
] as const;
export type NumberColumn = typeof numberColumns[number];

/**
A condition a backend can answer from columns. A missing text column compares as '', a missing number as −1, so that
`equals` and its negation are exact complements. `contains`, `startsWith`, `endsWith` are case-sensitive.
*/
export type Filter =
	| {readonly type: 'all'; readonly filters: readonly Filter[]}
	| {readonly type: 'any'; readonly filters: readonly Filter[]}
	| {readonly type: 'not'; readonly filter: Filter}
	| {readonly type: 'text'; readonly column: TextColumn; readonly test: 'equals' | 'contains' | 'startsWith' | 'endsWith'; readonly value: string}
	| {readonly type: 'textIn'; readonly column: TextColumn; readonly values: readonly string[]}
	| {readonly type: 'number'; readonly column: NumberColumn; readonly test: '==' | '<' | '<=' | '>' | '>='; readonly value: number}
	| {readonly type: 'flag'; readonly flag: OperationFlag}
	| {readonly type: 'error'}
	/** The operation is about this object, or its list, at any incarnation. */
	| {readonly type: 'place'; readonly group: string; readonly resource: string; readonly namespace: string; readonly name: string};

export const matchEverything: Filter = {type: 'all', filters: []};
