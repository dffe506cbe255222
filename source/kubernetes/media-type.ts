import {strict as assert} from 'node:assert';

/** A Content-Type, or one clause of an Accept header, lower-cased type with its parameters. */
export type MediaType = {
	/** `application/json`, `application/vnd.kubernetes.protobuf`, … */
	readonly type: string;
	/** By lower-case name; values as written, quotes undone. No prototype. */
	readonly parameters: Readonly<Record<string, string>>;
};

export type BodyFormat = 'json' | 'protobuf' | 'yaml' | 'cbor' | 'text' | 'unknown';

/** Longer values are no media type. */
export const maximumMediaTypeLength = 4096;

const typePattern = /^[^\s"\(\),\/:;<=>?@\[\\\]\{\}]+\/[^\s"\(\),\/:;<=>?@\[\\\]\{\}]+$/v;
const parameterPattern = /;[\t ]*(?<name>[^\s"\(\),\/:;<=>?@\[\\\]\{\}]+)[\t ]*=[\t ]*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\t ";]*))/gv;

export const parseMediaType = (value: string): MediaType | undefined => {
	if (value.length > maximumMediaTypeLength) {
		return undefined;
	}

	const end = value.indexOf(';');
	const type = (end === -1 ? value : value.slice(0, end)).trim().toLowerCase();
	if (!typePattern.test(type)) {
		return undefined;
	}

	assert.ok(type.length <= maximumMediaTypeLength, 'a type is bounded');
	const parameters = Object.create(null) as Record<string, string>;
	for (const {groups} of end === -1 ? [] : value.slice(end).matchAll(parameterPattern)) {
		assert.ok(groups?.name !== undefined, 'a parameter has a name');
		parameters[groups.name.toLowerCase()] ??= groups.quoted === undefined ? groups.plain ?? '' : groups.quoted.replaceAll(/\\(?=.)/gv, '');
	}

	assert.ok(Object.keys(parameters).length <= value.length, 'a parameter has text');
	return {type, parameters};
};

const formats: ReadonlyMap<string, BodyFormat> = new Map([
	['application/json', 'json'],
	['text/json', 'json'],
	['application/vnd.kubernetes.protobuf', 'protobuf'],
	['application/yaml', 'yaml'],
	['application/x-yaml', 'yaml'],
	['text/yaml', 'yaml'],
	['text/x-yaml', 'yaml'],
	['application/cbor', 'cbor'],
	['application/cbor-seq', 'cbor'],
]);

/** By the structured syntax suffix: `application/merge-patch+json`. */
const suffixes: ReadonlyMap<string, BodyFormat> = new Map([['json', 'json'], ['yaml', 'yaml'], ['cbor', 'cbor']]);

const formatOfType = (type: string): BodyFormat =>
	formats.get(type) ?? suffixes.get(type.slice(type.lastIndexOf('+') + 1)) ?? (type.startsWith('text/') ? 'text' : 'unknown');

/** `application/json;as=Table` and `application/merge-patch+json` are json; `application/apply-patch+yaml` is yaml (its text often is JSON). */
export const bodyFormat = (contentType: string | undefined): BodyFormat => {
	const media = contentType === undefined ? undefined : parseMediaType(contentType);
	return media === undefined ? 'unknown' : formatOfType(media.type);
};

/** Whether a response of this type to a watch is framed as protobuf (`…;stream=watch`), not as one protobuf body. */
export const isWatchStream = (contentType: string | undefined): boolean => {
	const media = contentType === undefined ? undefined : parseMediaType(contentType);
	return media !== undefined && (media.parameters.stream === 'watch' || media.type === 'application/cbor-seq');
};
