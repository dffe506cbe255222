import {expect, test} from 'vitest';
import {dropCredentials, dropUrlCredentials} from '../../source/ingest/redaction.js';
import {base64, jsonInput, newRedactor} from './redaction-support.js';

const secret = 'S3cr3t/Pa55 w+rd&é';
const token = /kubestep-redacted%3A\d{4}%3A[\da-f]{16}/v;

const knowing = () => {
	const redactor = newRedactor();
	redactor.redactBody(jsonInput({kind: 'Secret', apiVersion: 'v1', data: {p: base64(secret)}}));
	return redactor;
};

test('credentials are dropped from headers, whatever their case; impersonation and everything else stay in order', () => {
	expect(dropCredentials([
		['Host', 'x'],
		['AUTHORIZATION', 'Bearer abc'],
		['proxy-authorization', 'Basic abc'],
		['Cookie', 'a=b'],
		['Set-Cookie', 'a=b'],
		['X-Forwarded-Access-Token', 'abc'],
		['Impersonate-User', 'jane'],
		['X-Remote-User', 'jane'],
		['Sec-WebSocket-Protocol', 'v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.YWJj, base64.channel.k8s.io'],
		['Location', 'https://user:pass@example.com/x?token=abc&a=b'],
		['Accept', 'application/json'],
		['Accept', 'text/plain'],
	])).toEqual([
		['Host', 'x'],
		['Impersonate-User', 'jane'],
		['X-Remote-User', 'jane'],
		['Sec-WebSocket-Protocol', 'v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.kubestep-redacted, base64.channel.k8s.io'],
		['Location', 'https://example.com/x?token=kubestep-redacted&a=b'],
		['Accept', 'application/json'],
		['Accept', 'text/plain'],
	]);
});

test('credentials are dropped from URLs also where nothing else is redacted', () => {
	expect(dropUrlCredentials('/api/v1/pods?access_token=abc&watch=true&token=x%20y&continue=abc')).toBe('/api/v1/pods?access_token=kubestep-redacted&watch=true&token=kubestep-redacted&continue=abc');
	expect(dropUrlCredentials('/api/v1/pods?acc%65ss_token=abc')).toBe('/api/v1/pods?acc%65ss_token=kubestep-redacted');
	for (const url of ['/api/v1/pods', '/api/v1/pods?', '/api/v1/pods?watch&limit=500', '/x?token=', '/a@b/c?x=%', '']) {
		expect(dropUrlCredentials(url)).toBe(url);
	}
});

test('tokens in parameters are equal for equal credentials', () => {
	const redactor = newRedactor();
	const first = redactor.redactUrl('/x?access_token=abc');
	expect(first).toMatch(token);
	expect(redactor.redactUrl('/y?token=abc').split('=', 2)[1]).toBe(first.split('=', 2)[1]);
	expect(redactor.redactUrl('/y?token=abd').split('=', 2)[1]).not.toBe(first.split('=', 2)[1]);
});

test('known values are masked in any path segment and parameter, however they are percent-encoded', () => {
	const redactor = knowing();
	const everyByte = [...new TextEncoder().encode(secret)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
	const usual = encodeURIComponent(secret);
	const lowerCase = usual.replaceAll(/%../gv, escaped => escaped.toLowerCase());
	for (const encoded of [usual, lowerCase, everyByte, base64(secret)]) {
		const url = redactor.redactUrl(`/api/v1/namespaces/default/services/db/proxy/${encoded}?q=${encoded}&limit=5`);
		expect(url).not.toContain(encoded);
		expect(url).toMatch(/^\/api\/v1\/namespaces\/default\/services\/db\/proxy\/[^\/?]+\?q=[^&]+&limit=5$/v);
	}

	const form = encodeURIComponent(secret).replaceAll('%20', '+');
	expect(redactor.redactUrl(`/x?q=${form}`)).not.toContain(form);
});

test('a URL without anything secret is the same text', () => {
	const redactor = knowing();
	for (const url of [
		'/api/v1/namespaces/default/pods?labelSelector=app%3Dweb&limit=500',
		'/apis/apps/v1/deployments?watch=true&resourceVersion=5&allowWatchBookmarks=true',
		'/',
		'',
		'/%zz?%zz=%zz',
		'/api?fieldSelector=metadata.name%3dx',
	]) {
		expect(redactor.redactUrl(url)).toBe(url);
	}
});

test('of an exec the program stays and its arguments are tokens', () => {
	const url = newRedactor().redactUrl('/api/v1/namespaces/default/pods/db-0/exec?command=psql&command=-phunter2&container=db&stdin=true');
	expect(url).toMatch(/^\/api\/v1\/namespaces\/default\/pods\/db-0\/exec\?command=psql&command=kubestep-redacted%3A0016%3A[\da-f]{16}&container=db&stdin=true$/v);
	expect(newRedactor().redactUrl('/api/v1/namespaces/default/pods/db-0/exec?command=PW%3Dx%20run')).toMatch(token);
});

test('known values are masked in headers', () => {
	const redactor = knowing();
	expect(redactor.redactHeaders([['Warning', `299 - "bad value ${secret}"`], ['Authorization', 'Bearer x'], ['Date', 'now']])).toEqual([
		['Warning', expect.stringMatching(/^299 - "bad value kubestep-redacted:0032:[\da-f]{16}"$/v)], ['Date', 'now'],
	]);
});
