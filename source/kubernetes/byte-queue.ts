import {strict as assert} from 'node:assert';

/** Bytes that wait for more, in one growing buffer: every byte is copied a bounded number of times, whatever the chunks. */
export type ByteQueue = {
	readonly length: number;
	/** The waiting bytes; valid until the next `append` or `drop`. */
	bytes(): Uint8Array;
	append(chunk: Uint8Array): void;
	/** Forgets the first `count` bytes. */
	drop(count: number): void;
};

const initialCapacity = 16 * 1024;
/** A buffer that grew beyond this is given back when it is empty. */
const keptCapacity = 1024 * 1024;

export const createByteQueue = (): ByteQueue => {
	let buffer = new Uint8Array(0);
	let start = 0;
	let end = 0;

	const reserve = (size: number): void => {
		assert.ok(size >= 0, 'room is made for bytes');
		assert.ok(start <= end && end <= buffer.length, 'what waits is in the buffer');
		if (buffer.length - end >= size) {
			return;
		}

		const length = end - start;
		// Moving to the front is enough where at least half is free.
		const capacity = Math.max(initialCapacity, length + size > buffer.length / 2 ? (length + size) * 2 : buffer.length);
		const target = capacity === buffer.length ? buffer : new Uint8Array(capacity);
		target.set(buffer.subarray(start, end));
		buffer = target;
		start = 0;
		end = length;
		assert.ok(buffer.length - end >= size, 'there is room now');
	};

	return {
		get length() {
			return end - start;
		},
		bytes: () => buffer.subarray(start, end),
		append(chunk) {
			reserve(chunk.length);
			buffer.set(chunk, end);
			end += chunk.length;
			assert.ok(end <= buffer.length, 'a chunk fits the room made for it');
		},
		drop(count) {
			assert.ok(count >= 0 && count <= end - start, 'only what waits can be forgotten');
			start += count;
			assert.ok(start <= end, 'what is forgotten had waited');
			if (start !== end) {
				return;
			}

			start = 0;
			end = 0;
			buffer = buffer.length > keptCapacity ? new Uint8Array(0) : buffer;
		},
	};
};
