import {Buffer} from 'node:buffer';
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import process from 'node:process';
import {unreadableError} from '../model/kubestep-error.js';
import type {ImportInput} from './import-types.js';
import {createInflater, type InflateEnd} from './inflate-stream.js';

/** Bytes read at once. Of gzip'd ones, which can grow a thousandfold, fewer. */
const readSize = 256 * 1024;
const gzipReadSize = 16 * 1024;
/** Bytes that are looked at to guess a format. */
export const headSize = 256 * 1024;

/** A file or stdin, opened, gzip undone. */
export type InputBytes = {
	/** For messages: the path, or `stdin`. */
	readonly name: string;
	/** The first bytes, at least `headSize` of them where there are so many. */
	readonly head: Uint8Array;
	readonly isCompressed: boolean;
	/** All bytes, once. */
	chunks(): AsyncIterable<Uint8Array>;
	/** Bytes of the input read so far (compressed ones). */
	readonly done: number;
	readonly total: number | undefined;
	/** After the last chunk: whether gzip was whole. */
	readonly end: InflateEnd;
	close(): Promise<void>;
};

const reasons: ReadonlyMap<string, string> = new Map([
	['ENOENT', 'there is no such file; check the path'],
	['EACCES', 'permission denied; check who may read it'],
	['EPERM', 'permission denied; check who may read it'],
	['ENOTDIR', 'a part of its path is no directory; check the path'],
	['ELOOP', 'its links lead in a circle; check the path'],
	['EISDIR', 'it is a directory; name a file in it'],
	['EIO', 'the disk cannot read it'],
]);

export const cannotImport = (name: string, reason: string, cause?: unknown): Error => unreadableError(`cannot import ${name}: ${reason}`, cause);

/** An error of the operating system's as one line; others as they are. */
const explain = (name: string, error: unknown): unknown => {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	const reason = reasons.get(code);
	return reason === undefined ? error : cannotImport(name, reason, error);
};

const sizeOf = async (input: ImportInput): Promise<number | undefined> => {
	if (input.path === '-') {
		return undefined;
	}

	try {
		const facts = await stat(input.path);
		if (facts.isDirectory()) {
			throw cannotImport(input.path, 'it is a directory; name a file in it');
		}

		return facts.isFile() ? facts.size : undefined;
	} catch (error) {
		throw explain(input.path, error);
	}
};

const toBytes = (chunk: unknown): Uint8Array => chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));

async function * readRaw(input: ImportInput, name: string, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
	const source = input.path === '-' ? input.stdin ?? process.stdin : createReadStream(input.path, {highWaterMark: readSize});
	try {
		for await (const chunk of source as AsyncIterable<unknown>) {
			const bytes = toBytes(chunk);
			onBytes(bytes.length);
			yield bytes;
		}
	} catch (error) {
		throw explain(name, error);
	}
}

async function * inflate(raw: AsyncIterable<Uint8Array>, onEnd: (end: InflateEnd) => void): AsyncGenerator<Uint8Array> {
	const inflater = createInflater();
	try {
		for await (const chunk of raw) {
			for (let start = 0; start < chunk.length; start += gzipReadSize) {
				yield * await inflater.push(chunk.subarray(start, start + gzipReadSize)); // eslint-disable-line no-await-in-loop -- one after the other
			}
		}

		const {chunks, end} = await inflater.finish();
		onEnd(end);
		yield * chunks;
	} finally {
		inflater.destroy();
	}
}

/** Reads chunks until there are `size` bytes, or all. */
const readHead = async (chunks: AsyncIterator<Uint8Array, void>, size: number): Promise<readonly Uint8Array[]> => {
	const read: Uint8Array[] = [];
	for (let length = 0; length < size;) {
		const {done, value} = await chunks.next(); // eslint-disable-line no-await-in-loop -- one after the other
		if (done === true) {
			break;
		}

		read.push(value);
		length += value.length;
	}

	return read;
};

async function * prepend(first: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
	yield * first;
	yield * rest;
}

/**
Opens a file or stdin and looks at its head.

@throws KubestepError where it cannot be read
*/
export const openInput = async (input: ImportInput): Promise<InputBytes> => {
	const name = input.path === '-' ? 'stdin' : input.path;
	const total = await sizeOf(input);
	let done = 0;
	let end: InflateEnd = 'whole';
	const raw = readRaw(input, name, count => {
		done += count;
	});
	const rawHead = await readHead(raw, 2);
	const magic = Buffer.concat(rawHead);
	const isCompressed = magic[0] === 0x1F && magic[1] === 0x8B;
	const all = prepend(rawHead, raw);
	const plain = isCompressed
		? inflate(all, reached => {
			end = reached;
		})
		: all;
	const head = await readHead(plain, headSize);

	return {
		name,
		head: Buffer.concat(head),
		isCompressed,
		chunks: () => prepend(head, plain),
		get done() {
			return done;
		},
		total,
		get end() {
			return end;
		},
		async close() {
			await plain.return(undefined);
			await raw.return(undefined);
		},
	};
};
