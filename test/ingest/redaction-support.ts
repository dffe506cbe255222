import {Buffer} from 'node:buffer';
import {gzipSync} from 'node:zlib';
import {expect} from 'vitest';
import type {JsonObject, JsonValue} from '../../source/model/json.js';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {encodeProtobuf} from '../../source/kubernetes/protobuf-codec.js';
import {
	createRedactor,
	type RedactedBody,
	type RedactionInput,
	type Redactor,
} from '../../source/ingest/redaction.js';

export const key = Buffer.alloc(32, 7);
export const newRedactor = (): Redactor => createRedactor({key});

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
export const secretPlace = {group: '', resource: 'secrets', subresource: ''};
export const podPlace = {group: '', resource: 'pods', subresource: ''};

export const jsonBytes = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);

/** A body as ingest gives it: a JSON request to update secrets unless said otherwise. */
export const input = (bytes: Uint8Array, changes: Partial<RedactionInput> = {}): RedactionInput => ({
	...secretPlace, bytes, contentType: 'application/json', verb: 'update', kind: 'request', ...changes,
});

export const jsonInput = (value: unknown, changes: Partial<RedactionInput> = {}): RedactionInput => input(jsonBytes(value), changes);

export const protobufInput = (value: JsonObject, changes: Partial<RedactionInput> = {}): RedactionInput =>
	input(encodeProtobuf(value), {contentType: 'application/vnd.kubernetes.protobuf', ...changes});

/** What a person with a text editor, and a little patience, would look for. */
const writings = (secret: string): readonly string[] => [
	secret,
	base64(secret),
	Buffer.from(secret).toString('base64url'),
	base64(`${secret}\n`),
	base64(`user:${secret}`).slice(8),
	encodeURIComponent(secret),
	JSON.stringify(secret).slice(1, -1),
	JSON.stringify(JSON.stringify(secret)).slice(3, -3),
	gzipSync(secret).toString('base64'),
];

/** No way of writing a secret is in the bytes. */
export const expectGone = (bytes: Uint8Array | string, secret: string): void => {
	const text = Buffer.from(bytes).toString('latin1');
	for (const writing of writings(secret)) {
		expect(text.includes(Buffer.from(writing).toString('latin1')), `${writing} in ${text.slice(0, 400)}`).toBe(false);
	}
};

/** The redacted body, decoded again from its bytes: it parses, and is what the redactor said it is. */
export const decodedAgain = (result: RedactedBody, contentType: string | undefined): JsonValue => {
	const decoded = decodeBody(result.bytes, contentType)?.value;
	expect(decoded).toEqual(result.value);
	return decoded;
};

export const at = (value: JsonValue | undefined, ...path: ReadonlyArray<string | number>): JsonValue => {
	let found: JsonValue = value;
	for (const step of path) {
		found = (found as Record<string | number, JsonValue>)[step];
	}

	return found;
};

export const tokenPattern = /^kubestep-redacted:\d{3}[\dKM]:[\da-f]{16}$/v;

/** The string at a place: anything else is an error of the test. */
export const stringAtPlace = (value: JsonValue | undefined, ...path: ReadonlyArray<string | number>): string => {
	const found = at(value, ...path);
	expect(found).toBeTypeOf('string');
	return found as string;
};

export const textOf = (result: {readonly bytes: Uint8Array}): string => Buffer.from(result.bytes).toString();

/** The token in a value of `data`. */
export const tokenIn = (value: JsonValue): string => {
	const token = Buffer.from(value as string, 'base64').toString();
	expect(token).toMatch(tokenPattern);
	expect(base64(token)).toBe(value);
	return token;
};
