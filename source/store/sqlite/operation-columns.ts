import type {Column} from './encodings.js';

/** Columns of `operations`, in the order in which rows are encoded and decoded. */
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

/** What `decodeOperation` reads, of a table called `o`. */
export const selectedColumns = operationColumns.map(column => (column === 'arrived' || column === 'duration' ? exactly(`o.${column}`) : `o.${column}`)).join(', ');

/** A row of those columns. */
export type OperationRow = readonly Column[];
