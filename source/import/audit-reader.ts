import type {JsonObject} from '../model/json.js';
import {readAuditEvent} from './audit-event.js';
import {type AuditJoin, createAuditJoin} from './audit-join.js';
import {createAuditLevels} from './audit-levels.js';
import {textOf} from './border.js';
import {type ContainerLog, createContainerLog, type UnwrappedLine} from './container-log.js';
import {cannotImport} from './input-bytes.js';
import {createJsonSplitter} from './json-splitter.js';
import {parseSlice, sliceText} from './parse-slice.js';
import type {ReadContext, ReadFacts} from './read-context.js';
import type {Split, SplitPlan} from './split-plan.js';

/** JSON lines, values one after the other, arrays of them, and event lists. */
const plan: SplitPlan = {outer: undefined, inner: ['items'], firstKeys: []};

const openingBrace = 0x7B;

type Reading = {
	readonly context: ReadContext;
	readonly join: AuditJoin;
	readonly levels: ReturnType<typeof createAuditLevels>;
	readonly container: ContainerLog;
	events: number;
	broken: number;
	/** Bytes of the event the file ends in. */
	cut: number | undefined;
	/** The line last complained of: one complaint is enough. */
	lastBroken: number;
};

const loseLine = (reading: Reading, {line}: Split, reason: string, size: number): void => {
	const {context} = reading;
	if (reading.lastBroken === line) {
		return;
	}

	reading.lastBroken = line;
	reading.broken++;
	context.warnings.lose(`${context.name}: line ${line}: ${reason}; skipped`);
	context.lose({operations: 1, bytes: size, reason: `line ${line}: ${reason}`});
};

const takeValue = (reading: Reading, split: Split, value: JsonObject, bytes: Uint8Array): void => {
	const event = readAuditEvent(value, bytes);
	if (event === undefined) {
		loseLine(reading, split, 'not an audit event', bytes.length);
		return;
	}

	reading.events++;
	reading.levels.add(event);
	reading.join.take(event);
};

const takeUnwrapped = (reading: Reading, split: Split, {value, fault, text, waits}: UnwrappedLine): void => {
	if (waits === true) {
		return;
	}

	if (value === undefined || text === undefined) {
		loseLine(reading, split, fault ?? 'not JSON', split.bytes.length);
		return;
	}

	takeValue(reading, split, value, text);
};

/** A list's own object, whose items came one by one. */
const isList = (value: JsonObject): boolean => textOf(value, 'kind')?.endsWith('List') === true;

const takeWhole = (reading: Reading, split: Split): void => {
	const {bytes} = split;
	if (bytes[0] !== openingBrace) {
		const unwrapped = reading.container.unwrapText(sliceText(bytes));
		if (unwrapped !== undefined) {
			takeUnwrapped(reading, split, unwrapped);
			return;
		}
	}

	const {value, fault} = parseSlice(bytes);
	if (value === undefined) {
		loseLine(reading, split, fault, bytes.length);
		return;
	}

	const unwrapped = split.isInner ? undefined : reading.container.unwrapObject(value);
	if (unwrapped !== undefined) {
		takeUnwrapped(reading, split, unwrapped);
	} else if (split.isInner || !isList(value)) {
		takeValue(reading, split, value, bytes);
	}
};

const takeSplit = (reading: Reading, split: Split): void => {
	if (!split.isBroken) {
		takeWhole(reading, split);
		return;
	}

	const {context} = reading;
	if (!split.isCut) {
		loseLine(reading, split, `not JSON (${split.reason})`, split.size);
		return;
	}

	reading.broken++;
	reading.cut = split.size;
	context.warnings.loseRest(`${context.name} is cut off in the middle of line ${split.line}; what is whole is imported`);
};

const factsOf = (reading: Reading, unfinished: number): ReadFacts => {
	const {join, levels, events, broken} = reading;
	const numbers = {
		brokenLines: broken, duplicateEvents: join.duplicates, aggregatedRequests: join.hops, unfinishedRequests: unfinished,
	};
	return {
		capabilities: levels.capabilities,
		facts: {
			format: 'audit',
			events: String(events),
			...levels.facts,
			...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value > 0).map(([name, value]) => [name, String(value)])),
		},
	};
};

/**
Reads an audit log in constant memory: events are joined to requests on disk, and staged.

@throws KubestepError where it holds no event
*/
export const readAudit = async (chunks: AsyncIterable<Uint8Array>, context: ReadContext): Promise<ReadFacts> => {
	const splitter = createJsonSplitter(plan);
	const reading: Reading = {
		context, join: createAuditJoin(context), levels: createAuditLevels(), container: createContainerLog(), events: 0, broken: 0, cut: undefined, lastBroken: 0,
	};
	const takeAll = (): void => {
		for (let split = splitter.next(); split !== undefined; split = splitter.next()) {
			takeSplit(reading, split);
		}
	};

	for await (const chunk of chunks) {
		splitter.push(chunk);
		takeAll();
	}

	splitter.finish();
	takeAll();
	if (reading.events === 0) {
		const [first] = context.warnings.list();
		throw cannotImport(context.name, `it holds no audit event${first === undefined ? '' : ` (${first})`}; check that it is the log of a kube-apiserver`);
	}

	const unfinished = reading.join.finish();
	if (reading.cut !== undefined) {
		context.loseRest({operations: 1, bytes: reading.cut, reason: 'the file is cut off here'});
	}

	return factsOf(reading, unfinished);
};
