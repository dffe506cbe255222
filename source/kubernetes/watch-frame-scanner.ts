/** What a scanner found at the front of the bytes: a frame of `length` bytes, that more must come, or why these are no frames. */
export type ScannedFrame = {readonly length: number; readonly type: string; readonly object: Uint8Array; readonly wholeFrame: boolean};
export type ScanResult = {readonly frame?: ScannedFrame; readonly skip?: number; readonly broken?: string};

/**
Looks for the first frame of `bytes`. It is called again with the same front and more bytes behind where it found none, and remembers how far it looked; after a
frame, or bytes to skip, it is called with what follows.
*/
export type FrameScanner = {scan(bytes: Uint8Array): ScanResult};

/** A longer frame ends the stream: etcd takes objects up to 1.5 MiB by default. */
export const maximumFrameBytes = 64 * 1024 * 1024;
/** A longer event type is none. */
export const maximumTypeLength = 64;
