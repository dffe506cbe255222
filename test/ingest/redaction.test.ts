import {Buffer} from 'node:buffer';
import {expect, test} from 'vitest';
import type {JsonObject} from '../../source/model/json.js';
import {createRedactor} from '../../source/ingest/redaction.js';
import {
	at,
	base64,
	decodedAgain,
	expectGone,
	input,
	jsonBytes,
	jsonInput,
	newRedactor,
	podPlace,
	protobufInput,
	textOf,
	tokenIn,
	tokenPattern,
} from './redaction-support.js';

const password = 'S3cr3t-Pa55/w+rd?&"x"';
const encoded = base64(password);
const other = 'another-0ther-v4lue';
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

const secret = (data: Record<string, string>, more: Record<string, unknown> = {}) => ({
	kind: 'Secret', apiVersion: 'v1', metadata: {name: 'db', namespace: 'default', resourceVersion: '7'}, data, type: 'Opaque', ...more,
});

/** A Secret as kubectl keeps it in an annotation. */
const applied = (name: string): string => JSON.stringify(secret({[name]: encoded}));

/** The text with the password back in the place of every token. */
const withValuesBack = (text: string): string => text.replaceAll(/(?<=")[\dA-Za-z]{52}(?=")/gv, token => {
	expect(Buffer.from(token, 'base64').toString()).toMatch(tokenPattern);
	return encoded;
});

const single = (value: unknown): string => {
	const result = newRedactor().redactBody(jsonInput(value));
	expect(result).toMatchObject({redacted: true, withheld: false});
	decodedAgain(result, 'application/json');
	expectGone(result.bytes, password);
	return Buffer.from(result.bytes).toString();
};

test('every value of a Secret is a token, in JSON and in protobuf; all else is as it was', () => {
	const object = secret({password: encoded, empty: ''});
	const expected = {...object, data: {password: expect.any(String) as string, empty: ''}};
	for (const given of [jsonInput(object), protobufInput({...object, metadata: {...object.metadata, creationTimestamp: '2026-01-01T00:00:00Z'}})]) {
		const result = newRedactor().redactBody(given);
		expect(result).toMatchObject({redacted: true, withheld: false});
		const value = decodedAgain(result, given.contentType);
		expect(value).toMatchObject(expected);
		tokenIn(at(value, 'data', 'password'));
		expectGone(result.bytes, password);
	}

	expect(withValuesBack(single(object))).toBe(`${JSON.stringify(object)}\n`);
});

test('equal values have equal tokens and different ones different, in data and stringData, across formats, requests and objects', () => {
	const redactor = newRedactor();
	const secrets = {...secret({a: encoded, b: base64(other)}), stringData: {c: password}};
	const json = redactor.redactBody(jsonInput(secrets)).value;
	const elsewhere = {...secret({z: encoded}), metadata: {name: 'elsewhere'}};
	const protobuf = redactor.redactBody(protobufInput(elsewhere)).value;
	const token = tokenIn(at(json, 'data', 'a'));
	expect(at(json, 'stringData', 'c')).toBe(token);
	expect(tokenIn(at(protobuf, 'data', 'z'))).toBe(token);
	expect(tokenIn(at(json, 'data', 'b'))).not.toBe(token);
});

test('tokens of another key are other tokens, and a length is known only as a power of two', () => {
	const tokenOf = (value: string, redactor = newRedactor()): string => {
		const given = jsonInput(secret({a: base64(value)}));
		return tokenIn(at(redactor.redactBody(given).value, 'data', 'a'));
	};

	expect(tokenOf(password)).not.toBe(tokenOf(password, createRedactor()));
	expect(tokenOf('x').slice(0, 23)).toBe('kubestep-redacted:0001:');
	expect(tokenOf('x'.repeat(17)).slice(0, 23)).toBe('kubestep-redacted:0032:');
	expect(tokenOf('x'.repeat(32)).slice(0, 23)).toBe('kubestep-redacted:0032:');
	expect(tokenOf('x'.repeat(1025)).slice(0, 23)).toBe('kubestep-redacted:002K:');
	expect(tokenOf('x'.repeat(1_000_000)).slice(0, 23)).toBe('kubestep-redacted:001M:');
});

