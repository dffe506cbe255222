import {Buffer} from 'node:buffer';
import {createReadStream, readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {createGunzip, gunzipSync} from 'node:zlib';
import {capturePath} from '../support/captures.js';

/** One request of a capture, with its bodies as the bytes that came over the wire, content-encoding undone. */
export type Exchange = {
	readonly method: string;
	readonly url: string;
	readonly requestType: string | undefined;
	readonly responseType: string | undefined;
	readonly status: number;
	readonly auditId: string | undefined;
	readonly requestBody: Uint8Array | undefined;
	/** Undefined for a watch. */
	readonly responseBody: Uint8Array | undefined;
	/** A watch's reads, in order. */
	readonly chunks: readonly Uint8Array[] | undefined;
};

type Text = {readonly text?: string; readonly encoding?: string; readonly _encoding?: string; readonly _chunks?: readonly Text[]};
type Headers = ReadonlyArray<{readonly name: string; readonly value: string}>;
type Entry = {
	readonly request: {readonly method: string; readonly url: string; readonly headers: Headers; readonly postData?: Text};
	readonly response: {readonly status: number; readonly headers: Headers; readonly content: Text};
};

export const captureNames = [
	'sample-controller',
	'sample-controller-again',
	'sample-controller-changed',
	'kubectl-session',
	'hot-loops',
	'conflicts-and-lost-updates',
	'stale-cache-duplicates',
	'must-gather-operator',
	'protocol-tour',
] as const;

const header = (headers: Headers, name: string): string | undefined => headers.find(line => line.name.toLowerCase() === name)?.value;

const bytesOf = ({text, encoding, _encoding}: Text, headers: Headers): Uint8Array | undefined => {
	if (text === undefined || text === '') {
		return undefined;
	}

	const bytes = Buffer.from(text, (encoding ?? _encoding) === 'base64' ? 'base64' : 'utf8');
	return header(headers, 'content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes;
};

const toExchange = ({request, response}: Entry): Exchange => {
	const {_chunks: chunks} = response.content;
	return {
		method: request.method,
		url: request.url.replace(/^http:\/\/[^\/]*/v, ''),
		requestType: header(request.headers, 'content-type'),
		responseType: header(response.headers, 'content-type'),
		status: response.status,
		auditId: header(response.headers, 'audit-id'),
		requestBody: request.postData === undefined ? undefined : bytesOf(request.postData, request.headers),
		responseBody: chunks === undefined ? bytesOf(response.content, response.headers) : undefined,
		chunks: chunks?.map(({text = '', encoding}) => Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8')),
	};
};

/** A whole capture; undefined where it is absent. Not for `large`. */
export const readCapture = (name: string): readonly Exchange[] | undefined => {
	const path = capturePath(`${name}.har.gz`);
	if (path === undefined) {
		return undefined;
	}

	const har = JSON.parse(gunzipSync(readFileSync(path)).toString()) as {log: {entries: readonly Entry[]}};
	return har.log.entries.map(entry => toExchange(entry));
};

/** Every exchange of the captures that are here. */
export const readCaptures = (): ReadonlyArray<{readonly name: string; readonly exchanges: readonly Exchange[]}> =>
	captureNames.map(name => ({name, exchanges: readCapture(name) ?? []})).filter(({exchanges}) => exchanges.length > 0);

/** All of them in one row, each with its capture's name. */
export const everyExchange = (): ReadonlyArray<{readonly name: string; readonly exchange: Exchange}> =>
	readCaptures().flatMap(({name, exchanges}) => exchanges.map(exchange => ({name, exchange})));

/** A capture entry by entry, in constant memory. */
export async function * streamCapture(path: string): AsyncIterable<Exchange> {
	const lines = createInterface({input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity});
	for await (const line of lines) {
		if (line.startsWith('{"startedDateTime"')) {
			yield toExchange(JSON.parse(line.replace(/,$/v, '')) as Entry);
		}
	}
}

export type AuditEvent = {readonly responseObject?: unknown; readonly verb?: string; readonly objectRef?: Readonly<Partial<Record<string, string>>>};

/** Audit events of a capture by audit id. */
export const readAudit = (name: string): ReadonlyMap<string, AuditEvent> => {
	const path = capturePath(`${name}.audit.jsonl.gz`);
	const lines = path === undefined ? [] : gunzipSync(readFileSync(path)).toString().split('\n').filter(line => line !== '');
	return new Map(lines.map(line => {
		const event = JSON.parse(line) as AuditEvent & {auditID: string};
		return [event.auditID, event];
	}));
};

/** The audit logs of all captures. */
export const readAudits = (): ReadonlyMap<string, AuditEvent> => new Map(captureNames.flatMap(name => [...readAudit(name)]));

/** A number that looks random and never changes: the same test, the same cuts. */
export const createRandom = (seed: number): (() => number) => {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) % 4_294_967_296;
		return ((state % 1_000_003) + 1_000_003) % 1_000_003 / 1_000_003;
	};
};
