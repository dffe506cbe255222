import {Buffer} from 'node:buffer';
import {firstValue, parseQuery} from '../kubernetes/query-parameters.js';
import {type EndKind, type HeaderLines, isWriteVerb} from '../model/operation.js';
import type {AuditEvent} from './audit-event.js';
import {inferPatchType} from './audit-patch-type.js';
import type {StagedEnd, StagedRequest} from './staged-meta.js';
import {recordKinds, type StagedRecord} from './staging.js';

/** A watch this much shorter than its timeoutSeconds was not ended by them, ns. */
const timeoutSlack = 250e6;

const methods: ReadonlyMap<string, string> = new Map([
	['get', 'GET'],
	['list', 'GET'],
	['watch', 'GET'],
	['proxy', 'GET'],
	['create', 'POST'],
	['update', 'PUT'],
	['patch', 'PATCH'],
	['delete', 'DELETE'],
	['deletecollection', 'DELETE'],
]);

/** Verbs of RequestInfo are methods; of a URL that is no resource's, the verb is the method in lower case. */
const methodOf = (verb: string): string => methods.get(verb) ?? verb.toUpperCase();

const jsonHeaders: HeaderLines = [['Content-Type', 'application/json']];

/** When a request was there, ns since the clock's base. */
export type AuditTimes = {readonly from: number; readonly until: number; readonly started: number | undefined};

const requestHeaders = (event: AuditEvent): HeaderLines => {
	if (event.requestObject === undefined) {
		return [];
	}

	if (event.verb !== 'patch') {
		return jsonHeaders;
	}

	const patchType = inferPatchType(event);
	return patchType === undefined ? [] : [['Content-Type', patchType]];
};

/** What ends in a newline is, byte for byte, what the apiserver answers as JSON. */
const asBody = (object: Uint8Array | undefined): Uint8Array | undefined => object === undefined ? undefined : Buffer.concat([object, Buffer.from('\n')]);

const statedOf = ({target, verb}: AuditEvent): StagedRequest['stated'] => {
	if (target === undefined) {
		return {verb};
	}

	const {name, uid, ...place} = target;
	return {
		verb, ...place, ...(name !== '' && {name}), ...(uid !== '' && {uid}),
	};
};

export const isWatchEvent = (event: AuditEvent): boolean => event.verb === 'watch' && event.target !== undefined;

/** A request as it arrived. */
export const arrivalRecord = (event: AuditEvent, stream: number, times: AuditTimes): StagedRecord => {
	const meta: StagedRequest = {
		method: methodOf(event.verb),
		url: event.uri,
		headers: requestHeaders(event),
		bodyTruncated: event.isTruncated && event.requestObject === undefined && isWriteVerb(event.verb) ? true : undefined,
		user: event.user,
		userAgent: event.userAgent,
		process: event.podUid,
		auditId: event.auditId === '' ? undefined : event.auditId,
		stated: statedOf(event),
		isWatch: isWatchEvent(event) && event.status === 200 ? true : undefined,
	};
	return {
		time: times.from, kind: recordKinds.arrive, stream, meta: JSON.stringify(meta), body: event.requestObject,
	};
};

const timeoutOf = (uri: string): number => {
	const question = uri.indexOf('?');
	const seconds = question === -1 ? undefined : firstValue(parseQuery(uri.slice(question + 1)), 'timeoutSeconds');
	return seconds === undefined || !/^\d{1,9}$/v.test(seconds) ? Infinity : Number(seconds) * 1e9;
};

const endOf = (event: AuditEvent, times: AuditTimes): EndKind => {
	if (event.stage !== 'ResponseComplete') {
		return 'unknown';
	}

	if (!isWatchEvent(event) || event.status !== 200) {
		return 'complete';
	}

	// The log does not say who ended a watch before its time.
	return times.until - times.from >= timeoutOf(event.uri) - timeoutSlack ? 'server-timeout' : 'unknown';
};

/** A request's end, as far as the log tells. */
export const endRecord = (event: AuditEvent, stream: number, times: AuditTimes): StagedRecord => {
	const meta: StagedEnd = {
		responseStarted: times.started === undefined ? undefined : Math.min(0, Math.max(times.started, times.from) - times.until),
		status: event.status,
		headers: event.responseObject === undefined ? [] : jsonHeaders,
		bodyTruncated: event.isTruncated && event.responseObject === undefined ? true : undefined,
		end: endOf(event, times),
		reason: event.reason,
		message: event.message,
	};
	return {
		time: times.until, kind: recordKinds.end, stream, meta: JSON.stringify(meta), body: asBody(event.responseObject),
	};
};