test('a body that was redacted is not redacted again', () => {
	const redactor = newRedactor();
	const given = jsonInput({...secret({a: encoded}), stringData: {b: other}});
	const first = redactor.redactBody(given);
	const second = redactor.redactBody(jsonInput(first.value));
	expect(second.redacted).toBe(false);
	expect(second.value).toEqual(first.value);
});

test('lists, Tables, watch frames and partial objects of Secrets are redacted item by item', () => {
	const item = secret({password: encoded}, {metadata: {name: 'db', annotations: {[annotation]: applied('password')}}});
	for (const body of [
		{
			kind: 'SecretList', apiVersion: 'v1', metadata: {resourceVersion: '9'}, items: [item, item],
		},
		{kind: 'List', apiVersion: 'v1', items: [{...item, kind: undefined, apiVersion: undefined}]},
		{
			kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions: [], rows: [{cells: ['db', 'Opaque', 1, '5m'], object: item}],
		},
		{type: 'MODIFIED', object: item},
		{type: 'ADDED', object: {kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [{cells: ['db'], object: item}]}},
		{kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata},
	]) {
		single(body);
	}

	const table = JSON.parse(single({kind: 'Table', rows: [{cells: ['db', 'Opaque', 1, '5m'], object: item}]})) as {rows: Array<{cells: unknown[]}>};
	expect(table.rows[0]?.cells).toEqual(['db', 'Opaque', 1, '5m']);
});

test('a protobuf list of Secrets stays one', () => {
	const result = newRedactor().redactBody(protobufInput({
		kind: 'SecretList', apiVersion: 'v1', metadata: {resourceVersion: '9'}, items: [{metadata: {name: 'a'}, data: {p: encoded}}, {metadata: {name: 'b'}, data: {p: encoded}}],
	}, {kind: 'response', verb: 'list'}));
	const value = decodedAgain(result, 'application/vnd.kubernetes.protobuf');
	expect(at(value, 'metadata', 'resourceVersion')).toBe('9');
	expect(tokenIn(at(value, 'items', 0, 'data', 'p'))).toBe(tokenIn(at(value, 'items', 1, 'data', 'p')));
	expectGone(result.bytes, password);
});

test('the last applied configuration is redacted inside, by the same tokens, and still is a Secret', () => {
	const copy = JSON.stringify(secret({password: encoded}, {stringData: {plain: password}}));
	const text = single(secret({password: encoded}, {metadata: {name: 'db', annotations: {[annotation]: `${copy}\n`, note: 'kept'}}}));
	const value = JSON.parse(text) as {data: {password: string}; metadata: {annotations: Record<string, string>}};
	const inner = JSON.parse(value.metadata.annotations[annotation]!) as {data: {password: string}; stringData: {plain: string}; type: string};
	expect(inner.data.password).toBe(value.data.password);
	expect(inner.stringData.plain).toBe(tokenIn(value.data.password));
	expect(inner.type).toBe('Opaque');
	expect(value.metadata.annotations.note).toBe('kept');
});

test.each([
	['cut off', `{"data":{"p":"${encoded}`],
	['a text', password],
	['a copy in a copy', JSON.stringify({metadata: {annotations: {[annotation]: applied('p')}}})],
	['a list', JSON.stringify([{data: {p: password}}])],
])('an applied configuration that is %s is no way out', (_, copy) => {
	const essence = JSON.stringify({stringData: {p: password}});
	const annotations = {[annotation]: copy, 'objectset.rio.cattle.io/applied': `H4sI${encoded}`, 'kopf.zalando.org/last-handled-configuration': essence};
	single({metadata: {name: 'db', annotations}});
});

