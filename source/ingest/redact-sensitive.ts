import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';
import {decodeBody, stringifyJson} from '../kubernetes/decode-body.js';
import {
	mapEntries,
	mapItems,
	rewriteJson,
	setOwn,
} from './redact-json.js';
import {isJsonPatch, pathSegments, redactPatchOperation} from './redact-patch.js';
import {
	redactSecret,
	redactSecretBody,
	redactValue,
	type SecretTools,
} from './redact-secret.js';

/** What of a body's resource decides how it is redacted. */
export type BodyPlace = {readonly group: string; readonly resource: string; readonly subresource: string};

/** Fields that hold a credential, of resources other than secrets, as paths. */
type SensitiveFields = BodyPlace & {readonly kinds: readonly string[]; readonly paths: ReadonlyArray<readonly string[]>};

const sensitiveFields: readonly SensitiveFields[] = [
	{
		group: '', resource: 'serviceaccounts', subresource: 'token', kinds: ['TokenRequest'], paths: [['status', 'token']],
	},
	{
		group: 'authentication.k8s.io', resource: 'tokenreviews', subresource: '', kinds: ['TokenReview'], paths: [['spec', 'token']],
	},
	{
		group: 'oauth.openshift.io', resource: 'tokenreviews', subresource: '', kinds: ['TokenReview'], paths: [['spec', 'token']],
	},
	{
		group: 'oauth.openshift.io', resource: 'oauthclients', subresource: '', kinds: ['OAuthClient'], paths: [['secret'], ['additionalSecrets']],
	},
	{
		group: 'oauth.openshift.io', resource: 'oauthaccesstokens', subresource: '', kinds: ['OAuthAccessToken'], paths: [['refreshToken'], ['authorizeToken']],
	},
	{
		group: 'oauth.openshift.io', resource: 'oauthauthorizetokens', subresource: '', kinds: ['OAuthAuthorizeToken'], paths: [['codeChallenge']],
	},
	{
		group: 'route.openshift.io', resource: 'routes', subresource: '', kinds: ['Route'], paths: [['spec', 'tls', 'key']],
	},
];

/** Kinds of which everything is a secret: what cannot be decoded there is not stored. */
export type Sensitivity =
	| {readonly type: 'secret'}
	| {readonly type: 'fields'; readonly fields: SensitiveFields}
	| {readonly type: 'none'};

export const sensitivityOf = ({group, resource, subresource}: BodyPlace): Sensitivity => {
	if (group === '' && resource === 'secrets') {
		return {type: 'secret'};
	}

	const fields = sensitiveFields.find(entry => entry.group === group && entry.resource === resource && entry.subresource === subresource);
	assert.ok(fields === undefined || fields.paths.length > 0, 'a sensitive resource has sensitive fields');
	assert.ok(fields?.resource !== 'secrets', 'of secrets, everything is sensitive');
	return fields === undefined ? {type: 'none'} : {type: 'fields', fields};
};

/** An object with the value at a path rewritten, where there is one. */
const withPath = (object: JsonObject, path: readonly string[], rewrite: (value: JsonValue, key: string) => JsonValue): JsonObject => {
	const parents: JsonObject[] = [];
	let value: JsonValue = object;
	for (const key of path) {
		if (!isJsonObject(value) || !Object.hasOwn(value, key)) {
			return object;
		}

		parents.push(value);
		value = value[key];
	}

	assert.equal(parents.length, path.length, 'every level of the path is there');
	let changed = rewrite(value, path.at(-1) ?? '');
	for (const [index, parent] of parents.entries().toArray().toReversed()) {
		const replacement = changed;
		changed = mapEntries(parent, (old, key) => key === path[index] ? replacement : old);
	}

	assert.ok(isJsonObject(changed), 'a path leads into an object');
	return changed;
};

const redactPaths = (object: JsonObject, {paths}: SensitiveFields, tools: SecretTools): JsonObject => {
	let redacted = object;
	for (const path of paths) {
		redacted = withPath(redacted, path, (value, key) => redactValue(value, key, 'text', tools));
	}

	return redacted;
};

/** A JSON patch's value where it goes to, or above, a sensitive field: the value is put in its place, redacted there and taken out again. */
const redactPatchValue = (path: string, value: JsonValue, fields: SensitiveFields, tools: SecretTools): JsonValue => {
	const segments = pathSegments(path);
	assert.ok(segments.length <= path.length, 'every segment has its slash');
	let wrapped = value;
	for (const segment of segments.toReversed()) {
		const outer: JsonObject = {};
		setOwn(outer, segment, wrapped);
		wrapped = outer;
	}

	assert.ok(segments.length === 0 || isJsonObject(wrapped), 'a path of any length wraps the value in objects');
	let redacted: JsonValue = isJsonObject(wrapped) ? redactPaths(wrapped, fields, tools) : wrapped;
	for (const segment of segments) {
		assert.ok(isJsonObject(redacted), 'wrapping is undone level by level');
		redacted = redacted[segment];
	}

	return redacted;
};

