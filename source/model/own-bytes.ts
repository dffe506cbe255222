/**
These bytes in a buffer of their own, copied only where they are a part of a larger one. What is kept must not be a view: it would keep all of that buffer
(Node cuts small Buffers from pools of 64 KiB, and pieces of a stream from its chunks).
*/
export const ownBytes = (bytes: Uint8Array): Uint8Array => (bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));