test.each([
	['merge', 'application/merge-patch+json', {data: {p: encoded, gone: null}, stringData: {q: password}}],
	['strategic merge', 'application/strategic-merge-patch+json', {data: {$patch: 'replace', p: encoded}, $retainKeys: ['data']}],
	['apply', 'application/apply-patch+yaml', secret({p: encoded})],
	['JSON', 'application/json-patch+json', [
		{op: 'test', path: '/data/p', value: encoded},
		{op: 'add', path: '/data/a~1b', value: encoded},
		{op: 'replace', path: '/data', value: {p: encoded}},
		{op: 'add', path: '/stringData/p', value: password},
		{op: 'add', path: '/stringData', value: {p: password}},
		{op: 'replace', path: '', value: secret({p: encoded})},
		{op: 'add', path: '/metadata/annotations', value: {[annotation]: applied('p')}},
		{op: 'add', path: '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration', value: applied('p')},
		{op: 'add', path: '/metadata', value: {annotations: {[annotation]: applied('p')}}},
		{op: 'add', path: '/datta/p', value: password},
		{op: 'add', path: '/metadata/labels/a', value: 'kept'},
		{op: 'remove', path: '/data/old'},
	]],
] as const)('no secret is left in a %s patch, whose shape stays', (_, contentType, patch) => {
	const result = newRedactor().redactBody(jsonInput(patch, {contentType, verb: 'patch'}));
	expect(result).toMatchObject({redacted: true, withheld: false});
	expectGone(result.bytes, password);
	const shape = (value: unknown): string => JSON.stringify(value, (field, inner: unknown) => typeof inner === 'string' && field !== 'op' && field !== 'path' ? '' : inner);
	const redacted: unknown = JSON.parse(textOf(result));
	expect(shape(redacted)).toBe(shape(patch));
	expect(Buffer.from(result.bytes).toString().includes('kept')).toBe(Buffer.from(jsonBytes(patch)).toString().includes('kept'));
});

test('an apply patch in real YAML becomes JSON, which is YAML', () => {
	const yaml = Buffer.from(`apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  # the password\n  p: |-\n    ${password}\ndata: {q: ${encoded}}\n`);
	const result = newRedactor().redactBody(input(yaml, {contentType: 'application/apply-patch+yaml', verb: 'patch'}));
	expect(result).toMatchObject({redacted: true, withheld: false});
	expectGone(result.bytes, password);
	expect(decodedAgain(result, 'application/apply-patch+yaml')).toMatchObject({kind: 'Secret', stringData: {p: expect.stringMatching(tokenPattern) as string}});
});

test('values that are no base64 or no text, and fields that Secrets do not have, are tokens as well', () => {
	single({
		kind: 'Secret', apiVersion: 'v1', data: {
			p: password, n: 5432, o: {inner: password}, l: [password],
		},
	});
	single({
		kind: 'Secret', apiVersion: 'v1', stringdata: {p: password}, Data: {p: encoded}, binaryData: {p: encoded}, password,
	});
	single({kind: 'Secret', apiVersion: 'v1', data: password});
	single({kind: 'Secret', apiVersion: 'v1', data: [password]});
});

test.each([
	['status.token of a TokenRequest', {group: '', resource: 'serviceaccounts', subresource: 'token'}, {
		kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: {name: 'bot'},
		spec: {audiences: ['api'], expirationSeconds: 3600}, status: {token: password, expirationTimestamp: '2026-01-01T00:00:00Z'},
	}, ['status', 'token']],
	['spec.token of a TokenReview', {group: 'authentication.k8s.io', resource: 'tokenreviews', subresource: ''}, {
		kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec: {token: password}, status: {user: {username: 'bot'}},
	}, ['spec', 'token']],
] as const)('%s is a token, in JSON and in protobuf', (_, place, object, path) => {
	for (const given of [jsonInput(object, place), protobufInput(structuredClone(object) as never, place)]) {
		const result = newRedactor().redactBody(given);
		expect(result).toMatchObject({redacted: true, withheld: false});
		expectGone(result.bytes, password);
		expect(at(decodedAgain(result, given.contentType), ...path)).toMatch(tokenPattern);
	}
});

test('a Secret inside another kind is redacted: in a List, a template, an annotation', () => {
	const inner = secret({p: encoded});
	for (const body of [
		{kind: 'List', apiVersion: 'v1', items: [{kind: 'ConfigMap', apiVersion: 'v1'}, inner]},
		{kind: 'ManifestWork', spec: {workload: {manifests: [inner]}}},
		{kind: 'Application', metadata: {annotations: {[annotation]: JSON.stringify({objects: [inner]})}}},
		{kind: 'List', items: [{kind: 'SecretList', apiVersion: 'v1', items: [{data: inner.data}]}]},
	]) {
		const result = newRedactor().redactBody(jsonInput(body, {group: 'example.com', resource: 'things'}));
		expect(result.redacted).toBe(true);
		expectGone(result.bytes, password);
	}
});

