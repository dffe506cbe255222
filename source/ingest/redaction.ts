import {strict as assert} from 'node:assert';
import {Buffer, isUtf8} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {
	arrayAt,
	isJsonObject,
	objectAt,
	stringAt,
	type JsonValue,
} from '../model/json.js';
import type {HeaderLines} from '../model/operation.js';
import {decodeBody, stringifyJson} from '../kubernetes/decode-body.js';
import {encodeProtobuf} from '../kubernetes/protobuf-codec.js';
import {createKnownValues, type KnownValues} from './redact-known-values.js';
import {dropCredentials} from './redact-credentials.js';
import {rewriteJson} from './redact-json.js';
import {
	canHoldSecret,
	redactInside,
	redactSensitive,
	sensitivityOf,
	type BodyPlace,
} from './redact-sensitive.js';
import type {SecretTools} from './redact-secret.js';
import {createTokenMaker} from './redact-token.js';
import {redactUrlText} from './redact-url.js';

export {dropCredentials, dropUrlCredentials} from './redact-credentials.js';

/** A body on its way into a session, content-encoding undone. Parts of the resource are '' where they do not apply. */
export type RedactionInput = BodyPlace & {
	readonly bytes: Uint8Array;
	readonly contentType: string | undefined;
	readonly verb: string;
	readonly kind: 'request' | 'response' | 'event' | 'item';
};

export type RedactedBody = {
	/** The bytes to store: the same bytes object where nothing changed. */
	readonly bytes: Uint8Array;
	/** The decoded body that the bytes hold, where it was given or had to be decoded. */
	readonly value: JsonValue;
	/** A secret was replaced by a token. */
	readonly redacted: boolean;
	/** A body of a sensitive kind that cannot be parsed: only its size and keyed hash are left. */
	readonly withheld: boolean;
};

/**
Replaces secret values by equality-preserving tokens (design: *Recording*), and the values seen so far wherever else they appear. One per session: what
it has seen stays in memory only, within named caps (`redact-known-values.ts`).
*/
export type Redactor = {
	/** `decoded`: the body's value, where the caller has decoded it. It is never changed in place. */
	redactBody(input: RedactionInput, decoded?: JsonValue): RedactedBody;
	/** Error texts, messages, and whatever else a client or server wrote. */
	redactText(text: string): string;
	/** Path and query as on the wire. */
	redactUrl(url: string): string;
	/** Header lines without credentials and known values. Bearer tokens seen here count as known from then on. */
	redactHeaders(lines: HeaderLines): HeaderLines;
};

const keyBytes = 32;
const newline = 0x0A;
const authorizationPattern = /^(?<scheme>bearer|basic)\s+(?<credential>\S+)$/iv;

type BodyFormat = 'json' | 'protobuf';

const formatOf = (bytes: Uint8Array): BodyFormat =>
	bytes[0] === 0x6B && bytes[1] === 0x38 && bytes[2] === 0x73 && bytes[3] === 0 ? 'protobuf' : 'json';

/** The bytes of a redacted value in the format it came in; YAML becomes JSON, which is YAML. Undefined: it cannot be encoded. */
const encodeBody = (value: JsonValue, like: Uint8Array): Uint8Array | undefined => {
	assert.ok(like.length > 0, 'a body that was decoded is not empty');
	if (formatOf(like) === 'json') {
		return Buffer.from(stringifyJson(value) + (like.at(-1) === newline ? '\n' : ''));
	}

	try {
		return isJsonObject(value) ? encodeProtobuf(value) : undefined;
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) {
			return undefined; // A kind that is not in the table, or a value that is not of its type
		}

		throw error;
	}
};

const isSame = (left: Uint8Array | undefined, right: Uint8Array): boolean => left !== undefined && Buffer.compare(left, right) === 0;

