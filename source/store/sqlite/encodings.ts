import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';

/*
How single values are kept small in columns: ids that are hexadecimal by nature as bytes, resource versions as integers. Whatever does not have the usual form is kept so
that it comes back exactly: the type of the stored value tells which it is.
*/

const uuidPattern = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/v;
const hexPattern = /^[\da-f]+$/v;
const decimalPattern = /^(?:0|[1-9]\d{0,14})$/v;

/** What a column gives or takes. */
export type Column = null | number | bigint | string | Uint8Array; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQLite's NULL

export const encodeUuid = (text: string): string | Uint8Array => (uuidPattern.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : text);

/** An id as text: that of bytes as their digits, another after a `=`. */
export const uuidSql = (column: string): string => `CASE typeof(${column}) WHEN 'blob' THEN lower(hex(${column})) ELSE '=' || ${column} END`;

/** Undoes `encodeUuid`, from what `uuidSql` gives. */
export const decodeUuid = (text: string): string => {
	if (text.startsWith('=')) {
		return text.slice(1);
	}

	assert.equal(text.length, 32, 'a UUID has 16 bytes');
	return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
};

/** Text of exactly `digits` hexadecimal digits as bytes. */
export const encodeHex = (text: string | undefined, digits: number): Column => {
	if (text === undefined) {
		return null;
	}

	return text.length === digits && hexPattern.test(text) ? Buffer.from(text, 'hex') : text;
};

/** Undoes `encodeHex`: what is kept as it is, is not of that form. */
export const hexSql = (column: string): string => `CASE typeof(${column}) WHEN 'blob' THEN lower(hex(${column})) ELSE ${column} END`;

/** A resource version: decimal as integer; anything else as the bytes of its text, for an integer column would change text that looks like a number. */
export const encodeVersion = (text: string | undefined): Column => {
	if (text === undefined) {
		return null;
	}

	return decimalPattern.test(text) ? Number(text) : Buffer.from(text, 'utf8');
};

/** A resource version as an integer, or as text where it is none. */
export const versionSql = (column: string): string => `CASE typeof(${column}) WHEN 'blob' THEN CAST(${column} AS TEXT) ELSE ${column} END`;

/** Undoes `encodeVersion`, from what `versionSql` gives. */
export const decodeVersion = (column: Column | undefined): string | undefined => (column === null || column === undefined ? undefined : String(column));

/** A column that may be missing. */
export const optionalText = (column: Column | undefined): string | undefined => (typeof column === 'string' ? column : undefined);
export const optionalNumber = (column: Column | undefined): number | undefined => (typeof column === 'number' ? column : undefined);
