import {performance} from 'node:perf_hooks';
import path from 'node:path';
import type {SessionSource} from '../model/session.js';
import type {InputBytes} from './input-bytes.js';
import type {
	ImportedSession,
	ImportInput,
	ImportOptions,
	ImportProgress,
	OpenImportSession,
} from './import-types.js';
import {type CreateObserver, writeOrdered} from './ordered-writer.js';
import {createReadContext, type ReadContext, type ReadFacts} from './read-context.js';
import {createSessionClock} from './session-clock.js';
import {createStaging} from './staging.js';
import type {Warnings} from './warnings.js';

/** Progress is told no more often, ms. */
const progressInterval = 100;

/** One import on its way. */
export type ImportJob = {
	readonly input: ImportInput;
	readonly bytes: InputBytes;
	readonly warnings: Warnings;
	readonly signal: AbortSignal | undefined;
	readonly openSession: OpenImportSession;
	tell(progress: ImportProgress): void;
};

/** Passes progress on, but not too often. */
export const createTeller = (onProgress: ImportOptions['onProgress']): ImportJob['tell'] => {
	let last = -Infinity;
	return progress => {
		const now = performance.now();
		if (onProgress === undefined || !(now - last >= progressInterval)) {
			return;
		}

		last = now;
		onProgress(progress);
	};
};

/** What a reader made of its session. */
export type ReadSession = ReadFacts & {
	readonly source: SessionSource;
	/** Of a file that holds several. */
	readonly name?: string;
	readonly createObserver?: CreateObserver;
};

/** What was staged becomes a session, once that is open. */
const writeSession = async (job: ImportJob, context: ReadContext, read: ReadSession): Promise<ImportedSession> => {
	const {staging, clock} = context;
	const {input, signal} = job;
	job.tell({phase: 'ordering', done: 0, total: staging.records.count});
	staging.seal();
	const zero = clock.zero(staging.records.earliest);
	const session = await job.openSession({
		source: read.source,
		startedAt: clock.wallClock(zero),
		origin: input.path === '-' ? '-' : path.basename(input.path),
		capabilities: read.capabilities,
		facts: read.facts,
		...(read.name !== undefined && {name: read.name}),
	});
	await writeOrdered(staging.ordered(), session, {
		zero,
		createObserver: read.createObserver,
		signal,
		onRecord(written) {
			job.tell({phase: 'writing', done: written, total: staging.records.count});
		},
	});
	const finished = await session.finish();
	return {
		name: read.name, session: finished, requests: finished.requests, events: finished.events, gaps: context.gaps,
	};
};

/** Stages what `read` reads, then writes it as one session. Nothing of the staging is left, however this ends. */
export const importStaged = async (job: ImportJob, read: (context: ReadContext) => Promise<ReadSession>): Promise<ImportedSession> => {
	const staging = createStaging();
	try {
		const context = createReadContext({
			name: job.bytes.name, staging, warnings: job.warnings, clock: createSessionClock(),
		});
		return await writeSession(job, context, await read(context));
	} finally {
		staging.close();
	}
};