const redactFieldsOf = (value: JsonValue, fields: SensitiveFields, tools: SecretTools): JsonValue =>
	isJsonObject(value) ? redactPaths(value, fields, tools) : value;

/** A body of a resource with sensitive fields: an object, a list, a Table, a watch frame, or a patch. */
const redactFieldsBody = (body: JsonValue, fields: SensitiveFields, tools: SecretTools): JsonValue => {
	if (Array.isArray(body) && isJsonPatch(body)) {
		return mapItems(body, operation => redactPatchOperation(operation, (path, value) => redactPatchValue(path, value, fields, tools)));
	}

	if (!isJsonObject(body)) {
		return undefined;
	}

	assert.ok(fields.paths.length > 0, 'a sensitive resource has sensitive fields');
	const redactOne = (value: JsonValue): JsonValue => redactFieldsOf(value, fields, tools);
	const redactRow = (row: JsonValue): JsonValue => isJsonObject(row) ? mapEntries(row, (value, key) => key === 'object' ? redactOne(value) : value) : row;
	const redacted = mapEntries(redactPaths(body, fields, tools), (value, key) => {
		if (key === 'object') {
			return redactOne(value);
		}

		const redactItem = key === 'items' ? redactOne : redactRow;
		return Array.isArray(value) && (key === 'items' || key === 'rows') ? mapItems(value, redactItem) : value;
	});
	assert.equal(Object.keys(redacted).length, Object.keys(body).length, 'a body keeps its shape');
	return redacted;
};

const fieldsOfKind = (kind: JsonValue): SensitiveFields | undefined =>
	typeof kind === 'string' ? sensitiveFields.find(entry => entry.kinds.includes(kind)) : undefined;

/** The object in another's place, where it is of a sensitive kind; undefined: it is not. */
const redactByKind = (object: JsonObject, tools: SecretTools): JsonObject | undefined => {
	if (object.kind === 'Secret' && object.apiVersion === 'v1') {
		return redactSecret(object, tools);
	}

	if (object.kind === 'SecretList' && object.apiVersion === 'v1') {
		const list = redactSecretBody(object, tools);
		assert.ok(isJsonObject(list), 'a list stays an object');
		return list;
	}

	const fields = fieldsOfKind(object.kind);
	assert.ok(fields === undefined || object.kind !== 'Secret', 'a Secret is redacted whole');
	return fields === undefined ? undefined : redactPaths(object, fields, tools);
};

const kindMark = Buffer.from('Secret');
/** What stands before a Secret's kind: a quote in JSON, its length in protobuf. */
const beforeKind: ReadonlySet<number | undefined> = new Set([0x22, kindMark.length]);

/** Whether a body of another kind can have a Secret inside: a List, a template, an annotation. */
export const canHoldSecret = (bytes: Uint8Array): boolean => {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	assert.equal(buffer.length, bytes.length, 'the buffer is a view of the bytes');
	for (let found = buffer.indexOf(kindMark); found !== -1; found = buffer.indexOf(kindMark, found + kindMark.length)) {
		assert.equal(buffer[found], kindMark[0], 'a kind begins here');
		if (beforeKind.has(buffer[found - 1])) {
			return true;
		}
	}

	return false;
};

const isJsonWithSecret = (text: string): boolean => /^\s*[\[\{]/v.test(text) && text.includes('"Secret');

const redactJsonText = (text: string, object: (inner: JsonObject) => JsonObject | undefined): string => {
	const decoded = decodeBody(Buffer.from(text), 'application/json')?.value;
	const redacted = rewriteJson(decoded, {object});
	assert.ok(decoded !== undefined || redacted === undefined, 'what cannot be decoded stays as it is');
	return redacted === decoded ? text : stringifyJson(redacted);
};

/** Every object of a sensitive kind at any depth of a body, also in JSON text inside of it (`last-applied-configuration` of a List or template). */
export const redactInside = (body: JsonValue, tools: SecretTools): JsonValue => {
	const object = (inner: JsonObject): JsonObject | undefined => redactByKind(inner, tools);
	const text = (inner: string): string => isJsonWithSecret(inner) ? redactJsonText(inner, object) : inner;
	return rewriteJson(body, {object, text});
};

/** A decoded body of a sensitive resource. Undefined: it has no shape that a body there can have. */
export const redactSensitive = (body: JsonValue, sensitivity: Sensitivity, tools: SecretTools): JsonValue => {
	switch (sensitivity.type) {
		case 'secret': {
			return redactSecretBody(body, tools);
		}

		case 'fields': {
			return redactFieldsBody(body, sensitivity.fields, tools);
		}

		case 'none': {
			return body;
		}
	}
};
