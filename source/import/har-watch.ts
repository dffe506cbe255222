import {createWatchFrameSplitter, type WatchFrame} from '../kubernetes/watch-frames.js';
import {createInflater} from './inflate-stream.js';
import type {StagedChunk} from './staging.js';

/** What became of a watch's bytes. */
export type WatchOutcome = {
	readonly events: number;
	/** Bytes of a last event that is not whole. */
	readonly rest: number;
	/** Why it could not be read to its end. */
	readonly broken: string | undefined;
};

export type WatchInput = {
	readonly contentType: string | undefined;
	readonly contentEncoding: string | undefined;
	readonly count: number;
	chunkAt(index: number): StagedChunk;
	/** An event, at the time of the chunk that holds its last byte. */
	onFrame(frame: WatchFrame, time: number): void;
};

const isGzip = (input: WatchInput): boolean => {
	const isSaid = /^\s*(?:x-)?gzip\s*$/iv.test(input.contentEncoding ?? '');
	// Browsers and mitmproxy undo it, and leave the header.
	return isSaid && input.count > 0 && input.chunkAt(0).bytes[0] === 0x1F;
};

type Splitting = {readonly push: (bytes: Uint8Array, time: number) => void; readonly outcome: () => WatchOutcome};

const createSplitting = (input: WatchInput): Splitting => {
	const splitter = createWatchFrameSplitter(input.contentType);
	let events = 0;
	return {
		push(bytes, time) {
			for (const frame of splitter.push(bytes)) {
				events++;
				input.onFrame(frame, time);
			}
		},
		outcome: () => ({events, rest: splitter.rest, broken: splitter.broken}),
	};
};

const splitGzip = async (input: WatchInput): Promise<WatchOutcome> => {
	const splitting = createSplitting(input);
	const inflater = createInflater();
	let last = 0;
	try {
		for (let index = 0; index < input.count; index++) {
			const {bytes, time} = input.chunkAt(index);
			last = time;
			for (const plain of await inflater.push(bytes)) { // eslint-disable-line no-await-in-loop -- a stream
				splitting.push(plain, time);
			}
		}

		const {chunks, end} = await inflater.finish();
		for (const plain of chunks) {
			splitting.push(plain, last);
		}

		const outcome = splitting.outcome();
		return end === 'damaged' ? {...outcome, broken: outcome.broken ?? 'its gzip is damaged'} : outcome;
	} finally {
		inflater.destroy();
	}
};

/** Splits a watch's chunks into events. */
export const splitWatch = async (input: WatchInput): Promise<WatchOutcome> => {
	if (isGzip(input)) {
		return splitGzip(input);
	}

	const splitting = createSplitting(input);
	for (let index = 0; index < input.count; index++) {
		const {bytes, time} = input.chunkAt(index);
		splitting.push(bytes, time);
	}

	return splitting.outcome();
};
