import {
	type Column,
	hexSql,
	uuidSql,
	versionSql,
} from './encodings.js';

/** Columns of `operations`, in the order in which rows are encoded. */
export const operationColumns = [
	'id',
	'shape',
	'error',
	'place',
	'state',
	'version_before',
	'arrived',
	'duration',
	'timing',
	'request_size',
	'response_size',
	'request_body',
	'response_body',
	'stream',
	'cause',
	'query',
	'message',
	'connection',
	'changed',
	'headers',
	'header_values',
	'audit_id',
	'detail',
	'hash',
] as const;

/** Beyond it, integers are read as text, so that no digit is lost. */
const exactly = (column: string): string => `CASE WHEN abs(${column}) > ${Number.MAX_SAFE_INTEGER} THEN CAST(${column} AS TEXT) ELSE ${column} END`;

/** What is read of an operation, its place and its state, in this order: texts rather than bytes, for those are much slower to hand over. */
const selected = {
	id: 'o.id',
	shape: 'o.shape',
	/** Whether the rows it names are there. */
	isWhole: '(o.place IS p.id) + (o.state IS s.id)',
	scope: 'p.scope',
	name: 'p.name',
	uid: uuidSql('x.uid'),
	version: versionSql('s.resource_version'),
	generation: 's.generation',
	controller: 's.controller',
	hx: hexSql('s.hx'),
	hm: hexSql('s.hm'),
	versionBefore: versionSql('o.version_before'),
	arrived: exactly('o.arrived'),
	duration: exactly('o.duration'),
	timing: 'o.timing',
	requestSize: 'o.request_size',
	responseSize: 'o.response_size',
	requestBody: 'o.request_body',
	responseBody: 'o.response_body',
	stream: 'o.stream',
	cause: 'o.cause',
	query: 'o.query',
	message: 'o.message',
	connection: 'o.connection',
	changed: 'o.changed',
	headers: 'o.headers',
	auditId: uuidSql('o.audit_id'),
	detail: 'o.detail',
	hash: hexSql('o.hash'),
} as const;

export type SelectedColumn = keyof typeof selected;

const names = Object.keys(selected) as readonly SelectedColumn[];

/** What `decodeOperation` reads, of `operations o` and `operationJoins`. */
export const selectedColumns = names.map(name => selected[name]).join(', ');
export const selectedCount = names.length;

/** Where each column stands in a row. */
export const position: Readonly<Record<SelectedColumn, number>> = Object.fromEntries(names.map((name, index) => [name, index])) as Record<SelectedColumn, number>;

export const operationJoins = 'LEFT JOIN states s ON s.id = o.state LEFT JOIN objects x ON x.id = s.object LEFT JOIN places p ON p.id = o.place';

/** A row of those columns. */
export type OperationRow = readonly Column[];
