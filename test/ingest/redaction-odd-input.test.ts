import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {maximumDepth} from '../../source/kubernetes/decode-body.js';
import {dropCredentials, dropUrlCredentials} from '../../source/ingest/redaction.js';
import {
	base64,
	expectGone,
	input,
	jsonInput,
	newRedactor,
	podPlace,
	secretPlace,
	textOf,
	tokenPattern,
} from './redaction-support.js';

const secret = 'S3cr3t-Pa55/w+rd?';
const encoded = base64(secret);
const raw = Buffer.from(secret);
const magic = Buffer.from('k8s\0');
const fields = [
	'data',
	'stringData',
	'Data',
	'items',
	'rows',
	'object',
	'metadata',
	'annotations',
	'kind',
	'type',
	'spec',
	'status',
	'token',
	'op',
	'path',
	'value',
	'__proto__',
	'$patch',
	'kubectl.kubernetes.io/last-applied-configuration',
	'x',
] as const;
const names = fc.constantFrom(...fields);
const leaves = fc.constantFrom('', secret, encoded, 'Secret', 'v1', 'List', 'Table', 'Status', '/data/x', 'add', 'replace', '{"data":{"p":1}}', '{', 'H4sIAAAA', 0, 1.5, true, null);
const documents = fc.letrec<{value: unknown}>(tie => ({
	value: fc.oneof({maxDepth: 5}, leaves, fc.array(tie('value'), {maxLength: 3}), fc.dictionary(names, tie('value'), {maxKeys: 4})),
})).value;
const places = fc.constantFrom(
	secretPlace,
	podPlace,
	{group: '', resource: 'serviceaccounts', subresource: 'token'},
	{group: 'authentication.k8s.io', resource: 'tokenreviews', subresource: ''},
	{group: 'route.openshift.io', resource: 'routes', subresource: ''},
	{group: '', resource: '', subresource: ''},
	{group: 'a/b', resource: 'c/d', subresource: 'e'},
);

const bodies = fc.array(fc.tuple(documents, places), {minLength: 1, maxLength: 4});

test('no document, however odd, makes the redactor fail, and what it gives decodes to what it says', () => {
	fc.assert(fc.property(bodies, sequence => {
		const redactor = newRedactor();
		for (const [document, place] of sequence) {
			const result = redactor.redactBody(jsonInput(document, place));
			expect(JSON.parse(textOf(result))).toEqual(result.value ?? document);
		}
	}), {numRuns: 2000});
});

test('no secret in the data of a Secret is left, whatever stands beside it', () => {
	fc.assert(fc.property(fc.dictionary(names, documents, {maxKeys: 4}), fc.boolean(), (around, isText) => {
		const body = {...around, ...(isText ? {stringData: {p: secret}} : {data: {p: encoded}})};
		const given = jsonInput(body);
		expectGone(newRedactor().redactBody(given).bytes, secret);
	}), {numRuns: 2000});
});

const contentTypes = fc.constantFrom(undefined, 'application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'application/cbor', 'text/plain', 'x');
const oddTexts = fc.string({unit: fc.constantFrom('a', '/', '?', '&', '=', '%', '%2', '+', '@', ':', '#', '\n', 'é', 'token', secret)});

test('no bytes, header, or URL makes the redactor fail', () => {
	const redactor = newRedactor();
	redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {p: encoded}}));
	fc.assert(fc.property(fc.uint8Array({maxLength: 64}), contentTypes, places, (bytes, contentType, place) => {
		for (const body of [bytes, [...magic, ...bytes], [...bytes, ...raw, ...bytes]]) {
			const result = redactor.redactBody(input(Uint8Array.from(body), {...place, contentType}));
			expectGone(result.bytes, secret);
		}
	}), {numRuns: 1000});
	fc.assert(fc.property(oddTexts, text => {
		expect(redactor.redactUrl(text).includes(secret)).toBe(false);
		expect(dropUrlCredentials(text)).toBeTypeOf('string');
		expect(dropCredentials([[text, text], ['location', text], ['sec-websocket-protocol', text]]).length).toBeGreaterThanOrEqual(2);
		const headers = redactor.redactHeaders([['authorization', text], [text, text]]);
		expect(headers.some(([, value]) => value.includes(secret))).toBe(false);
	}), {numRuns: 1000});
});

test('what a JSON text has beyond its decoded value is not stored: a key given twice, a comment', () => {
	const twice = `{"kind":"Secret","apiVersion":"v1","data":{"p":"${encoded}"},"data":null}`;
	const commented = `# ${secret}\nkind: Secret\napiVersion: v1\nmetadata:\n  name: db\n`;
	for (const [text, contentType] of [[twice, 'application/json'], [commented, 'application/yaml']] as const) {
		const given = input(Buffer.from(text), {contentType});
		expectGone(newRedactor().redactBody(given).bytes, secret);
	}
});

test('a number that is a known value becomes a text; other numbers stay', () => {
	const redactor = newRedactor();
	redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {p: base64('90071992547409931')}}));
	const result = redactor.redactBody(input(Buffer.from('{"kind":"Pod","a":90071992547409931,"b":5,"c":1.5}'), podPlace));
	expect(result).toMatchObject({redacted: true, withheld: false});
	expect(textOf(result)).toMatch(/^\{"kind":"Pod","a":"kubestep-redacted:0032:[\da-f]{16}","b":5,"c":1\.5\}$/v);
});

const dockerConfig = JSON.stringify({auths: {'registry.example.com': {username: 'robot', password: secret, auth: base64(`robot:${secret}`)}}});
const kubeconfig = `apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: ${secret}\n`;

test.each([
	['.dockerconfigjson', dockerConfig],
	['kubeconfig', kubeconfig],
	['app.env', `HOST=db.example.com\nDB_PASSWORD="${secret}"\n`],
	['url', `postgres://app:${secret.replaceAll('/', '')}@db.example.com/app`],
	['echoed', `${secret}\n`],
])('the secret inside of a %s is known by itself', (name, file) => {
	const redactor = newRedactor();
	redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {[name]: base64(file)}}));
	const inside = name === 'url' ? secret.replaceAll('/', '') : secret;
	expect(redactor.redactText(inside)).toMatch(tokenPattern);
	expect(redactor.redactText('apiVersion: v1 registry.example.com db.example.com robot')).toBe('apiVersion: v1 registry.example.com db.example.com robot');
});

test('images, paths, addresses and uids in a Secret are not masked elsewhere', () => {
	const redactor = newRedactor();
	const texts = ['docker.io/library/nginx:1', '/var/lib/postgresql/data', '10.96.0.1:6443', '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b', 'system:serviceaccount:default:app'];
	const entries = texts.map((text, index) => [`field${index}`, base64(text)] as const);
	redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: Object.fromEntries(entries)}));
	for (const text of texts) {
		expect(redactor.redactText(text)).toBe(text);
	}
});

test('a body as deep and as wide as is decoded at all is walked', () => {
	const wide = Array.from({length: 10_000}, () => secret);
	let deep: unknown = {wide};
	for (let level = 0; level < (maximumDepth / 2) - 2; level++) {
		deep = {a: [deep]};
	}

	const redactor = newRedactor();
	redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {p: encoded}}));
	const result = redactor.redactBody(jsonInput(deep, podPlace));
	expect(result).toMatchObject({redacted: true, withheld: false});
	expectGone(result.bytes, secret);
});
