import {Buffer} from 'node:buffer';
import {expect, test} from 'vitest';
import type {Redactor} from '../../source/ingest/redaction.js';
import {maximumKnownValues} from '../../source/ingest/redact-index.js';
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
	secretPlace,
	stringAtPlace,
	tokenIn,
	tokenPattern,
} from './redaction-support.js';

const password = 'S3cr3t-Pa55/w+rd?&"x"<y>\'é\n';
const plain = 'hunter2-Hunter3';

/** A redactor that has seen a Secret with these values. */
const knowing = (data: Record<string, string>): Redactor => {
	const redactor = newRedactor();
	const encoded = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, base64(value)]));
	redactor.redactBody(jsonInput({
		kind: 'Secret', apiVersion: 'v1', metadata: {name: 'db'}, data: encoded,
	}));
	return redactor;
};

const pod = (value: string) => ({
	kind: 'Pod', apiVersion: 'v1', metadata: {name: 'web', namespace: 'default', annotations: {config: JSON.stringify({password: value})}},
	spec: {
		containers: [{
			name: 'app', image: 'app:1', args: [`--password=${value}`, `--auth=${base64(`user:${value}`)}`], env: [{name: 'PASSWORD', value}],
		}],
	},
});

/** A pod as a JSON writer makes it that escapes some characters. */
const written = (value: string, escaped: RegExp, digits: 'lower' | 'upper') => {
	const text = JSON.stringify(pod(value)).replaceAll(escaped, character => {
		const code = character.codePointAt(0)!.toString(16).padStart(4, '0');
		return String.raw`\u` + (digits === 'upper' ? code.toUpperCase() : code);
	});
	return input(Buffer.from(text), podPlace);
};

test.each([password, plain])('a known value (%j) is masked wherever it appears later, in JSON and in protobuf', value => {
	for (const given of [
		jsonInput(pod(value), podPlace),
		written(value, /[&<>]/gv, 'lower'), // Go
		written(value, /é/gv, 'lower'), // Python
		written(value, /[&'+<>\u{80}-\u{FFFF}]/gv, 'upper'), // .NET
		written(value, /3/gv, 'lower'), // Somebody who hides something
		protobufInput(pod(value), podPlace),
	]) {
		const redactor = knowing({password: value, token: value});
		const result = redactor.redactBody(given);
		expect(result).toMatchObject({redacted: true, withheld: false});
		const decoded = decodedAgain(result, given.contentType);
		expectGone(result.bytes, value);
		const container = at(decoded, 'spec', 'containers', 0);
		const token = stringAtPlace(container, 'env', 0, 'value');
		expect(token).toMatch(tokenPattern);
		expect(at(container, 'args', 0)).toBe(`--password=${token}`);
		expect(at(container, 'image')).toBe('app:1');
		const config: unknown = JSON.parse(stringAtPlace(decoded, 'metadata', 'annotations', 'config'));
		expect(config).toEqual({password: token});
	}
});

test('a value has one token wherever it is found', () => {
	const redactor = newRedactor();
	const secret = redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {p: base64(plain)}})).value;
	const token = tokenIn(at(secret, 'data', 'p'));
	const later = redactor.redactBody(jsonInput(pod(plain), podPlace));
	expect(at(later.value, 'spec', 'containers', 0, 'env', 0, 'value')).toBe(token);
	expect(redactor.redactText(`login with ${plain} failed`)).toBe(`login with ${token} failed`);
	expect(redactor.redactText(`binary ${base64(plain)}`)).toBe(`binary ${base64(token)}`);
});

test('a field of bytes stays one: what was base64 is base64 of the token', () => {
	const redactor = knowing({p: plain});
	const configMap = {
		kind: 'ConfigMap', apiVersion: 'v1', metadata: {name: 'c'}, binaryData: {same: base64(plain), inside: base64(`xy${plain}z`)},
	};
	const result = redactor.redactBody(protobufInput(configMap, {group: '', resource: 'configmaps', subresource: ''}));
	expect(result).toMatchObject({redacted: true, withheld: false});
	expectGone(result.bytes, plain);
	const value = decodedAgain(result, 'application/vnd.kubernetes.protobuf');
	expect(tokenIn(at(value, 'binaryData', 'same'))).not.toBe(tokenIn(at(value, 'binaryData', 'inside')));
});

test('a known value is masked in keys, managed fields among them', () => {
	const redactor = knowing({p: plain});
	const object = {
		kind: 'ConfigMap', apiVersion: 'v1', metadata: {name: 'c', managedFields: [{fieldsV1: {'f:data': {[`k:{"name":"${plain}"}`]: {}}}}]}, data: {[plain]: 'a', [`${plain} `]: 'b'},
	};
	const result = redactor.redactBody(jsonInput(object, {group: '', resource: 'configmaps', subresource: ''}));
	expectGone(result.bytes, plain);
	expect(Object.values(at(result.value, 'data') as Record<string, string>).toSorted()).toEqual(['a', 'b']);
});

