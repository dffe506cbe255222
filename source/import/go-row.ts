import {Buffer} from 'node:buffer';
import {type JsonObject, isJsonObject, objectAt} from '../model/json.js';
import {textOf} from './border.js';
import {type KindResource, resourceOfKind} from './kind-resource.js';
import {parseSlice} from './parse-slice.js';

/** Columns of `operations` that every generation of the Go KubeStep has, and those that came later. */
export const requiredColumns = ['session_id', 'sequence_number', 'timestamp', 'operation_type', 'resource_kind', 'namespace', 'name'] as const;
export const optionalColumns = ['resource_data', 'error', 'duration_ms', 'actor_id', 'uid', 'resource_version', 'generation', 'verb'] as const;
export type GoColumn = typeof requiredColumns[number] | typeof optionalColumns[number];

/** One row of the Go KubeStep's `operations`. */
export type GoRow = {
	/** Lower-case verb of RequestInfo; an event's is `watch`. */
	readonly verb: string;
	readonly subresource: string;
	/** A WATCH row with an object is an event that was delivered. */
	readonly isEvent: boolean;
	/** ADDED, MODIFIED, DELETED; undefined: the row does not say. */
	readonly eventType: string | undefined;
	/** Ms since the Unix epoch. */
	readonly timestamp: number | undefined;
	readonly durationMs: number;
	readonly target: KindResource;
	readonly namespace: string;
	readonly name: string;
	readonly uid: string;
	readonly actor: string | undefined;
	readonly error: string | undefined;
	readonly object: JsonObject | undefined;
	/** `resource_data` is there, and no JSON object. */
	readonly isDataBroken: boolean;
};

const verbs: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);
const eventTypes: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

/** Longest duration believed, ms: a day. */
const maximumDuration = 86_400_000;

/** A column as text: SQLite lets any column hold anything. */
const toText = (value: unknown): string => {
	if (value instanceof Uint8Array) {
		return Buffer.from(value).toString('utf8');
	}

	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const number = (value: unknown): number | undefined => {
	const read = typeof value === 'number' ? value : (typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN);
	return Number.isFinite(read) ? read : undefined;
};

/** Below a limit, a time since 1970 can only be in this unit; the factor makes ms of it. */
const timeUnits: ReadonlyArray<readonly [limit: number, factor: number]> = [[1e11, 1000], [1e14, 1], [1e17, 1e-3]];

/** Unix seconds as the schema says; larger ones can only be ms, µs or ns. */
export const unixMilliseconds = (value: unknown): number | undefined => {
	const read = number(value);
	if (read === undefined || read < 0) {
		return undefined;
	}

	const [, scale] = timeUnits.find(([limit]) => read < limit) ?? [Infinity, 1e-6];
	return read * scale;
};

const splitVerb = (verb: string, type: string): {readonly verb: string; readonly subresource: string} => {
	const [first = '', subresource = ''] = verb.toLowerCase().split('/', 2);
	return verbs.has(first) ? {verb: first, subresource} : {verb: type.toLowerCase(), subresource: ''};
};

const readData = (value: unknown): {readonly object: JsonObject | undefined; readonly isBroken: boolean} => {
	const data = toText(value).trim();
	if (data === '' || data === 'null') {
		return {object: undefined, isBroken: false};
	}

	// A list may be written as its items alone.
	const parsed = parseSlice(data.startsWith('[') ? `{"items":${data}}` : data);
	return {object: parsed.value, isBroken: parsed.value === undefined};
};

/** The object of a watch row may be wrapped as its event. */
const unwrapEvent = (object: JsonObject | undefined): {readonly object: JsonObject | undefined; readonly type: string | undefined} => {
	const type = object === undefined ? undefined : textOf(object, 'type') ?? textOf(object, 'Type');
	const inner = objectAt(object, 'object') ?? objectAt(object, 'Object');
	return inner !== undefined && type !== undefined && eventTypes.has(type.toUpperCase()) ? {object: inner, type: type.toUpperCase()} : {object, type: undefined};
};

/** What objects marshalled from Go types lack. */
const withType = (object: JsonObject, target: KindResource, isList: boolean): JsonObject => {
	const kind = textOf(object, 'kind') ?? (isList ? `${target.kind}List` : target.kind);
	const apiVersion = textOf(object, 'apiVersion') ?? (target.group === '' ? target.version : `${target.group}/${target.version}`);
	const {kind: _kind, apiVersion: _apiVersion, ...rest} = object;
	return apiVersion === '' ? {kind, ...rest} : {kind, apiVersion, ...rest};
};

export const readGoRow = (row: Readonly<Record<string, unknown>>): GoRow => {
	const type = toText(row.operation_type).toUpperCase();
	const data = readData(row.resource_data);
	const unwrapped = type === 'WATCH' ? unwrapEvent(data.object) : {object: data.object, type: undefined};
	const writtenVerb = toText(row.verb);
	const {verb, subresource} = splitVerb(writtenVerb, type);
	const {object} = unwrapped;
	const target = resourceOfKind(toText(row.resource_kind), object === undefined ? undefined : textOf(object, 'apiVersion'));
	const isEvent = type === 'WATCH' && isJsonObject(object) && toText(row.error) === '';
	const stated = eventTypes.has(writtenVerb.toUpperCase()) ? writtenVerb.toUpperCase() : undefined;
	return {
		verb: isEvent ? 'watch' : verb,
		subresource,
		isEvent,
		eventType: unwrapped.type ?? stated,
		timestamp: unixMilliseconds(row.timestamp),
		durationMs: Math.min(Math.max(0, number(row.duration_ms) ?? 0), maximumDuration),
		target,
		namespace: toText(row.namespace),
		name: toText(row.name),
		uid: toText(row.uid),
		actor: toText(row.actor_id) === '' ? undefined : toText(row.actor_id),
		error: toText(row.error) === '' ? undefined : toText(row.error),
		object: object === undefined ? undefined : withType(object, target, verb === 'list'),
		isDataBroken: data.isBroken,
	};
};
