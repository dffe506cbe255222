import {Buffer} from 'node:buffer';
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import type {ArrivedRequest, DeliveredEvent, EndedResponse} from '../../source/ingest/input.js';
import type {IngestSession} from '../../source/ingest/ingest-session.js';
import {createWatchFrameSplitter} from '../../source/kubernetes/watch-frames.js';
import type {HeaderLines} from '../../source/model/operation.js';

/*
Feeds a capture's HAR to ingest in the order things happened: for the tests of ingest, which must not depend on the importer. It trusts its input.
*/

type HarText = {readonly text?: string; readonly encoding?: string; readonly _encoding?: string};
type HarHeader = {readonly name: string; readonly value: string};
export type HarEntry = {
	readonly _offset: number; readonly time: number; readonly connection?: string; readonly _error?: string;
	readonly request: {readonly method: string; readonly url: string; readonly headers: readonly HarHeader[]; readonly postData?: HarText};
	readonly response: {
		readonly status: number; readonly headers: readonly HarHeader[];
		readonly content: HarText & {readonly mimeType?: string; readonly _chunks?: ReadonlyArray<HarText & {readonly time: number}>};
	};
};

/** One thing that happened: to entry `entry`, at `at` ns. */
export type Happening = {readonly at: bigint; readonly entry: number} & (
	| {readonly type: 'arrive'; readonly request: ArrivedRequest}
	| {readonly type: 'deliver'; readonly event: DeliveredEvent}
	| {readonly type: 'end'; readonly response: EndedResponse}
);

const nanosecondsPerMillisecond = 1e6;
const toNanoseconds = (milliseconds: number): bigint => BigInt(Math.round(milliseconds * nanosecondsPerMillisecond));

const toBytes = (text: HarText | undefined): Uint8Array | undefined =>
	text?.text === undefined ? undefined : Buffer.from(text.text, (text.encoding ?? text._encoding) === 'base64' ? 'base64' : 'utf8');

const toLines = (headers: readonly HarHeader[]): HeaderLines => headers.map(({name, value}) => [name, value]);

export const readHar = (path: string): readonly HarEntry[] =>
	(JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as {log: {entries: HarEntry[]}}).log.entries;

const eventsOf = (entry: HarEntry, index: number): readonly Happening[] => {
	const chunks = entry.response.content._chunks;
	if (chunks === undefined || entry.response.status !== 200) {
		return [];
	}

	const contentType = entry.response.headers.find(header => header.name.toLowerCase() === 'content-type')?.value;
	const splitter = createWatchFrameSplitter(contentType);
	return chunks.flatMap(chunk => splitter.push(toBytes(chunk) ?? new Uint8Array()).map(frame => {
		const at = toNanoseconds(entry._offset + chunk.time);
		return {
			type: 'deliver' as const, at, entry: index, event: {...frame, at},
		};
	}));
};

const happeningsOf = (entry: HarEntry, index: number): readonly Happening[] => {
	const arrivedAt = toNanoseconds(entry._offset);
	const endedAt = toNanoseconds(entry._offset + entry.time);
	const url = new URL(entry.request.url);
	return [
		{
			type: 'arrive', at: arrivedAt, entry: index, request: {
				at: arrivedAt,
				method: entry.request.method,
				url: `${url.pathname}${url.search}`,
				headers: toLines(entry.request.headers),
				body: toBytes(entry.request.postData),
				connection: entry.connection,
			},
		},
		...eventsOf(entry, index),
		{
			type: 'end', at: endedAt, entry: index, response: {
				at: endedAt,
				status: entry.response.status === 0 ? undefined : entry.response.status,
				headers: toLines(entry.response.headers),
				body: entry.response.content._chunks === undefined ? toBytes(entry.response.content) : undefined,
				end: entry._error === 'client_abort' ? 'client-abort' : 'complete',
			},
		},
	];
};

/** Everything that happened in a capture, in order of time; ties in order of entries. */
export const happenings = (entries: readonly HarEntry[]): readonly Happening[] =>
	entries.flatMap((entry, index) => happeningsOf(entry, index))
		.toSorted((left, right) => left.at === right.at ? left.entry - right.entry : Number(left.at - right.at));

export type FedCapture = {
	/** Step of each entry's request. */
	readonly steps: ReadonlyMap<number, number>;
};

/** Feeds what happened; drains whenever ingest asks for it. */
export const feed = async (ingest: IngestSession, all: Iterable<Happening>): Promise<FedCapture> => {
	const steps = new Map<number, number>();
	for (const happening of all) {
		if (happening.type === 'arrive') {
			steps.set(happening.entry, ingest.arrive(happening.request));
		} else if (happening.type === 'deliver') {
			ingest.deliver(steps.get(happening.entry) ?? 0, happening.event);
		} else {
			ingest.end(steps.get(happening.entry) ?? 0, happening.response);
		}

		if (ingest.needsDrain) {
			await ingest.drain();
		}
	}

	return {steps};
};