const ofUnknownKind = (object: JsonObject): Uint8Array => {
	const text = Buffer.from(protobufInput(object).bytes).toString('latin1');
	return Buffer.from(text.replace('Secret', 'Sekret'), 'latin1');
};

test.each([
	['cut off', Buffer.from(`{"kind":"Secret","data":{"p":"${encoded}`)],
	['CBOR', Buffer.from([0xD9, 0xD9, 0xF7, 0xA1, 0x61, 0x70, 0x75, ...Buffer.from(password)])],
	['a text', Buffer.from(password)],
	['a JSON string', jsonBytes(password)],
	['an array that is no patch', jsonBytes([password])],
	['broken protobuf', Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x0A, 0x7F]), Buffer.from(password)])],
	['protobuf of an unknown kind', ofUnknownKind(secret({p: encoded}))],
])('of secrets, a body that is %s is withheld: only its size and a keyed hash are left', (_, bytes) => {
	const result = newRedactor().redactBody(input(bytes, {contentType: 'application/cbor'}));
	expect(result).toMatchObject({redacted: true, withheld: true});
	expectGone(result.bytes, password);
	expect(JSON.parse(Buffer.from(result.bytes).toString())).toEqual({kubestepWithheld: true, size: bytes.length, keyedHash: expect.stringMatching(/^[\da-f]{32}$/v) as string});
	expect(result.bytes).toEqual(newRedactor().redactBody(input(bytes, {contentType: 'application/cbor'})).bytes);
});

test('fields of protobuf that the table lacks do not survive in a Secret', () => {
	const {bytes} = protobufInput({kind: 'Secret', apiVersion: 'v1', metadata: {name: 'db'}});
	// A new field 15 of Secret, after the last one of `raw`, whose length (in the byte before it) grows with it
	const rawLength = Buffer.from(bytes).indexOf(0x12, 4 + 14);
	const end = rawLength + 2 + bytes[rawLength + 1]!;
	const grown = Buffer.from([
		...bytes.subarray(0, rawLength + 1),
		bytes[rawLength + 1]! + password.length + 2,
		...bytes.subarray(rawLength + 2, end),
		0x7A,
		password.length,
		...Buffer.from(password),
		...bytes.subarray(end),
	]);
	const result = newRedactor().redactBody(input(grown, {contentType: 'application/vnd.kubernetes.protobuf'}));
	expect(result.withheld).toBe(false);
	expectGone(result.bytes, password);
	expect(Buffer.from(result.bytes)).toEqual(Buffer.from(bytes));
});

test('a body without a secret is the same bytes, and its decoded value is handed back', () => {
	const redactor = newRedactor();
	const value = {kind: 'Pod', apiVersion: 'v1', metadata: {name: 'web'}};
	const given = jsonInput(value, podPlace);
	const result = redactor.redactBody(given, value);
	expect(result.bytes).toBe(given.bytes);
	expect(result.value).toBe(value);
	expect(result).toMatchObject({redacted: false, withheld: false});
	for (const status of [{
		kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404,
	}, {kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background'}, {kind: 'SecretList', apiVersion: 'v1', items: null}]) {
		const plain = jsonInput(status);
		expect(redactor.redactBody(plain).bytes).toBe(plain.bytes);
	}

	const empty = input(new Uint8Array());
	expect(redactor.redactBody(empty).bytes).toBe(empty.bytes);
});

test('big integers, key order and keys that mean something to JavaScript survive; the given value is not changed', () => {
	const text = `{"kind":"Secret","apiVersion":"v1","metadata":{"z":1,"generation":9007199254740993,"a":1,"__proto__":{"x":1}},"data":{"__proto__":"${encoded}","constructor":"${encoded}"}}`;
	const result = newRedactor().redactBody(input(Buffer.from(text)));
	const redacted = Buffer.from(result.bytes).toString();
	expectGone(redacted, password);
	expect(withValuesBack(redacted)).toBe(text);

	const value = secret({p: encoded});
	const before = structuredClone(value);
	newRedactor().redactBody(jsonInput(value), value);
	expect(value).toEqual(before);
});
