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

export const decodeUuid = (column: Column): string => {
	if (!(column instanceof Uint8Array)) {
		assert.ok(typeof column === 'string', 'an id is text or bytes');
		return column;
	}

	assert.equal(column.length, 16, 'a UUID has 16 bytes');
	const hex = Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** Text of exactly `digits` hexadecimal digits as bytes. */
export const encodeHex = (text: string | undefined, digits: number): Column => {
	if (text === undefined) {
		return null;
	}

	return text.length === digits && hexPattern.test(text) ? Buffer.from(text, 'hex') : text;
};

export const decodeHex = (column: Column): string | undefined => {
	if (column === null) {
		return undefined;
	}

	return column instanceof Uint8Array ? Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('hex') : String(column);
};

/** A resource version: decimal as integer; anything else as the bytes of its text, for an integer column would change text that looks like a number. */
export const encodeVersion = (text: string | undefined): Column => {
	if (text === undefined) {
		return null;
	}

	return decimalPattern.test(text) ? Number(text) : Buffer.from(text, 'utf8');
};

export const decodeVersion = (column: Column): string | undefined => {
	if (column === null) {
		return undefined;
	}

	return column instanceof Uint8Array ? Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('utf8') : String(column);
};
