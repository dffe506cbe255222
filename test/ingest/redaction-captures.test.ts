import {gunzipSync} from 'node:zlib';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
	createRedactor,
	type RedactedBody,
	type RedactionInput,
	type Redactor,
} from '../../source/ingest/redaction.js';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {parseRequestInfo} from '../../source/kubernetes/request-info.js';
import {semanticHashes} from '../../source/kubernetes/semantic-hash.js';
import {
	arrayAt,
	isJsonObject,
	objectAt,
	stringAt,
	type JsonObject,
	type JsonValue,
} from '../../source/model/json.js';
import {capturePath} from '../support/captures.js';
import {happenings, readHar} from '../support/har-feed.js';
import {
	base64,
	expectGone,
	jsonInput,
	newRedactor,
	podPlace,
	protobufInput,
	tokenIn,
} from './redaction-support.js';

const undoGzip = (bytes: Uint8Array): Uint8Array => bytes[0] === 0x1F && bytes[1] === 0x8B ? gunzipSync(bytes) : bytes;

/** Every body of a capture, in the order it came, as ingest would hand it to the redactor. */
const bodiesOf = (path: string): readonly RedactionInput[] => {
	const entries = readHar(path);
	return happenings(entries).flatMap((happening): readonly RedactionInput[] => {
		const entry = entries[happening.entry]!;
		const url = new URL(entry.request.url);
		const info = parseRequestInfo(entry.request.method, `${url.pathname}${url.search}`);
		const place = info.isResource ? {group: info.group, resource: info.resource, subresource: info.subresource} : {group: '', resource: '', subresource: ''};
		const contentType = (headers: ReadonlyArray<{readonly name: string; readonly value: string}>): string | undefined => headers.find(({name}) => name.toLowerCase() === 'content-type')?.value;
		const [bytes, kind, headers] = happening.type === 'arrive'
			? [happening.request.body, 'request', entry.request.headers] as const
			: (happening.type === 'deliver'
				? [happening.event.object, 'event', entry.response.headers] as const
				: [happening.response.body, 'response', entry.response.headers] as const);
		return bytes === undefined
			? []
			: [{
				...place, bytes: undoGzip(bytes), contentType: contentType(headers), verb: info.verb, kind,
			}];
	});
};

/** Objects a body brings: itself, or its items. */
const objectsIn = (value: JsonValue): readonly JsonObject[] =>
	isJsonObject(value) ? [value, ...arrayAt(value, 'items').filter(item => isJsonObject(item))] : [];

/** For each object, which earlier body of it each body equals, by a hash: the pattern of "same" and "changed" a person would see. */
const patternOf = (values: readonly JsonValue[], hash: 'hx' | 'hm'): ReadonlyMap<string, readonly number[]> => {
	const seen = new Map<string, string[]>();
	for (const object of values.flatMap(value => objectsIn(value))) {
		const uid = stringAt(objectAt(object, 'metadata'), 'uid');
		if (uid !== undefined) {
			seen.set(uid, [...seen.get(uid) ?? [], semanticHashes(object)[hash]]);
		}
	}

	return new Map([...seen].map(([uid, hashes]) => [uid, hashes.map(found => hashes.indexOf(found))]));
};

const expectSamePatterns = (inputs: readonly RedactionInput[], redactor: Redactor): readonly RedactedBody[] => {
	const plain = inputs.map(({bytes, contentType}) => decodeBody(bytes, contentType)?.value);
	const results = inputs.map((given, index) => redactor.redactBody(given, plain[index]));
	for (const hash of ['hx', 'hm'] as const) {
		expect(patternOf(results.map(({value}) => value), hash)).toEqual(patternOf(plain, hash));
	}

	return results;
};

const captures = ['kubectl-session', 'sample-controller', 'protocol-tour', 'must-gather-operator', 'stale-cache-duplicates'];

