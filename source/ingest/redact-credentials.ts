import {strict as assert} from 'node:assert';
import type {HeaderLines} from '../model/operation.js';

/** Headers that are nothing but a credential. Impersonation and X-Remote-User say who, not by what right: they stay. */
const credentialHeaders: ReadonlySet<string> = new Set([
	'authorization',
	'proxy-authorization',
	'authentication-info',
	'proxy-authentication-info',
	'cookie',
	'cookie2',
	'set-cookie',
	'set-cookie2',
	'x-api-key',
	'x-auth-token',
	'x-access-token',
	'x-csrf-token',
	'x-forwarded-access-token',
	'x-auth-request-access-token',
	'x-amz-security-token',
	'x-goog-iap-jwt-assertion',
	'x-ms-token-aad-access-token',
	'x-vault-token',
	'x-client-cert',
	'x-forwarded-client-cert',
	'ssl-client-cert',
]);

/** Headers whose value is a URL. */
const urlHeaders: ReadonlySet<string> = new Set(['location', 'content-location', 'referer', 'link']);

/** Query parameters that are nothing but a credential. */
const credentialParameters: ReadonlySet<string> = new Set([
	'access_token', 'token', 'id_token', 'refresh_token', 'client_secret', 'password', 'api_key', 'apikey', 'authorization', 'x-amz-signature', 'x-amz-security-token',
]);

/** What stands where a credential stood. */
export const droppedCredential = 'kubestep-redacted';
const bearerProtocol = 'base64url.bearer.authorization.k8s.io.';
const userInfoPattern = /^(?<scheme>[a-z][\d+\-.a-z]*:\/\/)[^#\/?]*@/iv;

/** Percent-encoding undone; a text that is not well encoded stands as it is. */
export const decodePercent = (text: string): string => {
	try {
		return text.includes('%') ? decodeURIComponent(text) : text;
	} catch {
		return text;
	}
};

type RewriteParameter = (value: string, name: string) => string;

const rewriteParameter = (part: string, rewrite: RewriteParameter): string => {
	const equals = part.indexOf('=');
	const name = part.slice(0, equals);
	return equals === -1 ? part : `${name}=${rewrite(part.slice(equals + 1), decodePercent(name))}`;
};

/** Rewrites the value of every query parameter; `name` is decoded, the value is as on the wire. The same text where nothing changed. */
export const mapQuery = (query: string, rewrite: RewriteParameter): string => query.split('&').map(part => rewriteParameter(part, rewrite)).join('&');

export const isCredentialParameter = (name: string): boolean => credentialParameters.has(name.toLowerCase());

/** A URL, or path and query, without credentials: user info, and the query parameters that carry tokens. */
export const dropUrlCredentials = (url: string): string => {
	const named = url.replace(userInfoPattern, '$<scheme>');
	const mark = named.indexOf('?');
	if (mark === -1) {
		return named;
	}

	assert.ok(named.length <= url.length, 'user info is only taken away');
	const query = mapQuery(named.slice(mark + 1), (value, name) => value !== '' && isCredentialParameter(name) ? droppedCredential : value);
	assert.ok(!userInfoPattern.test(named), 'user info is gone');
	assert.ok(!query.includes('?') || named.slice(mark + 1).includes('?'), 'the query begins where it began');
	return `${named.slice(0, mark + 1)}${query}`;
};

const dropBearerProtocol = (value: string): string => value.split(',').map(part => {
	const protocol = part.trim();
	return protocol.startsWith(bearerProtocol) ? part.replace(protocol, () => bearerProtocol + droppedCredential) : part;
}).join(',');

const withoutCredentials = (name: string, value: string): string => {
	if (name === 'sec-websocket-protocol') {
		return dropBearerProtocol(value);
	}

	return urlHeaders.has(name) ? dropUrlCredentials(value) : value;
};

/** Header lines without credentials. Done to every recording, also one without redaction. */
export const dropCredentials = (lines: HeaderLines): HeaderLines => {
	const kept = lines.filter(([name]) => !credentialHeaders.has(name.toLowerCase()));
	return kept.map(([name, value]) => [name, withoutCredentials(name.toLowerCase(), value)] as const);
};
