import type {HeaderLines} from '../model/operation.js';
import {isJsonObject, type JsonObject} from '../model/json.js';
import {
	listOf,
	numberOf,
	objectOf,
	textOf,
} from './border.js';
import {parseWallTime, type WallTime} from './wall-time.js';

/** A body as a HAR holds it: text, or bytes as base64. */
export type HarText = {readonly text: string; readonly isBase64: boolean; readonly mimeType: string | undefined};

/** Milliseconds of the phases of an exchange; undefined: not known. */
export type HarTimings = {readonly sent: number | undefined; readonly responseStarted: number | undefined};

/** One exchange of a HAR, without the chunks of a watch. Times are ms. */
export type HarEntry = {
	readonly started: WallTime | undefined;
	/** Since the capture began. */
	readonly offset: number | undefined;
	/** Undefined: not known, or not a number. */
	readonly duration: number | undefined;
	readonly connection: string | undefined;
	readonly error: string | undefined;
	readonly method: string;
	readonly url: string;
	readonly requestHeaders: HeaderLines;
	readonly requestBody: HarText | undefined;
	/** Undefined: no answer. */
	readonly status: number | undefined;
	readonly responseHeaders: HeaderLines;
	readonly responseBody: HarText | undefined;
	/** The HAR says there was a body, and does not hold it. */
	readonly isBodyMissing: boolean;
	readonly timings: HarTimings;
};

/** A method of HTTP: a short word. */
const methodPattern = /^[a-z]{1,32}$/iv;

/** Longest a time may be, ms: 30 years. Beyond, it is nonsense. */
const maximumTime = 1e12;

const timeOf = (object: JsonObject, key: string): number | undefined => {
	const value = numberOf(object, key);
	return value === undefined || Math.abs(value) > maximumTime ? undefined : value;
};

const durationOf = (object: JsonObject, key: string): number => Math.max(0, timeOf(object, key) ?? 0);

const headersOf = (message: JsonObject): HeaderLines => {
	const lines: Array<readonly [string, string]> = [];
	for (const header of listOf(message, 'headers')) {
		const name = isJsonObject(header) ? textOf(header, 'name') : undefined;
		const value = isJsonObject(header) ? textOf(header, 'value') : undefined;
		// Pseudo-headers of HTTP/2 are the request line.
		if (name !== undefined && value !== undefined && name !== '' && !name.startsWith(':')) {
			lines.push([name, value]);
		}
	}

	return lines;
};

const unknownTypes: ReadonlySet<string> = new Set(['', 'x-unknown', 'application/x-unknown']);

const bodyOf = (content: JsonObject | undefined): HarText | undefined => {
	const text = content === undefined ? undefined : textOf(content, 'text');
	if (content === undefined || text === undefined) {
		return undefined;
	}

	const encoding = textOf(content, '_encoding') ?? textOf(content, 'encoding');
	const mimeType = textOf(content, 'mimeType');
	return {text, isBase64: encoding?.toLowerCase() === 'base64', mimeType: mimeType === undefined || unknownTypes.has(mimeType) ? undefined : mimeType};
};

const connectionOf = (entry: JsonObject): string | undefined => {
	const connection = textOf(entry, 'connection') ?? numberOf(entry, 'connection');
	return connection === undefined || connection === '' ? undefined : String(connection);
};

const statusOf = (response: JsonObject): number | undefined => {
	const status = numberOf(response, 'status');
	return status !== undefined && Number.isSafeInteger(status) && status >= 100 && status <= 999 ? status : undefined;
};

/** HAR 1.2: blocked, dns, connect (with ssl), send, wait, receive follow one another; -1 is a phase that was not. */
const timingsOf = (entry: JsonObject): HarTimings => {
	const timings = objectOf(entry, 'timings');
	if (timings === undefined || timeOf(timings, 'wait') === undefined) {
		return {sent: undefined, responseStarted: undefined};
	}

	const sent = durationOf(timings, 'blocked') + durationOf(timings, 'dns') + durationOf(timings, 'connect') + durationOf(timings, 'send');
	return {sent, responseStarted: sent + durationOf(timings, 'wait')};
};

const withType = (lines: HeaderLines, mimeType: string | undefined): HeaderLines =>
	mimeType === undefined || lines.some(([name]) => name.toLowerCase() === 'content-type') ? lines : [...lines, ['Content-Type', mimeType]];

/** Reads an entry; undefined: it holds no request. */
export const readHarEntry = (entry: JsonObject): HarEntry | undefined => {
	const request = objectOf(entry, 'request');
	const method = request === undefined ? undefined : textOf(request, 'method');
	const url = request === undefined ? undefined : textOf(request, 'url');
	if (request === undefined || method === undefined || url === undefined || !methodPattern.test(method)) {
		return undefined;
	}

	const response = objectOf(entry, 'response') ?? {};
	const content = objectOf(response, 'content');
	const requestBody = bodyOf(objectOf(request, 'postData'));
	const responseBody = bodyOf(content);
	const mimeType = content === undefined ? undefined : textOf(content, 'mimeType');
	return {
		started: parseWallTime(textOf(entry, 'startedDateTime')),
		offset: timeOf(entry, '_offset'),
		duration: timeOf(entry, 'time'),
		connection: connectionOf(entry),
		error: textOf(entry, '_error'),
		method: method.toUpperCase(),
		url,
		requestHeaders: withType(headersOf(request), requestBody?.mimeType),
		requestBody,
		status: statusOf(response),
		responseHeaders: withType(headersOf(response), mimeType === undefined || unknownTypes.has(mimeType) ? undefined : mimeType),
		responseBody,
		isBodyMissing: content !== undefined && responseBody === undefined && durationOf(content, 'size') > 0,
		timings: timingsOf(entry),
	};
};
