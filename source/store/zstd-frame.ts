import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';

/*
Most bodies become a zstd frame of one short block (RFC 8878), half of whose headers is the same in each. *Packed*, such a frame is its 2 bytes of content size and the block's content; what was left out follows. Any
other frame is kept whole.
*/

const magic = Buffer.from([0x28, 0xB5, 0x2F, 0xFD]);
/** Frame header descriptor: single segment, content size in 2 bytes, no dictionary id, no checksum. */
const plainDescriptor = 0x60;
const sizeBytes = 2;
const blockHeaderBytes = 3;
/** Last block, compressed: its size stands above these bits. */
const lastCompressed = 0b101;
const contentStart = magic.length + 1 + sizeBytes + blockHeaderBytes;

/** The frame without what follows from its length; undefined where it is not of that kind. */
export const packFrame = (frame: Uint8Array): Uint8Array | undefined => {
	assert.ok(magic.every((byte, index) => frame[index] === byte), 'a zstd frame begins with its magic number');
	if (frame[magic.length] !== plainDescriptor || frame.length <= contentStart) {
		return undefined;
	}

	const headerStart = contentStart - blockHeaderBytes;
	const header = frame[headerStart]! + (frame[headerStart + 1]! * 256) + (frame[headerStart + 2]! * 65_536);
	const contentLength = frame.length - contentStart;
	if (header !== (contentLength * 8) + lastCompressed) {
		return undefined;
	}

	assert.ok(contentLength > 0, 'a compressed block has content');
	const packed = new Uint8Array(sizeBytes + contentLength);
	packed.set(frame.subarray(magic.length + 1, headerStart));
	packed.set(frame.subarray(contentStart), sizeBytes);
	assert.equal(packed.length, frame.length - magic.length - 1 - blockHeaderBytes);
	return packed;
};

/** Undoes `packFrame`. */
export const unpackFrame = (packed: Uint8Array): Uint8Array => {
	assert.ok(packed.length > sizeBytes, 'a packed frame holds a size and a block');
	const header = ((packed.length - sizeBytes) * 8) + lastCompressed;
	assert.ok(header < 2 ** (8 * blockHeaderBytes), 'the length of a block fits in its header');
	const frame = new Uint8Array(contentStart + packed.length - sizeBytes);
	frame.set(magic);
	frame[magic.length] = plainDescriptor;
	frame.set(packed.subarray(0, sizeBytes), magic.length + 1);
	frame.set([header % 256, Math.floor(header / 256) % 256, Math.floor(header / 65_536)], contentStart - blockHeaderBytes);
	frame.set(packed.subarray(sizeBytes), contentStart);
	return frame;
};
