import {strict as assert} from 'node:assert';
import {hash} from 'node:crypto';
import type {Operation} from '../model/operation.js';

/** Hex digits of an operation's hash: 128 bits. */
const hashDigits = 32;
const sumBits = 128;

/** SHA-256 of a body as it is stored, hex; '' where there is none. */
export const bodyDigest = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/**
The fields of an operation that are known when it arrives (a request) or is delivered (an event) and never change after, as one text that does not depend on the backend.
A request's object (name, uid) may come only with its response, so it belongs to the completion.
*/
export const arrivalText = (operation: Operation): string => {
	assert.ok(operation.sequence > 0, 'steps count from 1');
	assert.ok(operation.kind === 'request' || operation.stream !== undefined, 'an event is of a watch');
	const common = [
		operation.sequence,
		operation.kind,
		operation.verb,
		operation.group,
		operation.version,
		operation.resource,
		operation.subresource,
		operation.path,
		operation.query,
		operation.process,
		operation.userAgent,
		operation.arrivedAt.toString(),
	];
	const own = operation.kind === 'request'
		? [operation.fieldManager, operation.patchType, operation.requestContentType, operation.requestSize]
		: [operation.stream, operation.namespace, operation.name, operation.uid, operation.resourceVersion, operation.responseSize];
	return JSON.stringify([...common, ...own]);
};

/** What the end of a request's response added, likewise. */
export const completionText = (operation: Operation): string => {
	assert.equal(operation.kind, 'request', 'only requests are completed');
	assert.ok(operation.endedAt !== undefined, 'a completed request has ended');
	return JSON.stringify([
		operation.sequence,
		operation.namespace,
		operation.name,
		operation.uid,
		operation.resourceVersion,
		operation.collectionResourceVersion,
		operation.status,
		operation.reason,
		operation.message,
		operation.end,
		operation.endedAt?.toString(),
		operation.responseContentType,
		operation.responseSize,
	]);
};

/** Hash of an operation: chained to the one before ('' for the first). `body` is the digest of its request body, or of an event's object. */
export const chainHash = (previous: string, operation: Operation, body: string): string =>
	hash('sha256', `${previous}\0${arrivalText(operation)}\0${body}`, 'hex').slice(0, hashDigits);

/** Adds a completion to the sum over all completions, which does not depend on their order. `body` is the digest of the response body. */
export const addCompletion = (sum: bigint, operation: Operation, body: string): bigint => {
	assert.ok(sum >= 0n && BigInt.asUintN(sumBits, sum) === sum, 'a sum past its bits');
	const digest = hash('sha256', `${completionText(operation)}\0${body}`, 'hex').slice(0, hashDigits);
	return BigInt.asUintN(sumBits, sum + BigInt(`0x${digest}`));
};

/** The session fact `seal`: over the last operation's hash and the sum of completions. */
export const sealOf = (lastHash: string, sum: bigint): string =>
	hash('sha256', `${lastHash}\0${sum.toString(16)}`, 'hex').slice(0, hashDigits);
