import {Buffer, isAscii} from 'node:buffer';
import {type JsonObject, type JsonValue, isJsonObject} from '../model/json.js';

/** A slice of JSON text as an object, or why it is none. */
export type ParsedSlice = {readonly value: JsonObject; readonly fault?: undefined} | {readonly value?: undefined; readonly fault: string};

/** Longest part of a syntax error that is shown. */
const maximumFault = 120;

/** Text of untrusted bytes for a message: one line, nothing a terminal obeys. */
export const plainLine = (text: string): string => text.replaceAll(/[\p{Control}\p{Format}\u{2028}\u{2029}]+/gv, ' ').trim();

export const sliceText = (bytes: Uint8Array): string => {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return isAscii(buffer) ? buffer.toString('latin1') : buffer.toString('utf8');
};

/** The splitter has bounded the slice's depth and length. */
export const parseSlice = (bytes: Uint8Array | string): ParsedSlice => {
	try {
		const value = JSON.parse(typeof bytes === 'string' ? bytes : sliceText(bytes)) as JsonValue;
		return isJsonObject(value) ? {value} : {fault: 'not a JSON object'};
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return {fault: `not JSON (${plainLine(reason).slice(0, maximumFault)})`};
	}
};
