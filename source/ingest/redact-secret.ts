import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';
import {decodeBody, stringifyJson} from '../kubernetes/decode-body.js';
import {mapEntries, mapItems} from './redact-json.js';
import {isJsonPatch, pathSegments, redactPatchOperation} from './redact-patch.js';
import {isToken, type TokenMaker} from './redact-token.js';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** What redacting a Secret needs: tokens, and somebody to tell the values to. */
export type SecretTools = {
	readonly tokens: TokenMaker;
	readonly learn: (value: Uint8Array, key: string) => void;
};

/** `base64`: a value of `data`. `text`: a value of `stringData`, or one that stands as it is. */
type ValueEncoding = 'base64' | 'text';

/** Fields of a Secret that hold no secret. */
const openFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'type', 'immutable']);
/** Kinds that are answered or sent at secrets without being one. */
const openKinds: ReadonlySet<string> = new Set(['List', 'Table', 'Status', 'DeleteOptions', 'CreateOptions', 'UpdateOptions', 'PatchOptions']);
const base64Pattern = /^[\s\w+\-\/]*={0,2}$/v;
const compressedStart = 'H4sI';
const directives: ReadonlySet<JsonValue> = new Set(['replace', 'merge', 'delete', 'retainKeys']);

/** The bytes a value stands for. What is no base64 where base64 is due stands for its text. */
const bytesOf = (text: string, encoding: ValueEncoding): Uint8Array =>
	encoding === 'base64' && base64Pattern.test(text.trim()) ? Buffer.from(text, 'base64') : Buffer.from(text);

const nothing: ReadonlySet<JsonValue> = new Set([undefined, null, '']);

/** A token in a value's place; null (a patch's deletion) and the empty string hide nothing and stay. */
export const redactValue = (value: JsonValue, key: string, encoding: ValueEncoding, tools: SecretTools): JsonValue => {
	if (nothing.has(value)) {
		return value;
	}

	const text = typeof value === 'string' ? value : stringifyJson(value);
	assert.notEqual(text, '', 'nothing is not replaced');
	const bytes = bytesOf(text, encoding);
	if (isToken(Buffer.from(bytes).toString())) {
		return value;
	}

	tools.learn(bytes, key);
	const token = tools.tokens.tokenOf(bytes);
	assert.ok(isToken(token), 'a token is known as one, so that it is not replaced again');
	assert.notEqual(token, text, 'the value is gone');
	return encoding === 'base64' ? Buffer.from(token).toString('base64') : token;
};

/** What a strategic merge patch says about a map. */
const isDirective = (key: string, value: JsonValue): boolean =>
	(key === '$patch' && directives.has(value)) || (key === '$retainKeys' && Array.isArray(value));

/** Every value of `data` or `stringData`. */
const redactValues = (values: JsonValue, encoding: ValueEncoding, tools: SecretTools): JsonValue => {
	const redactEntry = (value: JsonValue, key: string): JsonValue => isDirective(key, value) ? value : redactValue(value, key, encoding, tools);
	return isJsonObject(values) ? mapEntries(values, redactEntry) : redactEntry(values, '');
};

const encodingOf = (field: string): ValueEncoding | undefined => {
	const lower = field.toLowerCase();
	if (lower === 'data') {
		return 'base64';
	}

	return lower === 'stringdata' ? 'text' : undefined;
};

type RewriteMetadata = (metadata: JsonValue) => JsonValue;

/** One field of a Secret. A field Secrets do not have is a misspelt one: its value is as secret. */
const redactField = (value: JsonValue, field: string, tools: SecretTools, rewriteMetadata: RewriteMetadata): JsonValue => {
	const encoding = encodingOf(field);
	if (encoding !== undefined) {
		return redactValues(value, encoding, tools);
	}

	const isOpen = openFields.has(field) || field.startsWith('$');
	assert.ok(!isOpen || field.toLowerCase() !== 'data', 'data is never open');
	assert.ok(!isOpen || field !== 'metadata', 'metadata is looked into');
	if (field === 'metadata') {
		return rewriteMetadata(value);
	}

	return isOpen ? value : redactValue(value, field, 'text', tools);
};

