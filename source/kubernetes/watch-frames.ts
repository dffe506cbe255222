/** One frame of a watch stream. See ingest/input.ts, DeliveredEvent, for `object` and `wholeFrame`. */
export type WatchFrame = {readonly type: string; readonly object: Uint8Array; readonly wholeFrame: boolean};

/**
Splits a watch response into frames, whatever the chunking. JSON lines (`application/json`) or length-delimited protobuf (`…;stream=watch`); gzip is
undone before. `push` gives the frames whose last byte is in this chunk; `rest` is how many bytes wait for more. A frame over `maximumFrameBytes`, or
bytes that are no frame, end the stream: `broken` says why and nothing more comes.
*/
export type WatchFrameSplitter = {
	push(chunk: Uint8Array): readonly WatchFrame[];
	readonly rest: number;
	readonly broken: string | undefined;
};

export declare function createWatchFrameSplitter(contentType: string | undefined): WatchFrameSplitter;
