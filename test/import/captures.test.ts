import {Buffer} from 'node:buffer';
import {expect, test} from 'vitest';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {objectAt, stringAt} from '../../source/model/json.js';
import {capturePath} from '../support/captures.js';
import {type RecordedSession, recordImport} from '../support/recording-ingest.js';

/** Requests and watch events of each HAR, as its README row says; requests of each audit log: its distinct audit ids. */
const captures = [
	{
		name: 'sample-controller', requests: 92, events: 43, audited: 163,
	},
	{
		name: 'sample-controller-again', requests: 92, events: 44, audited: 160,
	},
	{
		name: 'sample-controller-changed', requests: 44, events: 37, audited: 113,
	},
	{
		name: 'kubectl-session', requests: 149, events: 28, audited: 163,
	},
	{
		name: 'hot-loops', requests: 5229, events: 9866, audited: 5300,
	},
	{
		name: 'conflicts-and-lost-updates', requests: 2841, events: 683, audited: 2864,
	},
	{
		name: 'stale-cache-duplicates', requests: 13, events: 25, audited: 42,
	},
	{
		name: 'large', requests: 36_332, events: 35_026, audited: undefined,
	},
	{
		name: 'must-gather-operator', requests: 57, events: 33, audited: 126,
	},
	{
		name: 'protocol-tour', requests: 424, events: 501, audited: 448,
	},
] as const;

test.for(captures)('the HAR of $name has the requests and watch events of its README row', {timeout: 120_000}, async ({name, requests, events}, {skip}) => {
	const path = capturePath(`${name}.har.gz`);
	if (path === undefined) {
		skip(`capture ${name} is absent`);
		return;
	}

	const {result} = await recordImport({path}, {isCounting: true, drainEvery: 1000});
	expect(result).toMatchObject({
		format: 'har', complete: true, warnings: [], operations: requests + events, sessions: [{requests, events, gaps: []}],
	});
});

test.for(captures)('the audit log of $name has one request for each audit id, and no watch events', {timeout: 120_000}, async ({name, audited: requests}, {skip}) => {
	const path = capturePath(`${name}.audit.jsonl.gz`);
	if (path === undefined || requests === undefined) {
		skip(`audit log of ${name} is absent`);
		return;
	}

	const {result} = await recordImport({path}, {isCounting: true});
	expect(result).toMatchObject({
		format: 'audit', complete: true, warnings: [], sessions: [{requests, events: 0, gaps: []}],
	});
});

const auditIdOf = (call: {readonly response: {readonly headers: ReadonlyArray<readonly [string, string]>}}): string | undefined =>
	call.response.headers.find(([name]) => name.toLowerCase() === 'audit-id')?.[1];

type Exchange = {readonly sequence: number; readonly call: RecordedSession['calls'][number] & {readonly call: 'arrive'}; readonly end: RecordedSession['ends'][number]};

const exchanges = (session: RecordedSession, idOf: (exchange: Exchange) => string | undefined): ReadonlyMap<string, Exchange> => {
	const arrived = new Map<number, Exchange['call']>();
	const found = new Map<string, Exchange>();
	for (const call of session.calls) {
		if (call.call === 'arrive') {
			arrived.set(call.sequence, call);
		} else if (call.call === 'end') {
			const exchange = {sequence: call.sequence, call: arrived.get(call.sequence)!, end: call.response};
			found.set(idOf(exchange) ?? '', exchange);
		}
	}

	return found;
};

const both = async (name: string, isSynthesised = false) => {
	const har = await recordImport({path: capturePath(`${name}.har.gz`)!});
	const audit = await recordImport({path: capturePath(`${name}.audit.jsonl.gz`)!, synthesise: isSynthesised});
	return {
		har: exchanges(har.session, ({end}) => auditIdOf({response: end})),
		audit: exchanges(audit.session, ({call}) => call.request.auditId),
		harSession: har.session,
		auditSession: audit.session,
	};
};