test.each(captures)('in %s, redacted or not, every object is the same and changed at the same places', name => {
	const path = capturePath(`${name}.har.gz`);
	if (path === undefined) {
		console.warn(`skipped: ${name}.har.gz is absent`);
		return;
	}

	const inputs = bodiesOf(path);
	const results = expectSamePatterns(inputs, createRedactor());
	expect(results.filter(({withheld}) => withheld)).toEqual([]);
	for (const [index, result] of results.entries()) {
		const isSensitive = inputs[index]!.resource === 'secrets' || inputs[index]!.subresource === 'token';
		expect(result.redacted ? isSensitive : result.bytes === inputs[index]!.bytes, `${name} body ${index}`).toBe(true);
	}
});

test('of kubectl-session no token and no secret value is left', () => {
	const path = capturePath('kubectl-session.har.gz');
	expect(path).toBeDefined();
	const inputs = bodiesOf(path!);
	const tokens = inputs.filter(({subresource, kind}) => subresource === 'token' && kind === 'response')
		.map(({bytes, contentType}) => stringAt(objectAt(decodeBody(bytes, contentType)?.value, 'status'), 'token')!);
	expect(tokens.length).toBeGreaterThan(0);
	const redactor = newRedactor();
	const results = inputs.map(given => redactor.redactBody(given));
	for (const token of tokens) {
		for (const {bytes} of results) {
			expectGone(bytes, token);
		}
	}

	const secrets = results.filter((_, index) => inputs[index]!.resource === 'secrets');
	expect(secrets.length).toBeGreaterThanOrEqual(3);
	const text = JSON.stringify(secrets.map(({value}) => value));
	expect(text).not.toContain(`"p":"${base64('q')}"`);
	const found = text.match(/(?<="p":")[^"]+/gv) ?? [];
	expect(found.length).toBeGreaterThanOrEqual(2);
	expect(new Set(found).size).toBe(1);
	expect(tokenIn(found[0])).toMatch(/^kubestep-redacted:0001:/v);
});

const values = fc.constantFrom('', 'x', 'S3cr3t-One!', 'S3cr3t-Two!', 'true', 'default', 'zwölf Zeichen', '2026-01-01T00:00:00Z', '9'.repeat(300));
const data = fc.dictionary(fc.constantFrom('a', 'b', 'c'), values, {maxKeys: 3});

const histories = fc.array(fc.tuple(data, fc.boolean(), fc.boolean()), {minLength: 1, maxLength: 8});

test('whatever is written to a Secret, in whatever format, "same" and "changed" stay as they were', () => {
	fc.assert(fc.property(histories, versions => {
		const inputs = versions.map(([fields, isProtobuf, isApplied], index) => {
			const encoded = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, base64(value)]));
			const metadata = {
				name: 'db', uid: 'u1', resourceVersion: String(index),
				...(isApplied && {annotations: {'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({kind: 'Secret', data: encoded})}}),
			};
			const object = {
				kind: 'Secret', apiVersion: 'v1', metadata, data: encoded,
			};
			const protobuf = protobufInput(object);
			return isProtobuf ? protobuf : jsonInput(decodeBody(protobuf.bytes, protobuf.contentType)!.value);
		});
		for (const {bytes} of expectSamePatterns(inputs, newRedactor())) {
			expectGone(bytes, 'S3cr3t-One!');
			expectGone(bytes, 'S3cr3t-Two!');
		}
	}), {numRuns: 300});
});

test('objects that hold known values in their fields stay the same and change at the same places', () => {
	fc.assert(fc.property(fc.array(data, {minLength: 1, maxLength: 8}), versions => {
		const redactor = newRedactor();
		redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {a: base64('S3cr3t-One!'), b: base64('S3cr3t-Two!')}}));
		const inputs = versions.map(fields => jsonInput({
			kind: 'Pod', apiVersion: 'v1', metadata: {name: 'web', uid: 'u2'}, spec: {containers: [{env: Object.entries(fields).map(([name, value]) => ({name, value: `${value}/${base64(value)}`}))}]},
		}, podPlace));
		expectSamePatterns(inputs, redactor);
	}), {numRuns: 300});
});
