import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {strict as assert} from 'node:assert';
import type {AuditEvent} from './audit-event.js';
import {
	arrivalRecord,
	type AuditTimes,
	endRecord,
	isWatchEvent,
} from './audit-records.js';
import type {ReadContext} from './read-context.js';

/** Requests of one audit id that are compared: a client may give all of its own the same. */
const maximumSameId = 16;

/** Joins the stages of requests, in whatever order they come, in constant memory: what must be remembered is on disk. */
export type AuditJoin = {
	take(event: AuditEvent): void;
	/** Requests whose end the log does not show. */
	finish(): number;
	/** Lines that said again what another had said. */
	readonly duplicates: number;
	/** Requests that an aggregated apiserver logged too. */
	readonly hops: number;
	readonly requests: number;
};

type Seen = {
	readonly id: number; readonly request: Uint8Array; readonly from: number; readonly until: number;
	/** Its stream, its records, and how many bodies they have. */
	readonly stream: number; readonly arrival: number; readonly ending: number; readonly bodies: number;
};
type Begun = {readonly stage: number; readonly started: number | null; readonly event: string}; // eslint-disable-line @typescript-eslint/no-restricted-types -- SQL

const schema = `
	CREATE TABLE seen (audit TEXT, request BLOB, "from" REAL, until REAL, stream INTEGER, arrival INTEGER, ending INTEGER, bodies INTEGER);
	CREATE INDEX seen_by_audit ON seen (audit);
	CREATE TABLE begun (id BLOB PRIMARY KEY, audit TEXT, request BLOB, "from" REAL, stage INTEGER, started REAL, event TEXT) WITHOUT ROWID;
`;

const digest = (text: string): Uint8Array => createHash('sha1').update(text).digest();

/** What was asked, whoever logged it. */
const requestOf = (event: AuditEvent): Uint8Array => digest(`${event.verb} ${event.uri}`);

/** One request: all of its stages say the same time of arrival. */
const idOf = (event: AuditEvent, from: number): Uint8Array => digest(`${event.auditId} ${from} ${event.verb} ${event.uri}`);

const countBodies = (event: AuditEvent): number => (event.requestObject === undefined ? 0 : 1) + (event.responseObject === undefined ? 0 : 1);

const stageNumber = (event: AuditEvent): number => event.stage === 'RequestReceived' ? 0 : 1;

