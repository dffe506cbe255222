import {strict as assert} from 'node:assert';
import {Buffer, isUtf8} from 'node:buffer';
import {shortestPattern} from './redact-scanner.js';
import {isToken} from './redact-token.js';

/** Words that many files hold: masking them would hide nothing and spoil everything. */
const commonWords: ReadonlySet<string> = new Set([
	'changeme',
	'configmap',
	'container',
	'database',
	'deployment',
	'development',
	'disabled',
	'endpoint',
	'external',
	'internal',
	'kube-public',
	'kube-system',
	'kubernetes',
	'kubernetes.default',
	'localhost',
	'metadata',
	'mongodb',
	'namespace',
	'operator',
	'password',
	'postgres',
	'postgresql',
	'production',
	'rabbitmq',
	'readonly',
	'replicas',
	'resource',
	'required',
	'secret',
	'security',
	'service',
	'staging',
	'standard',
	'undefined',
	'username',
	'v1alpha1',
	'127.0.0.1',
	'administrator',
	'authorization',
	'application/json',
]);

/** Names of fields whose values are secret even where they look like a name. */
const secretKeyPattern = /pass|pwd|secret|token|key|credential|auth|private|salt|signature|dsn|^(?:p|pw|pin|psk|otp)$/iv;

/** Whether a field's name says that its value is secret. */
export const isSecretKey = (key: string): boolean => secretKeyPattern.test(key);

const plainTextPattern = /^[\d\-.\/:@_a-z]{1,253}$/v;
const separatorPattern = /[\-.\/:@_]/v;
const uuidPattern = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/v;
/** A part of a name people and controllers give: a word, a number, or a word and a short number. */
const namePartPattern = /^(?:[a-z]{1,63}\d{0,3}|\d{1,10})$/v;
const certificateMark = '-----BEGIN CERTIFICATE-----';

/** `kube-system`, `db-0.default.svc:5432`, `/var/lib/app`, a uid: made of words and numbers, as names of objects, hosts, images and files are. */
const isNameLike = (text: string): boolean => uuidPattern.test(text) || (plainTextPattern.test(text) && text.split(separatorPattern).every(part => part === '' || namePartPattern.test(part)));

/** A URL of nothing but a host: what a person would read anywhere. */
const plainUrlPattern = /^[a-z][\d+\-.a-z]*:\/\/[^\s#\/?@]+\/?$/iv;

/** `unless-named`: only as long as no object, namespace or path has that name. */
export type Learning = 'always' | 'unless-named' | 'never';

/**
Whether a value seen in a secret's field is masked wherever else it appears. Never:
- our own tokens, common words, fewer than three different characters, a URL that is only a host;
- a PEM certificate without a private key: certificates are public, and a cluster's CA stands in many places;
- what reads like a name (`isNameLike`), unless the field's name says that it is secret (`password`, `token`, `api-key`, …) and no object has that name.

Nothing of this touches the field itself: there every value is replaced.
*/
export const learningOf = (value: Uint8Array, key: string): Learning => {
	assert.ok(value.length >= shortestPattern, 'shorter values are never searched for');
	if (!isUtf8(value)) {
		return 'always';
	}

	const text = Buffer.from(value).toString().trim();
	assert.ok(text.length <= value.length, 'characters are no more than bytes');
	const isPlain = text.length < shortestPattern || isToken(text) || commonWords.has(text.toLowerCase()) || new Set(text).size < 3 || plainUrlPattern.test(text);
	const isCertificate = text.startsWith(certificateMark) && !text.includes('PRIVATE KEY');
	if (isPlain || isCertificate) {
		return 'never';
	}

	if (!isNameLike(text)) {
		return 'always';
	}

	return isSecretKey(key) ? 'unless-named' : 'never';
};
