import {performance} from 'node:perf_hooks';
import path from 'node:path';
import {readAudit} from './audit-reader.js';
import {readHar} from './har-reader.js';
import {detectFormat, type Guess} from './detect-format.js';
import {cannotImport, type InputBytes, openInput} from './input-bytes.js';
import type {
	ImportedSession,
	ImportFormat,
	ImportInput,
	ImportOptions,
	ImportProgress,
	ImportResult,
	OpenImportSession,
} from './import-types.js';
import {writeOrdered, type WriteObserver} from './ordered-writer.js';
import {createReadContext, type ReadContext, type ReadFacts} from './read-context.js';
import {createSessionClock} from './session-clock.js';
import {createStaging, type Staging} from './staging.js';
import {createWarnings, defaultMaximumWarnings, type Warnings} from './warnings.js';

export * from './import-types.js';

/** Progress is told no more often, ms. */
const progressInterval = 100;

type Job = {
	readonly input: ImportInput;
	readonly bytes: InputBytes;
	readonly warnings: Warnings;
	readonly options: ImportOptions;
	readonly tell: (progress: ImportProgress) => void;
	readonly openSession: OpenImportSession;
};

const createTeller = (onProgress: ImportOptions['onProgress']): ((progress: ImportProgress) => void) => {
	let last = -Infinity;
	return progress => {
		const now = performance.now();
		if (onProgress !== undefined && now - last >= progressInterval) {
			last = now;
			onProgress(progress);
		}
	};
};

async function * watched({bytes, tell, options}: Job): AsyncGenerator<Uint8Array> {
	for await (const chunk of bytes.chunks()) {
		options.signal?.throwIfAborted();
		yield chunk;
		tell({phase: 'reading', done: bytes.done, total: bytes.total});
	}
}

/** What staged records become, once their session is open. */
const writeSession = async (job: Job, context: ReadContext, source: 'har' | 'audit', read: ReadFacts & {readonly observer?: WriteObserver}): Promise<ImportedSession> => {
	const {staging, clock} = context;
	const {tell, options, input} = job;
	tell({phase: 'ordering', done: 0, total: staging.records});
	const zero = clock.zero(staging.earliest);
	const records = staging.ordered();
	const session = await job.openSession({
		source,
		startedAt: clock.wallClock(zero),
		origin: input.path === '-' ? '-' : path.basename(input.path),
		capabilities: read.capabilities,
		facts: read.facts,
	});
	await writeOrdered(records, session, {
		zero,
		observer: read.observer,
		signal: options.signal,
		onRecord(written) {
			tell({phase: 'writing', done: written, total: staging.records});
		},
	});
	const finished = await session.finish();
	return {
		name: undefined, session: finished, requests: finished.requests, events: finished.events, gaps: context.gaps,
	};
};

const importStaged = async (job: Job, format: 'har' | 'audit', staging: Staging): Promise<ImportedSession> => {
	const context = createReadContext({
		name: job.bytes.name, staging, warnings: job.warnings, clock: createSessionClock(),
	});
	const read = format === 'har' ? await readHar(watched(job), context) : await readAudit(watched(job), context);
	if (job.bytes.end === 'damaged') {
		job.warnings.lose(`${job.bytes.name}: its gzip is damaged; what came before is imported`);
		context.lose({operations: 0, bytes: 0, reason: 'the gzip is damaged from here on'});
	}

	return writeSession(job, context, format, read);
};

const importWith = async (job: Job, format: ImportFormat): Promise<readonly ImportedSession[]> => {
	if (format === 'kubestep-go') {
		throw cannotImport(job.bytes.name, 'not yet');
	}

	const staging = createStaging();
	try {
		return [await importStaged(job, format, staging)];
	} finally {
		staging.close();
	}
};

const chooseFormat = (bytes: InputBytes, given: ImportFormat | undefined): ImportFormat => {
	const guess: Guess = detectFormat(bytes.head);
	if (guess === 'empty') {
		throw cannotImport(bytes.name, 'it is empty; export or copy it again');
	}

	if (given === undefined && guess === 'other') {
		throw cannotImport(bytes.name, 'it is neither a HAR, an audit log nor a KubeStep (Go) database. Give the format with --format if you know it');
	}

	return given ?? (guess as ImportFormat);
};

/**
Reads a file and writes it, in order of time, into the session that `openSession` opens for it (one for each it holds).

@throws KubestepError where it cannot be read at all; what `openSession` and the session throw
*/
export async function importFile(input: ImportInput, openSession: OpenImportSession, options: ImportOptions = {}): Promise<ImportResult> {
	const warnings = createWarnings(options.maximumWarnings ?? defaultMaximumWarnings);
	const bytes = await openInput(input);
	try {
		const format = chooseFormat(bytes, input.format);
		const job: Job = {
			input, bytes, warnings, options, tell: createTeller(options.onProgress), openSession,
		};
		const sessions = await importWith(job, format);
		return {
			format,
			warnings: warnings.list(),
			operations: sessions.reduce((sum, {requests, events}) => sum + requests + events, 0),
			complete: warnings.isComplete,
			sessions,
		};
	} finally {
		await bytes.close();
	}
}
