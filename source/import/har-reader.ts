import {strict as assert} from 'node:assert';
import type {Capability} from '../model/session.js';
import {createApiPaths} from './api-path.js';
import {numberOf, textOf} from './border.js';
import {readHarEntry, type HarEntry} from './har-entry.js';
import {stageEntry, type EntryOutcome, type PlacedEntry} from './har-records.js';
import {createJsonSplitter} from './json-splitter.js';
import {closeJson} from './json-repair.js';
import {type ParsedSlice, parseSlice} from './parse-slice.js';
import type {ReadContext, ReadFacts} from './read-context.js';
import {millisecond} from './session-clock.js';
import type {Split, SplitPlan} from './split-plan.js';

/** Servers named in the session's facts. */
const maximumServers = 8;

const plan: SplitPlan = {
	outer: ['log', 'entries'],
	inner: ['response', 'content', '_chunks'],
	// Keys no object inside an entry begins with.
	firstKeys: ['startedDateTime', '_offset', 'pageref', '_initiator', '_priority', '_resourceType', '_connectionId', '_fromCache'],
};

type Counts = {
	entries: number;
	broken: number;
	/** To no path: tunnels, blobs, extensions. */
	skipped: number;
	partialEvents: number;
	bodies: number;
	missingBodies: number;
	withFineTime: number;
	withConnection: number;
	withHeaders: number;
	hasEvents: boolean;
};

type Reading = {
	readonly context: ReadContext;
	readonly paths: ReturnType<typeof createApiPaths>;
	readonly counts: Counts;
	readonly servers: Set<string>;
	/** When the entry before began. */
	lastStart: number | undefined;
	lostChunks: number;
};

const createReading = (context: ReadContext): Reading => ({
	context,
	paths: createApiPaths(),
	counts: {
		entries: 0, broken: 0, skipped: 0, partialEvents: 0, bodies: 0, missingBodies: 0, withFineTime: 0, withConnection: 0, withHeaders: 0, hasEvents: false,
	},
	servers: new Set(),
	lastStart: undefined,
	lostChunks: 0,
});

/** The chunks of an entry that is dealt with. */
const forgetChunks = (reading: Reading): void => {
	reading.lostChunks = 0;
	reading.context.staging.clearChunks();
};

const loseEntry = (reading: Reading, number: number, reason: string, size: number): void => {
	const {context, counts} = reading;
	counts.broken++;
	context.warnings.lose(`${context.name}: entry ${number} is skipped: ${reason}`);
	context.lose({operations: 1, bytes: size, reason: `entry ${number}: ${reason}`});
	forgetChunks(reading);
};

const noteServer = (servers: Set<string>, url: string): void => {
	if (servers.size < maximumServers && URL.canParse(url)) {
		// Without credentials, which a URL may hold.
		servers.add(new URL(url).origin);
	}
};

const place = (reading: Reading, entry: HarEntry, number: number, isCut: boolean): PlacedEntry | undefined => {
	const {context, counts} = reading;
	const url = entry.method === 'CONNECT' ? undefined : reading.paths.strip(entry.url);
	if (url === undefined) {
		counts.skipped++;
		return undefined;
	}

	const known = context.clock.at(entry.started, entry.offset);
	if (known === undefined) {
		context.warnings.add(`${context.name}: entry ${number} has no time; it is placed at that of the entry before`);
	}

	const start = known ?? reading.lastStart ?? 0;
	reading.lastStart = start;
	noteServer(reading.servers, entry.url);
	return {
		entry, url, stream: number, start, isCut,
	};
};

const count = (counts: Counts, entry: HarEntry, chunks: number): void => {
	counts.entries++;
	counts.bodies += entry.responseBody === undefined && chunks === 0 ? 0 : 1;
	counts.missingBodies += entry.isBodyMissing && chunks === 0 ? 1 : 0;
	counts.withFineTime += entry.offset === undefined && (entry.started?.precision ?? Infinity) >= millisecond ? 0 : 1;
	counts.withConnection += entry.connection === undefined ? 0 : 1;
	counts.withHeaders += entry.requestHeaders.length > 0 ? 1 : 0;
};

const noteOutcome = (reading: Reading, number: number, {watch, isAborted}: EntryOutcome): void => {
	const {context, counts, lostChunks} = reading;
	if (watch === undefined) {
		return;
	}

	counts.hasEvents ||= watch.events > 0;
	counts.partialEvents += watch.rest > 0 ? 1 : 0;
	const broken = watch.broken ?? (lostChunks > 0 ? `${lostChunks} chunks could not be read` : undefined);
	if (broken !== undefined) {
		context.warnings.lose(`${context.name}: entry ${number}: its watch is read as far as event ${watch.events}: ${broken}`);
		context.lose({operations: 0, bytes: watch.rest, reason: `entry ${number}: ${broken}`});
	} else if (watch.rest > 0 && !isAborted) {
		context.warnings.add(`${context.name}: entry ${number}: its watch ends inside an event, which was not delivered`);
	}
};

