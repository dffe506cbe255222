import {Buffer} from 'node:buffer';
import {Readable} from 'node:stream';
import type {ImportInput, ImportOptions} from '../../source/import/import-types.js';
import {type RecordedImport, type RecordingOptions, recordImport} from '../support/recording-ingest.js';

export type MadeChunk = {readonly time: number; readonly text: string; readonly encoding?: string};

export type MadeEntry = {
	readonly startedDateTime?: string;
	readonly _offset?: number;
	readonly time?: number;
	readonly connection?: string;
	readonly request: Record<string, unknown>;
	readonly response?: Record<string, unknown>;
	readonly [key: string]: unknown;
};

const base = Date.parse('2026-11-23T10:00:00.000Z');

/** A GET of a ConfigMap `offset` ms after the capture began. */
export const getEntry = (offset: number, name: string, more: Record<string, unknown> = {}): MadeEntry => ({
	startedDateTime: new Date(base + Math.floor(offset)).toISOString(),
	_offset: offset,
	time: 2.5,
	connection: '1',
	request: {
		method: 'GET', url: `http://127.0.0.1:8080/api/v1/namespaces/default/configmaps/${name}`, headers: [{name: 'User-Agent', value: 'made/v1 (linux)'}],
	},
	response: {
		status: 200, headers: [{name: 'Content-Type', value: 'application/json'}], content: {size: 2, mimeType: 'application/json', text: `{"kind":"ConfigMap","metadata":{"name":"${name}"}}\n`},
	},
	timings: {send: 0.5, wait: 1, receive: 1},
	...more,
});

export const eventLine = (type: string, name: string, version: number): string =>
	`{"type":"${type}","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"${name}","resourceVersion":"${version}"}}}\n`;

/** A watch of ConfigMaps whose bytes came in these chunks. */
export const watchEntry = (offset: number, chunks: readonly MadeChunk[], more: Record<string, unknown> = {}): MadeEntry => ({
	...getEntry(offset, 'unused'),
	time: 1000,
	request: {method: 'GET', url: 'http://127.0.0.1:8080/api/v1/configmaps?watch=true&timeoutSeconds=300', headers: [{name: 'User-Agent', value: 'made/v1 (linux)'}]},
	response: {
		status: 200, headers: [{name: 'Content-Type', value: 'application/json'}], content: {size: -1, mimeType: 'application/json', _chunks: chunks},
	},
	_error: 'client_abort',
	...more,
});

export const harText = (entries: readonly unknown[]): string => JSON.stringify({log: {version: '1.2', creator: {name: 'made', version: '1'}, entries}});

/** One entry to a line, as the captures have them. */
export const harLines = (entries: readonly unknown[]): string =>
	`{"log":{"version":"1.2","creator":{"name":"made","version":"1"},"entries":[\n${entries.map(entry => JSON.stringify(entry)).join(',\n')}\n]}}\n`;

/** Text or bytes as stdin, in pieces of `size` bytes. */
export const asStdin = (content: string | Uint8Array, size = Infinity): ImportInput => {
	const bytes = Buffer.from(content);
	const pieces = function * (): Generator<Uint8Array> {
		for (let start = 0; start < bytes.length; start += size) {
			yield bytes.subarray(start, Math.min(bytes.length, start + size));
		}
	};

	return {path: '-', stdin: Readable.from(pieces(), {objectMode: false})};
};

export const importText = async (content: string | Uint8Array, size?: number): Promise<RecordedImport> => recordImport(asStdin(content, size));

export const importEntries = async (entries: readonly unknown[], options?: ImportOptions & RecordingOptions): Promise<RecordedImport> => recordImport(asStdin(harText(entries)), options);