const isCopy = (value: JsonValue): value is string => typeof value === 'string' && (/^\s*[\[\{]/v.test(value) || value.startsWith(compressedStart));

type RewriteAnnotation = (value: JsonValue, key: string) => JsonValue;

const mapAnnotations = (annotations: JsonValue, rewrite: RewriteAnnotation): JsonValue => isJsonObject(annotations) ? mapEntries(annotations, rewrite) : annotations;

const inMetadata = (metadata: JsonValue, rewrite: RewriteMetadata): JsonValue =>
	isJsonObject(metadata) ? mapEntries(metadata, (value, field) => field === 'annotations' ? rewrite(value) : value) : metadata;

/** A copy of a Secret inside an annotation of that Secret. What stands in *its* annotations is replaced whole. */
const redactCopy = (text: string, key: string, tools: SecretTools): JsonValue => {
	assert.notEqual(text, '', 'a copy has a text');
	const decoded = decodeBody(Buffer.from(text), 'application/json')?.value;
	if (!isJsonObject(decoded)) {
		return redactValue(text, key, 'text', tools);
	}

	const hideCopies = (annotations: JsonValue): JsonValue => mapAnnotations(annotations, (inner, name) => isCopy(inner) ? redactValue(inner, name, 'text', tools) : inner);
	const redacted = mapEntries(decoded, (value, field) => redactField(value, field, tools, metadata => inMetadata(metadata, hideCopies)));
	assert.equal(Object.keys(redacted).length, Object.keys(decoded).length, 'a copy keeps its shape');
	return redacted === decoded ? text : stringifyJson(redacted);
};

/** An annotation of a Secret: `last-applied-configuration` and its like hold the Secret again, as JSON or compressed. */
const redactAnnotation = (value: JsonValue, key: string, tools: SecretTools): JsonValue => {
	if (typeof value !== 'string' || value.startsWith(compressedStart)) {
		return redactValue(value, key, 'text', tools);
	}

	const isSecretAgain = value !== '' && (key === lastAppliedAnnotation || isCopy(value));
	assert.ok(isSecretAgain || !value.startsWith('{'), 'what begins like an object is looked into');
	return isSecretAgain ? redactCopy(value, key, tools) : value;
};

const redactAnnotations = (annotations: JsonValue, tools: SecretTools): JsonValue => mapAnnotations(annotations, (value, key) => redactAnnotation(value, key, tools));

const redactMetadata = (metadata: JsonValue, tools: SecretTools): JsonValue => inMetadata(metadata, annotations => redactAnnotations(annotations, tools));

/** A Secret, a part of one (merge, strategic merge and apply patches), or its PartialObjectMetadata. */
export const redactSecret = (secret: JsonObject, tools: SecretTools): JsonObject =>
	mapEntries(secret, (value, field) => redactField(value, field, tools, metadata => redactMetadata(metadata, tools)));

/** The value of a JSON patch's operation, by the path it goes to. */
const redactAtPath = (segments: readonly string[], value: JsonValue, tools: SecretTools): JsonValue => {
	const [field, key, annotation] = segments;
	if (field === undefined) {
		return isJsonObject(value) ? redactSecret(value, tools) : redactValue(value, '', 'text', tools);
	}

	const encoding = encodingOf(field);
	assert.ok(encoding === undefined || !openFields.has(field), 'data is never open');
	assert.ok(encoding === undefined || field !== 'metadata', 'metadata is no data');
	if (key === undefined) {
		return redactField(value, field, tools, metadata => redactMetadata(metadata, tools));
	}

	if (encoding !== undefined) {
		return redactValue(value, key, encoding, tools);
	}

	if (field !== 'metadata') {
		return openFields.has(field) ? value : redactValue(value, field, 'text', tools);
	}

	if (key !== 'annotations') {
		return value;
	}

	return annotation === undefined ? redactAnnotations(value, tools) : redactAnnotation(value, annotation, tools);
};

type Rewrite = (value: JsonValue) => JsonValue;

const inField = (object: JsonObject, name: string, rewrite: Rewrite): JsonObject => mapEntries(object, (value, field) => field === name ? rewrite(value) : value);

const inItems = (items: JsonValue, rewrite: Rewrite): JsonValue => Array.isArray(items) ? mapItems(items, rewrite) : items;

/** Whether an object at secrets is none itself: a list, a Table, a Status, options. */
const isContainer = ({kind, items, rows}: JsonObject): boolean =>
	Array.isArray(items) || Array.isArray(rows) || (typeof kind === 'string' && (openKinds.has(kind) || kind.endsWith('List')));

/** One object as it stands at secrets: a Secret, or a Status, options, or a list or Table of them. */
const redactDocument = (document: JsonObject, tools: SecretTools): JsonObject => {
	if (!isContainer(document)) {
		return redactSecret(document, tools);
	}

	const redactItem = (item: JsonValue): JsonValue => isJsonObject(item) ? redactSecret(item, tools) : redactValue(item, '', 'text', tools);
	const redactRow = (row: JsonValue): JsonValue => isJsonObject(row) ? inField(row, 'object', redactItem) : redactItem(row);
	const redacted = mapEntries(document, (value, field) => {
		if (field === 'items' || field === 'rows') {
			return Array.isArray(value) ? mapItems(value, field === 'items' ? redactItem : redactRow) : redactValue(value, field, 'text', tools);
		}

		const isSecretField = encodingOf(field) !== undefined || field === 'metadata';
		return isSecretField ? redactField(value, field, tools, metadata => redactMetadata(metadata, tools)) : value;
	});
	assert.equal(Object.keys(redacted).length, Object.keys(document).length, 'a list keeps its shape');
	assert.equal(redacted.kind, document.kind, 'a list stays one');
	return redacted;
};

/** Fields of a watch frame, and no others: a Secret has a type as well. */
const isFrame = (value: JsonObject): boolean => typeof value.type === 'string' && isJsonObject(value.object) && Object.keys(value).length === 2;

/**
A decoded body of a request, response, event or list item at core/v1 secrets, whatever its shape: single objects, lists, Tables, watch frames, and
patches of every type. Undefined: it has no shape that a body there can have.
*/
export const redactSecretBody = (body: JsonValue, tools: SecretTools): JsonValue => {
	if (isJsonPatch(body)) {
		return inItems(body, operation => redactPatchOperation(operation, (path, value) => redactAtPath(pathSegments(path), value, tools)));
	}

	if (!isJsonObject(body)) {
		return undefined;
	}

	assert.ok(!Array.isArray(body), 'a list of patches was one, or is refused');
	assert.ok(!isFrame(body) || !Object.hasOwn(body, 'data'), 'a frame holds its object in one field');
	return isFrame(body) ? inField(body, 'object', object => isJsonObject(object) ? redactDocument(object, tools) : object) : redactDocument(body, tools);
};