test('texts and bodies that cannot be decoded are masked, or withheld where masking would break them', () => {
	const redactor = knowing({p: plain});
	const log = redactor.redactBody(input(Buffer.from(`connecting with ${plain}\n`), {
		...podPlace, subresource: 'log', contentType: 'text/plain', kind: 'response',
	}));
	expect(log).toMatchObject({redacted: true, withheld: false});
	expect(Buffer.from(log.bytes).toString()).toMatch(/^connecting with kubestep-redacted:0016:[\da-f]{16}\n$/v);
	const cut = redactor.redactBody(input(Buffer.from(`{"kind":"Pod","x":"${plain}`), podPlace));
	expect(cut).toMatchObject({redacted: true, withheld: false});
	expectGone(cut.bytes, plain);
	const binary = Buffer.from([0xD9, 0xD9, 0xF7, 0, ...Buffer.from(plain)]);
	const cbor = redactor.redactBody(input(binary, {...podPlace, contentType: 'application/cbor'}));
	expect(cbor).toMatchObject({redacted: true, withheld: true});
	expectGone(cbor.bytes, plain);
});

test('names, certificates, common words and short values of a Secret are not masked elsewhere', () => {
	const certificate = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUY2xhc3M=\n-----END CERTIFICATE-----\n';
	const redactor = knowing({
		username: 'postgres-admin', password: 'password', namespace: 'kube-system', host: 'db-0.default.svc', url: 'https://db.example.com:5432/', 'ca.crt': certificate, short: 'abc!123', spaces: ' '.repeat(10), enabled: 'true',
	});
	for (const text of ['postgres-admin', 'password', 'kube-system', 'db-0.default.svc', 'https://db.example.com:5432/', certificate, 'abc!123', ' '.repeat(10), 'true']) {
		const given = jsonInput({kind: 'ConfigMap', apiVersion: 'v1', data: {text, encoded: base64(text)}}, {group: '', resource: 'configmaps'});
		expect(redactor.redactBody(given).bytes, text).toBe(given.bytes);
		expect(redactor.redactText(text)).toBe(text);
	}
});

test('a password that reads like a name is masked, unless something has that name', () => {
	expect(knowing({password: 'correct-horse'}).redactText('correct-horse')).toMatch(tokenPattern);
	const named = newRedactor();
	named.redactBody(jsonInput({kind: 'Pod', metadata: {name: 'correct-horse'}}, podPlace), {kind: 'Pod', metadata: {name: 'correct-horse'}});
	named.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {password: base64('correct-horse')}}));
	expect(named.redactText('correct-horse')).toBe('correct-horse');
	const later = knowing({password: 'correct-horse'});
	expect(later.redactUrl('/api/v1/namespaces/correct-horse/pods')).toBe('/api/v1/namespaces/correct-horse/pods');
	expect(later.redactText('correct-horse')).toBe('correct-horse');
	expect(knowing({password: plain}).redactUrl(`/api/v1/namespaces/${plain}/pods`)).not.toContain(plain);
});

test('a private key that comes with its certificate is masked', () => {
	const pair = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGFiY2Q\n-----END PRIVATE KEY-----\n';
	expect(knowing({'tls.pem': pair}).redactText(`x${pair}y`)).toMatch(/^xkubestep-redacted:0256:[\da-f]{16}y$/v);
});

test('the messages of errors about a Secret do not repeat its values', () => {
	const redactor = newRedactor();
	redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', stringData: {p: plain}}, {verb: 'create'}));
	const status = {
		kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `Secret "db" is invalid: data[p]: Invalid value: "${plain}": too short`, reason: 'Invalid', code: 422,
	};
	const result = redactor.redactBody(jsonInput(status, {kind: 'response'}));
	expect(result.redacted).toBe(true);
	expectGone(result.bytes, plain);
	expect(at(result.value, 'message')).toMatch(/^Secret "db" is invalid: data\[p\]: Invalid value: "kubestep-redacted:\S+": too short$/v);
});

test('no more than the named number of values is remembered; those not seen for longest are forgotten first', () => {
	const redactor = newRedactor();
	const valueOf = (index: number): string => `Value-Number-${index}!`;
	for (let first = 0; first < maximumKnownValues + 600; first += 100) {
		const data = Object.fromEntries(Array.from({length: 100}, (_, index) => [`k${index}`, base64(valueOf(first + index))]));
		redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {...data, always: base64(plain)}}));
	}

	expect(redactor.redactText(plain)).toMatch(tokenPattern);
	expect(redactor.redactText(valueOf(maximumKnownValues + 599))).toMatch(tokenPattern);
	expect(redactor.redactText(valueOf(1000))).toMatch(tokenPattern);
	expect(redactor.redactText(valueOf(0))).toBe(valueOf(0));
});

test('a value that was seen in a token request, a bearer header, or a protobuf Secret is known as well', () => {
	const redactor = newRedactor();
	redactor.redactBody(jsonInput({kind: 'TokenRequest', status: {token: 'eyJhbGciOi.one.x'}}, {group: '', resource: 'serviceaccounts', subresource: 'token'}));
	redactor.redactHeaders([['Authorization', 'Bearer eyJhbGciOi.two.x']]);
	redactor.redactBody(protobufInput({
		kind: 'Secret', apiVersion: 'v1', metadata: {}, data: {t: base64('eyJhbGciOi.three.x')},
	}));
	const result = redactor.redactBody(input(jsonBytes({
		kind: 'ConfigMap', data: {
			a: 'eyJhbGciOi.one.x', b: 'eyJhbGciOi.two.x', c: 'eyJhbGciOi.three.x', d: 'eyJhbGciOi.four.x',
		},
	}), {...secretPlace, resource: 'configmaps'}));
	const text = Buffer.from(result.bytes).toString();
	expect(text.match(/eyJhbGciOi\.\w+/gv)).toEqual(['eyJhbGciOi.four']);
});