const headerOf = (lines: ReadonlyArray<readonly [string, string]>, wanted: string): string | undefined => lines.find(([name]) => name.toLowerCase() === wanted)?.[1];

test.for(['sample-controller', 'kubectl-session', 'must-gather-operator'])('an audit log of %s gives the bytes the client got, wherever that got compact JSON', async name => {
	const {har, audit} = await both(name);
	let compared = 0;
	for (const [id, exchange] of har) {
		const {body} = exchange.end;
		const logged = audit.get(id)?.end.body;
		const isJson = headerOf(exchange.end.headers, 'content-type')?.startsWith('application/json') === true;
		if (!isJson || body === undefined || logged === undefined) {
			continue;
		}

		expect(Buffer.from(logged).toString()).toBe(Buffer.from(body).toString());
		compared++;
	}

	console.log(`${name}: ${compared} JSON bodies compared, all equal`);
	expect(compared).toBeGreaterThan(5);
});

test.for(['sample-controller', 'kubectl-session', 'protocol-tour'])('the patch types an audit log of %s leaves out are never guessed wrong', async name => {
	const {har, audit} = await both(name);
	const seen = {right: 0, unknown: 0};
	for (const [id, {call, end}] of audit) {
		const real = har.get(id);
		if (real === undefined || call.request.method !== 'PATCH') {
			continue;
		}

		const guess = headerOf(call.request.headers, 'content-type');
		const type = headerOf(real.call.request.headers, 'content-type');
		expect([undefined, type], `${call.request.url} ${end.status ?? 0}`).toContain(guess);
		seen[guess === undefined ? 'unknown' : 'right']++;
	}

	console.log(`${name}: ${seen.right} patch types inferred, ${seen.unknown} left open`);
	expect(seen.right + seen.unknown).toBeGreaterThan(10);
});

const describeEvents = (session: RecordedSession): ReadonlyMap<number, readonly string[]> => {
	const found = new Map<number, string[]>();
	for (const call of session.calls) {
		if (call.call !== 'deliver' || call.event.type === 'BOOKMARK') {
			continue;
		}

		const metadata = objectAt(decodeBody(call.event.object, 'application/json')?.value, 'metadata');
		const version = call.event.type === 'DELETED' ? '' : ` ${stringAt(metadata, 'resourceVersion')}`;
		found.set(call.stream, [...found.get(call.stream) ?? [], `${call.event.type} ${stringAt(metadata, 'uid')}${version}`]);
	}

	return found;
};

test.for([
	// Writes through the Scale subresource show no whole object.
	['sample-controller', 4, 37, 1],
	['must-gather-operator', 4, 33, 0],
	['stale-cache-duplicates', 2, 23, 0],
	['conflicts-and-lost-updates', 2, 681, 0],
] as const)('events synthesised for %s are those its watches were told, but for the versions of deletions', async ([name, watches, told, unseen]) => {
	const {har, audit, harSession, auditSession} = await both(name, true);
	const real = describeEvents(harSession);
	const synthetic = describeEvents(auditSession);
	const counts = {watches: 0, told: 0, missing: 0};
	for (const [id, {sequence}] of har) {
		const events = real.get(sequence);
		if (events === undefined) {
			continue;
		}

		const made = synthetic.get(audit.get(id)!.sequence) ?? [];
		counts.watches++;
		counts.told += events.filter(event => made.includes(event)).length;
		counts.missing += events.filter(event => !made.includes(event)).length;
		expect(made.filter(event => !events.includes(event)), `invented on ${id}`).toEqual([]);
	}

	expect(counts).toEqual({watches, told, missing: unseen});
	expect(auditSession.events.every(event => event.synthetic)).toBe(true);
	expect(auditSession.facts.capabilities).toContain('synthesisedEvents');
	expect(auditSession.facts.capabilities).not.toContain('watchEvents');
});
