import {Buffer} from 'node:buffer';
import {parseRequestInfo} from '../kubernetes/request-info.js';
import {firstValue, parseQuery} from '../kubernetes/query-parameters.js';
import type {EndKind, HeaderLines} from '../model/operation.js';
import type {HarEntry, HarText} from './har-entry.js';
import {splitWatch, type WatchOutcome} from './har-watch.js';
import type {ReadContext} from './read-context.js';
import {millisecond} from './session-clock.js';
import type {StagedEnd, StagedRequest} from './staged-meta.js';
import {recordKinds, type StagedChunk} from './staging.js';

/** A longer body made of chunks is cut; ingest keeps no more of any. */
const maximumJoinedBytes = 64 * 1024 * 1024;
/** A watch this much shorter than its timeoutSeconds was not ended by them, ms. */
const timeoutSlack = 250;

/** An entry with its place in the session. */
export type PlacedEntry = {
	readonly entry: HarEntry;
	/** Path and query as the apiserver saw them. */
	readonly url: string;
	readonly stream: number;
	/** Ns since the clock's base. */
	readonly start: number;
	/** The file ends, or the next entry begins, in the middle of it. */
	readonly isCut: boolean;
};

export type EntryOutcome = {
	/** Undefined: it is no watch, or was refused. */
	readonly watch: WatchOutcome | undefined;
	readonly isAborted: boolean;
};

const toBytes = (body: HarText | undefined): Uint8Array | undefined =>
	body === undefined || body.text === '' ? undefined : Buffer.from(body.text, body.isBase64 ? 'base64' : 'utf8');

export const headerOf = (lines: HeaderLines, name: string): string | undefined => {
	const line = lines.find(([candidate]) => candidate.toLowerCase() === name);
	return line === undefined ? undefined : line[1];
};

const isWatchRequest = (method: string, url: string): boolean => {
	const info = parseRequestInfo(method, url);
	return info.isResource && info.verb === 'watch';
};

const timeoutOf = (url: string): number => {
	const question = url.indexOf('?');
	const seconds = question === -1 ? undefined : firstValue(parseQuery(url.slice(question + 1)), 'timeoutSeconds');
	return seconds === undefined || !/^\d{1,9}$/v.test(seconds) ? Infinity : Number(seconds) * 1000;
};

const abortPattern = /abort|cancel/iv;

const endOf = ({entry, url, isCut}: PlacedEntry, isStream: boolean): EndKind => {
	if (isCut) {
		return 'unknown';
	}

	if (entry.error !== undefined && entry.error !== '') {
		return abortPattern.test(entry.error) ? 'client-abort' : 'transport-error';
	}

	if (entry.status === undefined) {
		return 'transport-error';
	}

	return isStream && (entry.duration ?? 0) >= timeoutOf(url) - timeoutSlack ? 'server-timeout' : 'complete';
};

/** Chunks of an answer that is no stream of events: its body came in pieces. */
const joinChunks = (context: ReadContext): {readonly bytes: Uint8Array | undefined; readonly isTruncated: boolean} => {
	const {staging} = context;
	const parts: Uint8Array[] = [];
	let size = 0;
	for (let index = 0; index < staging.chunks.count && size < maximumJoinedBytes; index++) {
		const {bytes} = staging.chunks.at(index);
		parts.push(bytes.subarray(0, maximumJoinedBytes - size));
		size += bytes.length;
	}

	return {bytes: size === 0 ? undefined : Buffer.concat(parts), isTruncated: size > maximumJoinedBytes};
};

const addArrival = (context: ReadContext, placed: PlacedEntry, uncertainty: number | undefined): void => {
	const {entry, url, stream, start} = placed;
	const meta: StagedRequest = {
		method: entry.method, url, headers: entry.requestHeaders, connection: entry.connection, uncertainty,
	};
	context.staging.records.add({
		time: start, kind: recordKinds.arrive, stream, meta: JSON.stringify(meta), body: toBytes(entry.requestBody),
	});
};

type Ending = {readonly at: number; readonly end: EndKind; readonly body: Uint8Array | undefined; readonly isTruncated: boolean};

const addEnd = (context: ReadContext, placed: PlacedEntry, ending: Ending): void => {
	const {entry, stream, start} = placed;
	const {sent, responseStarted} = entry.timings;
	const meta: StagedEnd = {
		sent: sent === undefined ? undefined : Math.min(start + Math.round(sent * millisecond), ending.at) - ending.at,
		responseStarted: responseStarted === undefined || entry.status === undefined
			? undefined
			: Math.min(start + Math.round(responseStarted * millisecond), ending.at) - ending.at,
		status: entry.status,
		headers: entry.responseHeaders,
		bodyTruncated: ending.isTruncated ? true : undefined,
		end: ending.end,
	};
	context.staging.records.add({
		time: ending.at, kind: recordKinds.end, stream, meta: JSON.stringify(meta), body: ending.body,
	});
};

/** The plain HAR of a browser or of mitmproxy has a watch's body in one piece: it is known to have come by the end. */
const wholeBodyChunk = (entry: HarEntry): StagedChunk | undefined => {
	const bytes = toBytes(entry.responseBody);
	return bytes === undefined ? undefined : {time: entry.duration ?? 0, bytes};
};

const addEvents = async (context: ReadContext, placed: PlacedEntry, onLast: (time: number) => void): Promise<WatchOutcome> => {
	const {staging} = context;
	const {entry, stream, start} = placed;
	const whole = staging.chunks.count === 0 ? wholeBodyChunk(entry) : undefined;
	let last = start;
	return splitWatch({
		contentType: headerOf(entry.responseHeaders, 'content-type'),
		contentEncoding: headerOf(entry.responseHeaders, 'content-encoding'),
		count: whole === undefined ? staging.chunks.count : 1,
		chunkAt: index => whole ?? staging.chunks.at(index),
		onFrame(frame, time) {
			// Events come one after the other, whatever the file says.
			last = Math.max(last, start + Math.round(time * millisecond));
			onLast(last);
			staging.records.add({
				time: last, kind: frame.wholeFrame ? recordKinds.frameEvent : recordKinds.event, stream, meta: frame.type, body: frame.object,
			});
		},
	});
};

/** Stages all that happened in an entry. Only a watch answered with 200 has events; of any other, chunks are its body. */
export const stageEntry = async (context: ReadContext, placed: PlacedEntry): Promise<EntryOutcome> => {
	const {entry, url, start, isCut} = placed;
	const {staging} = context;
	const isStream = entry.status === 200 && isWatchRequest(entry.method, url);
	const duration = Math.round(Math.max(0, entry.duration ?? 0) * millisecond);
	const isInOnePiece = isStream && staging.chunks.count === 0 && entry.responseBody !== undefined;
	const precision = entry.offset === undefined ? entry.started?.precision ?? millisecond : 0;
	const uncertainty = Math.max(precision, isInOnePiece ? duration : 0);
	addArrival(context, placed, uncertainty === 0 ? undefined : uncertainty);

	let last = start;
	const watch = isStream
		? await addEvents(context, placed, time => {
			last = time;
		})
		: undefined;
	const hasBody = !isStream && staging.chunks.count === 0;
	const joined = isStream || hasBody ? undefined : joinChunks(context);
	const end = endOf(placed, isStream);
	addEnd(context, placed, {
		at: Math.max(last, start + duration),
		end,
		body: hasBody ? toBytes(entry.responseBody) : joined?.bytes,
		isTruncated: isCut || joined?.isTruncated === true,
	});
	return {watch, isAborted: end === 'client-abort'};
};