const takeEntry = async (reading: Reading, {value, fault}: ParsedSlice, split: Split, isCut: boolean): Promise<void> => {
	const {context, counts} = reading;
	const entry = value === undefined ? undefined : readHarEntry(value);
	if (entry === undefined) {
		loseEntry(reading, split.number, fault ?? 'it holds no request', split.bytes.length);
		return;
	}

	const placed = place(reading, entry, split.number, isCut);
	if (placed === undefined) {
		forgetChunks(reading);
		return;
	}

	count(counts, entry, context.staging.chunks);
	noteOutcome(reading, split.number, await stageEntry(context, placed));
	forgetChunks(reading);
};

const takeChunk = (reading: Reading, bytes: Uint8Array): void => {
	const {value} = parseSlice(bytes);
	const text = value === undefined ? undefined : textOf(value, 'text');
	if (value === undefined || text === undefined || reading.lostChunks > 0) {
		// Behind a lost chunk no event can be told from another.
		reading.lostChunks++;
		return;
	}

	const encoding = textOf(value, 'encoding') ?? textOf(value, '_encoding');
	reading.context.staging.addChunk({
		time: Math.max(0, numberOf(value, 'time') ?? 0), bytes: Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8'),
	});
};

/** An entry that is cut off: its watch's whole chunks are not lost, where it has any. */
const takeBroken = async (reading: Reading, split: Split & {readonly isBroken: true}): Promise<void> => {
	const {context} = reading;
	const closed = context.staging.chunks === 0 ? undefined : closeJson(split.bytes);
	const repaired = closed === undefined ? undefined : parseSlice(closed);
	if (repaired?.value === undefined || readHarEntry(repaired.value) === undefined) {
		loseEntry(reading, split.number, split.reason, split.size);
		return;
	}

	reading.counts.broken++;
	context.warnings.lose(`${context.name}: entry ${split.number} is read as far as its chunk ${context.staging.chunks}: ${split.reason}`);
	await takeEntry(reading, repaired, split, true);
};

const takeSplit = async (reading: Reading, split: Split): Promise<void> => {
	if (!split.isInner) {
		await (split.isBroken ? takeBroken(reading, split) : takeEntry(reading, parseSlice(split.bytes), split, false));
	} else if (split.isBroken) {
		reading.lostChunks++;
	} else {
		takeChunk(reading, split.bytes);
	}
};

const capabilitiesOf = (counts: Counts): readonly Capability[] => {
	const all = counts.entries;
	const found: ReadonlyArray<readonly [Capability, boolean]> = [
		['requestBodies', true],
		['responseBodies', counts.bodies > 0 || counts.missingBodies === 0],
		['watchEvents', counts.hasEvents],
		['headers', all === 0 || counts.withHeaders > 0],
		['connections', counts.withConnection > 0],
		['subMillisecondTiming', all > 0 && counts.withFineTime === all],
	];
	return found.filter(([, isThere]) => isThere).map(([name]) => name);
};

const factsOf = ({counts, servers, paths}: Reading): ReadFacts => {
	const numbers = {
		brokenEntries: counts.broken, skippedEntries: counts.skipped, partialEvents: counts.partialEvents, missingResponseBodies: counts.missingBodies,
	};
	return {
		capabilities: capabilitiesOf(counts),
		facts: {
			format: 'har',
			entries: String(counts.entries),
			...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value > 0).map(([name, value]) => [name, String(value)])),
			...(servers.size > 0 && {server: [...servers].join(' ')}),
			...(paths.prefixes.length > 0 && {pathPrefix: paths.prefixes.join(' ')}),
		},
	};
};

/** Reads a HAR in constant memory: its entries are staged one by one, and a watch's chunks one by one within them. */
export const readHar = async (chunks: AsyncIterable<Uint8Array>, context: ReadContext): Promise<ReadFacts> => {
	const splitter = createJsonSplitter(plan);
	const reading = createReading(context);
	const takeAll = async (): Promise<void> => {
		for (let split = splitter.next(); split !== undefined; split = splitter.next()) {
			await takeSplit(reading, split); // eslint-disable-line no-await-in-loop -- in the file's order
		}
	};

	for await (const chunk of chunks) {
		splitter.push(chunk);
		await takeAll();
	}

	splitter.finish();
	await takeAll();
	assert.equal(context.staging.chunks, 0, 'no chunk is left without its entry');
	if (!splitter.isComplete) {
		context.warnings.lose(`${context.name} is cut off: it ends before its last entry does; what is whole is imported`);
		context.lose({operations: 0, bytes: 0, reason: 'the file is cut off here'});
	}

	if (reading.counts.skipped > 0) {
		context.warnings.add(`${context.name}: ${reading.counts.skipped} entries went to no path of a server (tunnels, blobs) and are left out`);
	}

	return factsOf(reading);
};
