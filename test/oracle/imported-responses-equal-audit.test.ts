import {readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {gunzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {bodyFormat} from '../../source/kubernetes/media-type.js';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {isJsonObject, stringAt} from '../../source/model/json.js';
import type {Operation} from '../../source/model/operation.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {capturePath} from '../support/captures.js';
import {importCapture} from '../support/session-file.js';

const page = 1000;

const responsesByAuditId = (path: string): ReadonlyMap<string, unknown> => {
	const responses = new Map<string, unknown>();
	const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n').filter(text => text !== '');
	for (const line of lines) {
		const event = JSON.parse(line) as {readonly auditID: string; readonly responseObject?: unknown};
		if (event.responseObject !== undefined) {
			responses.set(event.auditID, event.responseObject);
		}
	}

	return responses;
};

type Compared = {readonly kind: string; readonly isEqual: boolean; readonly step: number};

/** Undefined: no protobuf response, or one the log does not hold. */
const compare = async (timeline: Timeline, operation: Operation, expected: ReadonlyMap<string, unknown>): Promise<Compared | undefined> => {
	const logged = expected.get(operation.auditId ?? '');
	if (logged === undefined || operation.responseBody === undefined || operation.kind === 'event' || bodyFormat(operation.responseContentType) !== 'protobuf') {
		return undefined;
	}

	const bytes = await timeline.store.readBody(timeline.session.id, operation.responseBody);
	const decoded = decodeBody(bytes, operation.responseContentType)?.value;
	const kind = (isJsonObject(decoded) ? stringAt(decoded, 'kind') : undefined) ?? '(none)';
	return {kind, isEqual: isDeepStrictEqual(decoded, logged), step: operation.sequence};
};

const compareAll = async (timeline: Timeline, expected: ReadonlyMap<string, unknown>): Promise<readonly Compared[]> => {
	const compared: Compared[] = [];
	for (let from = 1; from <= timeline.length; from += page) {
		for (const operation of await timeline.operations(from, Math.min(from + page - 1, timeline.length))) {
			const one = await compare(timeline, operation, expected);
			compared.push(...(one === undefined ? [] : [one]));
		}
	}

	return compared;
};

const captures = [
	'sample-controller',
	'sample-controller-again',
	'sample-controller-changed',
	'kubectl-session',
	'must-gather-operator',
	'stale-cache-duplicates',
	'conflicts-and-lost-updates',
	'protocol-tour',
	'hot-loops',
];

test.for(captures)('%s, imported without redaction: every decoded protobuf response is the audit log\'s responseObject', async (name, {skip}) => {
	const har = capturePath(`${name}.har.gz`);
	const audit = capturePath(`${name}.audit.jsonl.gz`);
	if (har === undefined || audit === undefined) {
		skip(`capture ${name} is not here`);
		return;
	}

	const session = await importCapture(har, {redact: false});
	const timeline = await session.open();
	const compared = await compareAll(timeline, responsesByAuditId(audit));
	await timeline.store.close();
	session.remove();
	const kinds = Map.groupBy(compared, ({kind}) => kind);
	const figures = [...kinds].map(([kind, all]) => `${kind} ${all.filter(({isEqual}) => isEqual).length} of ${all.length} equal`);
	console.log(`${name}: ${figures.length === 0 ? 'no protobuf responses in the log' : figures.join(', ')}`);
	expect(compared.filter(({isEqual}) => !isEqual).map(({step}) => step)).toEqual([]);
});
