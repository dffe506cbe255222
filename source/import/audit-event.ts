import {type JsonObject, isJsonObject} from '../model/json.js';
import {
	listOf,
	numberOf,
	objectOf,
	textOf,
} from './border.js';
import {memberTexts} from './json-members.js';
import {parseWallTime, type WallTime} from './wall-time.js';

export const auditStages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type AuditStage = typeof auditStages[number];

export type AuditObjectRef = {
	readonly resource: string; readonly subresource: string; readonly group: string; readonly version: string; readonly namespace: string; readonly name: string;
	readonly uid: string;
};

/** An event of `audit.k8s.io`: one stage of one request. */
export type AuditEvent = {
	readonly auditId: string;
	readonly stage: AuditStage;
	readonly level: string;
	/** Path and query. */
	readonly uri: string;
	readonly verb: string;
	readonly user: string | undefined;
	readonly isImpersonated: boolean;
	readonly podUid: string | undefined;
	readonly userAgent: string | undefined;
	readonly target: AuditObjectRef | undefined;
	readonly status: number | undefined;
	readonly reason: string | undefined;
	readonly message: string | undefined;
	readonly received: WallTime | undefined;
	readonly stamp: WallTime | undefined;
	/** Bodies were cut out for their size. */
	readonly isTruncated: boolean;
	/** As they stand in the log. */
	readonly requestObject: Uint8Array | undefined;
	readonly responseObject: Uint8Array | undefined;
	/** The parsed ones, for what is read of them. */
	readonly request: unknown;
	readonly response: unknown;
};

/** A verb is a short word. */
const verbPattern = /^[a-z]{1,32}$/iv;

const stageOf = (value: JsonObject): AuditStage | undefined => auditStages.find(stage => stage === textOf(value, 'stage'));

const targetOf = (value: JsonObject): AuditObjectRef | undefined => {
	const reference = objectOf(value, 'objectRef');
	const resource = reference === undefined ? undefined : textOf(reference, 'resource');
	if (reference === undefined || resource === undefined || resource === '') {
		return undefined;
	}

	return {
		resource,
		subresource: textOf(reference, 'subresource') ?? '',
		group: textOf(reference, 'apiGroup') ?? '',
		version: textOf(reference, 'apiVersion') ?? '',
		namespace: textOf(reference, 'namespace') ?? '',
		name: textOf(reference, 'name') ?? '',
		uid: textOf(reference, 'uid') ?? '',
	};
};

const podUidOf = (user: JsonObject | undefined): string | undefined => {
	const extra = user === undefined ? undefined : objectOf(user, 'extra');
	const [uid] = extra === undefined ? [] : listOf(extra, 'authentication.kubernetes.io/pod-uid');
	return typeof uid === 'string' && uid !== '' ? uid : undefined;
};

const emptyToUndefined = (text: string | undefined): string | undefined => text === '' ? undefined : text;

/** A body in the log; `null` and the stand-in of an unknown type are none. */
const bodyOf = (texts: ReadonlyMap<string, Uint8Array>, value: JsonObject, key: string): Uint8Array | undefined => {
	const body = value[key];
	return isJsonObject(body) || Array.isArray(body) ? texts.get(key) : undefined;
};

const isTruncated = (value: JsonObject): boolean => {
	const annotations = objectOf(value, 'annotations');
	return annotations !== undefined && textOf(annotations, 'audit.k8s.io/truncated') === 'true';
};

const isStatusCode = (code: number | undefined): boolean => code !== undefined && code >= 100 && code <= 999;

/** Whether it says that it is an audit event; items of a list may leave that out. */
export const isAuditKind = (value: JsonObject): boolean => {
	const apiVersion = textOf(value, 'apiVersion');
	return apiVersion === undefined ? Object.hasOwn(value, 'auditID') : apiVersion.startsWith('audit.k8s.io/');
};

/** Reads an event from its parsed value and its text; undefined: it is none. */
export const readAuditEvent = (value: JsonObject, bytes: Uint8Array): AuditEvent | undefined => {
	const stage = stageOf(value);
	const uri = textOf(value, 'requestURI');
	const verb = textOf(value, 'verb');
	if (stage === undefined || uri === undefined || verb === undefined || !verbPattern.test(verb) || !isAuditKind(value)) {
		return undefined;
	}

	const user = objectOf(value, 'user');
	const impersonated = objectOf(value, 'impersonatedUser');
	const shown = impersonated ?? user;
	const status = objectOf(value, 'responseStatus') ?? {};
	const texts = memberTexts(bytes, ['requestObject', 'responseObject']);
	const code = numberOf(status, 'code');
	return {
		auditId: textOf(value, 'auditID') ?? '',
		stage,
		level: textOf(value, 'level') ?? '',
		uri,
		verb,
		user: shown === undefined ? undefined : emptyToUndefined(textOf(shown, 'username')),
		isImpersonated: impersonated !== undefined,
		podUid: podUidOf(user),
		userAgent: emptyToUndefined(textOf(value, 'userAgent')),
		target: targetOf(value),
		status: isStatusCode(code) ? code : undefined,
		reason: emptyToUndefined(textOf(status, 'reason')),
		message: emptyToUndefined(textOf(status, 'message')),
		received: parseWallTime(textOf(value, 'requestReceivedTimestamp')) ?? parseWallTime(textOf(value, 'timestamp')),
		stamp: parseWallTime(textOf(value, 'stageTimestamp')),
		isTruncated: isTruncated(value),
		requestObject: bodyOf(texts, value, 'requestObject'),
		responseObject: bodyOf(texts, value, 'responseObject'),
		request: value.requestObject,
		response: value.responseObject,
	};
};