const prepare = ({staging: {database}}: ReadContext) => {
	database.exec(schema);
	return {
		findSeen: database.prepare<[string], Seen>(`SELECT rowid AS id, request, "from", until, stream, arrival, ending, bodies FROM seen WHERE audit = ? LIMIT ${maximumSameId}`),
		addSeen: database.prepare('INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
		setBodies: database.prepare('UPDATE seen SET bodies = ? WHERE rowid = ?'),
		findBegun: database.prepare<[Uint8Array], Begun>('SELECT stage, started, event FROM begun WHERE id = ?'),
		addBegun: database.prepare('INSERT OR REPLACE INTO begun VALUES (?, ?, ?, ?, ?, ?, ?)'),
		dropBegun: database.prepare('DELETE FROM begun WHERE id = ?'),
		nextBegun: database.prepare<[Uint8Array], {readonly id: Uint8Array; readonly from: number} & Begun>('SELECT id, "from", stage, started, event FROM begun WHERE id > ? ORDER BY id LIMIT 1'),
	};
};

type Joining = {
	readonly context: ReadContext;
	readonly sql: ReturnType<typeof prepare>;
	begun: number;
	streams: number;
	duplicates: number;
	hops: number;
};

const timesOf = (context: ReadContext, event: AuditEvent): {readonly from: number; readonly stamp: number} => {
	const from = context.clock.at(event.received ?? event.stamp) ?? context.staging.records.latest;
	return {from, stamp: Math.max(from, context.clock.at(event.stamp) ?? from)};
};

const stage = (joining: Joining, event: AuditEvent, times: AuditTimes): void => {
	const {context: {staging}, sql} = joining;
	joining.streams++;
	const stream = joining.streams;
	const arrival = staging.records.add(arrivalRecord(event, stream, times));
	const ending = staging.records.add(endRecord(event, stream, times));
	sql.addSeen.run(event.auditId, requestOf(event), times.from, times.until, stream, arrival, ending, countBodies(event));
};

/** The same request, logged before: by the same apiserver, or by the one it was passed on to, within its time. */
const findTwin = (joining: Joining, event: AuditEvent, times: AuditTimes): Seen | undefined => {
	const request = requestOf(event);
	const candidates = joining.sql.findSeen.all(event.auditId);
	return candidates.find(seen => Buffer.compare(seen.request, request) === 0
		&& ((seen.from <= times.from && times.until <= seen.until) || (times.from <= seen.from && seen.until <= times.until)));
};

const takeTwin = (joining: Joining, twin: Seen, event: AuditEvent, times: AuditTimes): void => {
	if (twin.from === times.from && twin.until === times.until) {
		joining.duplicates++;
		return;
	}

	joining.hops++;
	const bodies = countBodies(event);
	if (bodies <= twin.bodies) {
		return;
	}

	const {staging} = joining.context;
	staging.records.replace(twin.arrival, arrivalRecord(event, twin.stream, times));
	staging.records.replace(twin.ending, endRecord(event, twin.stream, times));
	joining.sql.setBodies.run(bodies, twin.id);
};

const takeEnd = (joining: Joining, event: AuditEvent): void => {
	const {context, sql} = joining;
	const {from, stamp} = timesOf(context, event);
	let started: number | undefined;
	if (joining.begun > 0) {
		const id = idOf(event, from);
		started = sql.findBegun.get(id)?.started ?? undefined;
		joining.begun -= sql.dropBegun.run(id).changes;
	}

	const times: AuditTimes = {from, until: stamp, started};
	const twin = event.auditId === '' ? undefined : findTwin(joining, event, times);
	if (twin === undefined) {
		stage(joining, event, times);
	} else {
		takeTwin(joining, twin, event, times);
	}
};

const takeBeginning = (joining: Joining, event: AuditEvent): void => {
	const {context, sql} = joining;
	const {from, stamp} = timesOf(context, event);
	const id = idOf(event, from);
	const known = joining.begun > 0 ? sql.findBegun.get(id) : undefined;
	const number = stageNumber(event);
	if (known !== undefined && known.stage >= number) {
		return;
	}

	joining.begun += known === undefined ? 1 : 0;
	const {requestObject: _requestObject, responseObject: _responseObject, request: _request, response: _response, ...rest} = event;
	sql.addBegun.run(id, event.auditId, requestOf(event), from, number, number === 0 ? null : stamp, JSON.stringify(rest));
};

/** Requests that only began: a watch is open to the end of the log, of others nothing more is known. */
const finish = (joining: Joining): number => {
	const {context, sql} = joining;
	const {latest} = context.staging.records;
	const count = joining.begun;
	let unfinished = 0;
	let id: Uint8Array = new Uint8Array(0);
	for (let index = 0; index < count; index++) {
		const row = sql.nextBegun.get(id);
		assert.ok(row !== undefined, 'as many as were counted');
		id = row.id;
		const event = JSON.parse(row.event) as AuditEvent;
		const {from, stamp} = timesOf(context, event);
		const times: AuditTimes = {from, until: isWatchEvent(event) ? Math.max(stamp, latest) : stamp, started: row.started ?? undefined};
		const twin = event.auditId === '' ? undefined : findTwin(joining, event, {...times, until: from});
		if (twin !== undefined) {
			continue;
		}

		unfinished++;
		stage(joining, event, times);
	}

	return unfinished;
};

export const createAuditJoin = (context: ReadContext): AuditJoin => {
	const joining: Joining = {
		context, sql: prepare(context), begun: 0, streams: 0, duplicates: 0, hops: 0,
	};
	return {
		take(event) {
			if (event.stage === 'ResponseComplete' || event.stage === 'Panic') {
				takeEnd(joining, event);
			} else {
				takeBeginning(joining, event);
			}
		},
		finish: () => finish(joining),
		get duplicates() {
			return joining.duplicates;
		},
		get hops() {
			return joining.hops;
		},
		get requests() {
			return joining.streams;
		},
	};
};
