import {Buffer} from 'node:buffer';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {stringifyJson} from '../kubernetes/decode-body.js';
import {objectAt, stringAt} from '../model/json.js';
import type {HeaderLines} from '../model/operation.js';
import type {Capability} from '../model/session.js';
import type {GoDatabase, GoSession} from './go-database.js';
import {outcomeOfError} from './go-errors.js';
import {createGoReconciles, type GoReconciles} from './go-reconciles.js';
import {type GoRow, readGoRow} from './go-row.js';
import type {ReadContext, ReadFacts} from './read-context.js';
import {millisecond} from './session-clock.js';
import type {StagedEnd, StagedRequest} from './staged-meta.js';
import {recordKinds} from './staging.js';

/** Watches that are put together from events; those of further kinds are not. */
const maximumWatches = 10_000;
/** Objects that are remembered to tell ADDED from MODIFIED; of further ones every event is MODIFIED. */
const maximumObjects = 200_000;
/** Rows read before others have their turn. */
const rowsPerTurn = 1000;
/** Rows carry whole seconds. */
const resolution = 1e9;

const jsonHeaders: HeaderLines = [['Content-Type', 'application/json']];

const methods: ReadonlyMap<string, string> = new Map([
	['create', 'POST'],
	['update', 'PUT'],
	['patch', 'PATCH'],
	['delete', 'DELETE'],
	['deletecollection', 'DELETE'],
]);

type Reading = {
	readonly context: ReadContext;
	readonly session: GoSession;
	readonly reconciles: GoReconciles;
	/** Streams of the watches that events made necessary, by actor, resource and namespace. */
	readonly watches: Map<string, number>;
	readonly objects: Set<string>;
	streams: number;
	/** When the last operation began and ended, ns since the clock's base. */
	lastStart: number;
	lastEnd: number;
	row: number;
	events: number;
	bodies: number;
	reads: number;
	brokenData: number;
};

/** The URL the Go KubeStep's client will have asked; it kept none. */
const urlOf = ({target, namespace, name, verb, subresource}: GoRow): string => {
	const root = target.group === '' ? `/api/${target.version === '' ? 'v1' : target.version}` : `/apis/${target.group}/${target.version}`;
	const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
	const isNamed = name !== '' && !['list', 'create', 'deletecollection', 'watch'].includes(verb);
	const rest = isNamed ? `/${encodeURIComponent(name)}${subresource === '' ? '' : `/${subresource}`}` : '';
	return `${root}${scope}/${target.resource}${rest}${verb === 'watch' ? '?watch=true' : ''}`;
};

const arrivalMeta = (row: GoRow, reconcile: string | undefined): StagedRequest => ({
	method: methods.get(row.verb) ?? 'GET',
	url: urlOf(row),
	headers: [],
	userAgent: row.actor,
	process: row.actor,
	stated: {
		verb: row.verb,
		group: row.target.group,
		version: row.target.version,
		resource: row.target.resource,
		subresource: row.subresource,
		namespace: row.namespace,
		...(row.name !== '' && row.verb !== 'watch' && {name: row.name}),
		...(row.uid !== '' && row.verb !== 'watch' && {uid: row.uid}),
	},
	reconcile,
	uncertainty: resolution,
});

/**
When a row began, ns since the clock's base. Rows of one second come in the order of their numbers, one after the other as far as the second has room: a
client that waits for each answer made them so, and no two are then said to have run at once that did not.
*/
const startOf = (reading: Reading, row: GoRow): number => {
	const {context} = reading;
	const second = row.timestamp === undefined ? undefined : context.clock.at({ms: row.timestamp, ns: 0, precision: resolution});
	return second === undefined ? reading.lastStart : Math.max(second, reading.lastStart, Math.min(reading.lastEnd, second + resolution - 1));
};

const addRequest = (reading: Reading, row: GoRow, start: number): void => {
	const {context: {staging}, reconciles} = reading;
	reading.streams++;
	const stream = reading.streams;
	const reconcile = row.timestamp === undefined ? undefined : reconciles.find(row.actor, row.timestamp);
	staging.records.add({
		time: start, kind: recordKinds.arrive, stream, meta: JSON.stringify(arrivalMeta(row, reconcile)), body: undefined,
	});
	const failed = row.error === undefined ? undefined : outcomeOfError(row.error);
	const body = failed === undefined && row.object !== undefined ? Buffer.from(`${stringifyJson(row.object)}\n`) : undefined;
	reading.bodies += body === undefined ? 0 : 1;
	reading.reads += failed === undefined && row.verb !== 'delete' ? 1 : 0;
	const meta: StagedEnd = {
		status: failed === undefined ? (row.verb === 'create' ? 201 : 200) : failed.status,
		headers: body === undefined ? [] : jsonHeaders,
		end: failed === undefined ? 'complete' : failed.end,
		reason: failed?.reason,
		message: row.error,
	};
	reading.lastEnd = start + Math.round(row.durationMs * millisecond);
	staging.records.add({
		time: reading.lastEnd, kind: recordKinds.end, stream, meta: JSON.stringify(meta), body,
	});
};

