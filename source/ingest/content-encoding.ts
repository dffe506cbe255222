import {strict as assert} from 'node:assert';
import {
	brotliDecompressSync,
	gunzipSync,
	inflateRawSync,
	inflateSync,
	zstdDecompressSync,
} from 'node:zlib';

/** Longest body kept, after content-encoding was undone. */
export const maximumBodyBytes = 64 * 1024 * 1024;

/** Content-encodings undone one after the other, at most. */
const maximumEncodings = 4;

/** A body with its content-encoding undone. `truncated`: cut at the cap. `undecodable`: it is not what its encoding says; kept as it came. */
export type PlainBody = {readonly bytes: Uint8Array; readonly truncated: boolean; readonly undecodable: boolean};

type Outcome = 'too-large' | 'broken' | {readonly bytes: Uint8Array};

const inflate = (bytes: Uint8Array, encoding: string): Uint8Array => {
	const limit = {maxOutputLength: maximumBodyBytes};
	assert.ok(bytes.length > 0, 'nothing is no encoded body');
	switch (encoding) {
		case 'gzip':
		case 'x-gzip': {
			return gunzipSync(bytes, limit);
		}

		case 'deflate': {
			// Some servers leave out the zlib header that RFC 9110 asks for.
			return (bytes[0]! & 0x0F) === 8 ? inflateSync(bytes, limit) : inflateRawSync(bytes, limit); // eslint-disable-line no-bitwise
		}

		case 'br': {
			return brotliDecompressSync(bytes, limit);
		}

		case 'zstd': {
			return zstdDecompressSync(bytes, limit);
		}

		default: {
			throw new RangeError(`unknown content-encoding ${encoding}`);
		}
	}
};

/** A HAR of a browser or of mitmproxy holds the plain body beside the header: bytes without the format's mark are plain already. */
const isEncoded = (bytes: Uint8Array, encoding: string): boolean => {
	const [first, second, third] = bytes;
	assert.ok(first !== undefined, 'nothing is no encoded body');
	switch (encoding) {
		case 'gzip':
		case 'x-gzip': {
			return first === 0x1F && second === 0x8B;
		}

		case 'zstd': {
			return first === 0x28 && second === 0xB5;
		}

		default: {
			// `{` and the `k8s` magic of a plain body.
			return first !== 0x7B && !(first === 0x6B && second === 0x38 && third === 0x73);
		}
	}
};

const tryInflate = (bytes: Uint8Array, encoding: string): Outcome => {
	try {
		return {bytes: inflate(bytes, encoding)};
	} catch (error) {
		const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
		return isTooLarge ? 'too-large' : 'broken';
	}
};

const encodingsOf = (header: string | undefined): readonly string[] =>
	header === undefined ? [] : header.toLowerCase().split(',').map(part => part.trim()).filter(part => part !== '' && part !== 'identity');

/** Undoes a Content-Encoding (the last one named was applied last). Never throws. */
export const undoContentEncoding = (body: Uint8Array, header: string | undefined): PlainBody => {
	const encodings = encodingsOf(header);
	if (encodings.length > maximumEncodings) {
		return {bytes: body.subarray(0, maximumBodyBytes), truncated: body.length > maximumBodyBytes, undecodable: true};
	}

	assert.ok(encodings.every(encoding => encoding !== 'identity'), 'identity undoes nothing');
	let bytes = body;
	for (const encoding of encodings.toReversed()) {
		if (bytes.length === 0 || !isEncoded(bytes, encoding)) {
			continue;
		}

		const outcome = tryInflate(bytes, encoding);
		if (typeof outcome === 'string') {
			return {bytes: bytes.subarray(0, maximumBodyBytes), truncated: outcome === 'too-large', undecodable: true};
		}

		assert.ok(isEncoded(bytes, encoding), 'only what was encoded was undone');
		bytes = outcome.bytes;
		assert.ok(bytes.length <= maximumBodyBytes, 'zlib passed its own limit');
	}

	assert.ok(bytes === body || bytes.length <= maximumBodyBytes, 'only what came plain can pass the cap');
	const isTruncated = bytes.length > maximumBodyBytes;
	return {bytes: isTruncated ? bytes.subarray(0, maximumBodyBytes) : bytes, truncated: isTruncated, undecodable: false};
};
