import {Buffer} from 'node:buffer';
import {strict as assert} from 'node:assert';
import type {Capability} from '../model/session.js';
import {createApiPaths} from './api-path.js';
import {numberOf, textOf} from './border.js';
import {readHarEntry, type HarEntry} from './har-entry.js';
import {stageEntry, type EntryOutcome, type PlacedEntry} from './har-records.js';
import {cannotImport} from './input-bytes.js';
import {createJsonSplitter, type JsonSplitter} from './json-splitter.js';
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
	/** The entry the file ends in. */
	cutEntry: number | undefined;
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
	cutEntry: undefined,
});

/** An entry that could not be read; `isCut`: the file ends in it, which is said at the end. */
type Lost = {readonly number: number; readonly isCut: boolean};

/** The chunks of an entry that is dealt with. */
const forgetChunks = (reading: Reading): void => {
	reading.lostChunks = 0;
	reading.context.staging.chunks.clear();
};

const loseEntry = (reading: Reading, {number, isCut}: Lost, reason: string, size: number): void => {
	const {context, counts} = reading;
	counts.broken++;
	if (isCut) {
		reading.cutEntry = number;
		forgetChunks(reading);
		return;
	}

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
	counts.bodies += chunks === 0 && entry.responseBody === undefined ? 0 : 1;
	counts.missingBodies += chunks === 0 && entry.isBodyMissing ? 1 : 0;
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
	} else if (!isAborted && watch.rest > 0) {
		context.warnings.add(`${context.name}: entry ${number}: its watch ends inside an event, which was not delivered`);
	}
};

const takeEntry = async (reading: Reading, {value, fault}: ParsedSlice, split: Split, isCut: boolean): Promise<void> => {
	const {context, counts} = reading;
	const entry = value === undefined ? undefined : readHarEntry(value);
	if (entry === undefined) {
		loseEntry(reading, {number: split.number, isCut: false}, fault ?? 'it holds no request', split.bytes.length);
		return;
	}

	const placed = place(reading, entry, split.number, isCut);
	if (placed === undefined) {
		forgetChunks(reading);
		return;
	}

	count(counts, entry, context.staging.chunks.count);
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
	reading.context.staging.chunks.add({
		time: Math.max(0, numberOf(value, 'time') ?? 0), bytes: Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8'),
	});
};

/** An entry that is cut off: its watch's whole chunks are not lost, where it has any. */
const takeBroken = async (reading: Reading, split: Split & {readonly isBroken: true}): Promise<void> => {
	const {context} = reading;
	const closed = context.staging.chunks.count === 0 ? undefined : closeJson(split.bytes);
	const repaired = closed === undefined ? undefined : parseSlice(closed);
	if (repaired?.value === undefined || readHarEntry(repaired.value) === undefined) {
		loseEntry(reading, split, split.reason, split.size);
		return;
	}

	reading.counts.broken++;
	if (split.isCut) {
		reading.cutEntry = split.number;
	} else {
		context.warnings.lose(`${context.name}: entry ${split.number} is read as far as its chunk ${context.staging.chunks.count}: ${split.reason}`);
	}

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

/** Says what is missing: the end of the file, all of it, or what went elsewhere. */
const reportReading = (reading: Reading, splitter: JsonSplitter): void => {
	const {context, counts, cutEntry} = reading;
	const {name, warnings} = context;
	if (!splitter.hasElements) {
		throw cannotImport(name, 'it holds no entries of a HAR (log.entries); check that it is a HAR');
	}

	if (counts.entries + counts.skipped === 0 && counts.broken > 0) {
		const [first = 'it is cut off in the first one'] = warnings.list();
		throw cannotImport(name, `none of its entries can be read (${first}); export or copy it again`);
	}

	if (!splitter.isComplete) {
		warnings.loseRest(`${name} is cut off${cutEntry === undefined ? '' : ` in the middle of entry ${cutEntry}`}; what is whole is imported`);
		context.loseRest({operations: cutEntry === undefined ? 0 : 1, bytes: 0, reason: 'the file is cut off here'});
	}

	if (counts.skipped > 0) {
		warnings.add(`${name}: ${counts.skipped} entries went to no path of a server (tunnels, blobs) and are left out`);
	}

	if (counts.entries === 0) {
		warnings.add(`${name} holds no requests`);
	}
};

/**
Reads a HAR in constant memory: its entries are staged one by one, and a watch's chunks one by one within them.

@throws KubestepError where it holds no entry that can be read
*/
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
	assert.equal(context.staging.chunks.count, 0, 'no chunk is left without its entry');
	reportReading(reading, splitter);
	return factsOf(reading);
};