/** The watch an event came over, which the Go KubeStep did not record: one for each actor, resource and namespace. */
const watchOf = (reading: Reading, row: GoRow, start: number): number | undefined => {
	const key = JSON.stringify([row.actor, row.target.group, row.target.resource, row.namespace]);
	const known = reading.watches.get(key);
	if (known !== undefined || reading.watches.size >= maximumWatches) {
		return known;
	}

	reading.streams++;
	const stream = reading.streams;
	reading.watches.set(key, stream);
	reading.context.staging.records.add({
		time: start, kind: recordKinds.arrive, stream, meta: JSON.stringify({...arrivalMeta(row, undefined), synthetic: true}), body: undefined,
	});
	return stream;
};

const identityOf = (row: GoRow): string => {
	const uid = row.uid === '' ? stringAt(objectAt(row.object, 'metadata'), 'uid') : row.uid;
	return uid ?? JSON.stringify([row.target.group, row.target.resource, row.namespace, row.name]);
};

/** ADDED the first time an object is seen, where the row does not say. */
const eventTypeOf = (reading: Reading, row: GoRow): string => {
	const identity = `${row.actor ?? ''} ${identityOf(row)}`;
	const isKnown = reading.objects.has(identity);
	if (!isKnown && reading.objects.size < maximumObjects) {
		reading.objects.add(identity);
	}

	return row.eventType ?? (isKnown || reading.objects.size >= maximumObjects ? 'MODIFIED' : 'ADDED');
};

const addEvent = (reading: Reading, row: GoRow, start: number): void => {
	const stream = watchOf(reading, row, start);
	if (stream === undefined || row.object === undefined) {
		reading.context.lose({operations: 1, bytes: 0, reason: `row ${reading.row}: an event of a further watch`});
		return;
	}

	reading.events++;
	reading.lastEnd = start;
	reading.context.staging.records.add({
		time: start, kind: recordKinds.event, stream, meta: eventTypeOf(reading, row), body: Buffer.from(`${stringifyJson(row.object)}\n`),
	});
};

const takeRow = (reading: Reading, values: Readonly<Record<string, unknown>> | undefined): void => {
	const {context} = reading;
	reading.row++;
	if (values === undefined) {
		context.warnings.lose(`${context.name}: row ${reading.row} of session ${reading.session.id} is damaged; skipped`);
		context.lose({operations: 1, bytes: 0, reason: `row ${reading.row} is damaged`});
		return;
	}

	const row = readGoRow(values);
	if (row.verb === '' || row.target.kind === '') {
		context.warnings.lose(`${context.name}: row ${reading.row} of session ${reading.session.id} names no operation; skipped`);
		context.lose({operations: 1, bytes: 0, reason: `row ${reading.row} names no operation`});
		return;
	}

	if (row.isDataBroken) {
		reading.brokenData++;
		context.warnings.lose(`${context.name}: row ${reading.row} of session ${reading.session.id}: its resource_data is not JSON; imported without`);
	}

	const start = startOf(reading, row);
	reading.lastStart = start;
	if (row.isEvent) {
		addEvent(reading, row, start);
	} else {
		addRequest(reading, row, start);
	}
};

/** Watches are open to the end, as far as anybody knows. */
const endWatches = ({context: {staging}, watches}: Reading): void => {
	const {latest} = staging.records;
	const meta: StagedEnd = {status: 200, headers: jsonHeaders, end: 'unknown'};
	for (const stream of watches.values()) {
		staging.records.add({
			time: latest, kind: recordKinds.end, stream, meta: JSON.stringify(meta), body: undefined,
		});
	}
};

const factsOf = ({session, events, bodies, reads, watches, reconciles, brokenData}: Reading): ReadFacts => {
	const found: ReadonlyArray<readonly [Capability, boolean]> = [
		['responseBodies', bodies > 0 && bodies >= reads],
		['watchEvents', events > 0],
		['reconciles', reconciles.found > 0 && reconciles.ambiguous === 0],
	];
	const numbers = {syntheticWatches: watches.size, ambiguousReconciles: reconciles.ambiguous, brokenData};
	return {
		capabilities: found.filter(([, isThere]) => isThere).map(([name]) => name),
		facts: {
			format: 'kubestep-go',
			rows: String(session.rows),
			goSession: session.id,
			...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value > 0).map(([name, value]) => [name, String(value)])),
		},
	};
};

/** Stages one session of the Go KubeStep's database. `onRows` is told now and then how many rows were read. */
export const readGoSession = async (database: GoDatabase, session: GoSession, context: ReadContext, onRows: (rows: number) => void): Promise<ReadFacts> => {
	const reading: Reading = {
		context,
		session,
		reconciles: createGoReconciles(context, database.spans(session.id)),
		watches: new Map(),
		objects: new Set(),
		streams: 0,
		lastStart: 0,
		lastEnd: 0,
		row: 0,
		events: 0,
		bodies: 0,
		reads: 0,
		brokenData: 0,
	};
	for (const values of database.rows(session.id)) {
		takeRow(reading, values);
		if (reading.row % rowsPerTurn !== 0) {
			continue;
		}

		onRows(reading.row);
		await nextTurn(); // eslint-disable-line no-await-in-loop -- others have their turn, an abort too
	}

	endWatches(reading);
	return factsOf(reading);
};