/** Whether JSON text may have a value that its decoded form lacks: a key given twice, or a comment of YAML. */
const hasMoreThanItsValue = (bytes: Uint8Array): boolean => {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
	return /^\s*[^\s\[\{]/v.test(text) || /"(?:string)?data"\s*:/iv.test(text);
};

const isTextual = (bytes: Uint8Array): boolean => !bytes.includes(0) && isUtf8(bytes);

/** What one session's redactor holds. */
type State = SecretTools & {readonly known: KnownValues};

const unchanged = (bytes: Uint8Array, value: JsonValue): RedactedBody => ({
	bytes, value, redacted: false, withheld: false,
});

/** What is left of a body that must not be stored. */
const withhold = ({tokens}: State, bytes: Uint8Array): RedactedBody => {
	const value = {kubestepWithheld: true, size: bytes.length, keyedHash: tokens.keyedHash(bytes)};
	assert.ok(bytes.length > 0, 'an empty body hides nothing');
	return {
		bytes: Buffer.from(JSON.stringify(value)), value, redacted: true, withheld: true,
	};
};

/** A number whose digits hold a known value becomes a text. */
const sweepNumber = (known: KnownValues, number: number | bigint): number | bigint | string => {
	const digits = String(number);
	const masked = known.maskText(digits);
	return masked === digits ? number : masked;
};

const sweep = ({known}: State, value: JsonValue): JsonValue =>
	known.size === 0 ? value : rewriteJson(value, {text: known.maskText, key: known.maskText, number: number => sweepNumber(known, number)});

/** A body whose value was rewritten; withheld where it cannot be encoded, or a known value is still in it. */
const encoded = (state: State, value: JsonValue, bytes: Uint8Array): RedactedBody => {
	assert.ok(value !== undefined, 'there is something to encode');
	assert.ok(bytes.length > 0, 'a body that was decoded is not empty');
	const newBytes = encodeBody(value, bytes);
	if (newBytes === undefined || state.known.isIn(newBytes)) {
		return withhold(state, bytes);
	}

	assert.equal(formatOf(newBytes), formatOf(bytes), 'a body stays in its format');
	return {
		bytes: newBytes, value, redacted: true, withheld: false,
	};
};

const redactSensitiveBody = (state: State, input: RedactionInput, decoded: JsonValue): RedactedBody => {
	const {bytes} = input;
	assert.ok(bytes.length > 0, 'an empty body is not looked into');
	const original = decoded ?? decodeBody(bytes, input.contentType)?.value;
	const structural = original === undefined ? undefined : redactSensitive(original, sensitivityOf(input), state);
	if (structural === undefined) {
		return withhold(state, bytes);
	}

	const value = sweep(state, redactInside(structural, state));
	if (value !== original) {
		return encoded(state, value, bytes);
	}

	assert.equal(value, structural, 'what nothing was replaced in is the same value');
	// Protobuf fields that the table lacks are not in the value either: such a body is encoded again without them
	const isWhole = isSame(encodeBody(value, bytes), bytes) || (formatOf(bytes) === 'json' && !hasMoreThanItsValue(bytes));
	return isWhole ? unchanged(bytes, value) : encoded(state, value, bytes);
};

/** A body that has no structure to redact by, and a known value in it. */
const maskUndecoded = (state: State, bytes: Uint8Array): RedactedBody => {
	assert.ok(state.known.isIn(bytes), 'there is something to mask');
	assert.ok(state.known.size > 0, 'something is known');
	// In anything but text the lengths would no longer be true
	return isTextual(bytes)
		? {
			bytes: state.known.maskBytes(bytes), value: undefined, redacted: true, withheld: false,
		}
		: withhold(state, bytes);
};

const redactOtherBody = (state: State, {bytes, contentType}: RedactionInput, decoded: JsonValue): RedactedBody => {
	assert.ok(bytes.length > 0, 'an empty body is not looked into');
	const hasSecret = canHoldSecret(bytes);
	const hasKnown = state.known.isIn(bytes);
	if (!hasSecret && !hasKnown && !state.known.canHideIn(bytes)) {
		return unchanged(bytes, decoded);
	}

	assert.ok(!hasKnown || state.known.size > 0, 'only known values are found');
	const original = decoded ?? decodeBody(bytes, contentType)?.value;
	if (original === undefined) {
		return hasKnown ? maskUndecoded(state, bytes) : unchanged(bytes, undefined);
	}

	const value = sweep(state, hasSecret ? redactInside(original, state) : original);
	assert.notEqual(value, undefined, 'a decoded body stays one');
	return value === original && !hasKnown ? unchanged(bytes, value) : encoded(state, value, bytes);
};

/** Items of a list whose names are noted. */
const maximumNamedItems = 1000;

const noteIdentities = ({known}: State, object: JsonValue): void => {
	const metadata = objectAt(object, 'metadata');
	for (const field of ['name', 'namespace', 'uid']) {
		known.noteIdentity(stringAt(metadata, field) ?? '');
	}
};

const redactBody = (state: State, input: RedactionInput, decoded: JsonValue): RedactedBody => {
	if (input.bytes.length === 0) {
		return unchanged(input.bytes, decoded);
	}

	const isSensitive = sensitivityOf(input).type !== 'none';
	const result = isSensitive ? redactSensitiveBody(state, input, decoded) : redactOtherBody(state, input, decoded);
	for (const object of [result.value, ...arrayAt(result.value, 'items').slice(0, maximumNamedItems)]) {
		noteIdentities(state, object);
	}

	assert.ok(!result.withheld || result.redacted, 'what is withheld counts as redacted');
	assert.ok(result.redacted || result.bytes === input.bytes, 'a body that was not redacted is stored as it came');
	return result;
};

/** The token or password of an Authorization header. */
const credentialOf = (value: string): string | undefined => {
	const match = authorizationPattern.exec(value);
	const {scheme = '', credential = ''} = match === null ? {} : match.groups ?? {};
	return scheme.toLowerCase() === 'basic' ? Buffer.from(credential, 'base64').toString().replace(/^[^:]*:/v, '') : credential;
};

const redactHeaders = ({known}: State, lines: HeaderLines): HeaderLines => {
	for (const [name, value] of lines) {
		const credential = name.toLowerCase() === 'authorization' ? credentialOf(value) : undefined;
		if (credential !== undefined) {
			known.learn(Buffer.from(credential), 'token');
		}
	}

	const kept = dropCredentials(lines).map(([name, value]) => [name, known.maskText(value)] as const);
	assert.ok(kept.every(([name]) => name.toLowerCase() !== 'authorization'), 'credentials are gone');
	assert.ok(kept.length <= lines.length, 'no header is added');
	return kept;
};

export const createRedactor = (options: {readonly key?: Uint8Array} = {}): Redactor => {
	const tokens = createTokenMaker(options.key ?? randomBytes(keyBytes));
	const known = createKnownValues(tokens);
	const state: State = {tokens, known, learn: known.learn};
	assert.equal(known.size, 0, 'a session begins without known values');

	return {
		redactBody: (input, decoded) => redactBody(state, input, decoded),
		redactText: known.maskText,
		redactUrl: url => redactUrlText(url, known, tokens),
		redactHeaders: lines => redactHeaders(state, lines),
	};
};
