import {readAudit} from './audit-reader.js';
import {detectFormat, type Guess} from './detect-format.js';
import {readHar} from './har-reader.js';
import {createTeller, importStaged, type ImportJob} from './import-job.js';
import type {
	ImportedSession,
	ImportFormat,
	ImportInput,
	ImportOptions,
	ImportResult,
	OpenImportSession,
} from './import-types.js';
import {cannotImport, type InputBytes, openInput} from './input-bytes.js';
import type {ReadContext} from './read-context.js';
import {createSynthesis} from './synthesise-events.js';
import {createWarnings, defaultMaximumWarnings} from './warnings.js';

export * from './import-types.js';

async function * readBytes({bytes, tell, signal}: ImportJob): AsyncGenerator<Uint8Array> {
	for await (const chunk of bytes.chunks()) {
		signal?.throwIfAborted();
		yield chunk;
		tell({phase: 'reading', done: bytes.done, total: bytes.total});
	}
}

/** Gzip that broke where the text did not say so. */
const checkGzip = ({bytes, warnings}: ImportJob, context: ReadContext): void => {
	if (bytes.end === 'whole' || (bytes.end === 'cut' && !warnings.isComplete)) {
		return;
	}

	const reason = bytes.end === 'cut' ? 'the gzip is cut off here' : 'the gzip is damaged from here on';
	warnings.loseRest(`${bytes.name}: ${reason}; what came before is imported`);
	context.loseRest({operations: 0, bytes: 0, reason});
};

const importHar = async (job: ImportJob): Promise<ImportedSession> => importStaged(job, async context => {
	const read = await readHar(readBytes(job), context);
	checkGzip(job, context);
	if (job.input.synthesise === true) {
		job.warnings.add(`${job.bytes.name}: a HAR has the watch events themselves; none are synthesised`);
	}

	return {...read, source: 'har'};
});

const importAudit = async (job: ImportJob): Promise<ImportedSession> => importStaged(job, async context => {
	const {capabilities, facts} = await readAudit(readBytes(job), context);
	checkGzip(job, context);
	if (job.input.synthesise !== true) {
		return {capabilities, facts, source: 'audit'};
	}

	if (!capabilities.includes('responseBodies')) {
		job.warnings.add(`${job.bytes.name}: watch events are synthesised only of writes logged at level RequestResponse, which not all are`);
	}

	return {
		capabilities: [...capabilities, 'synthesisedEvents'], facts, source: 'audit', createObserver: createSynthesis,
	};
});

const importWith = async (job: ImportJob, format: ImportFormat): Promise<readonly ImportedSession[]> => {
	switch (format) {
		case 'har': {
			return [await importHar(job)];
		}

		case 'audit': {
			return [await importAudit(job)];
		}

		case 'kubestep-go': {
			const {importGo} = await import('./import-go.js');
			return importGo(job);
		}
	}
};

const formatNames: Readonly<Record<ImportFormat, string>> = {har: 'a HAR', audit: 'an audit log', 'kubestep-go': 'a KubeStep (Go) database'};

const isDatabase = (guess: Guess): boolean => guess === 'kubestep-go';

/** The given format, unless the content says that it cannot be; else the guessed one. */
const chooseFormat = ({head, name}: InputBytes, given: ImportFormat | undefined): ImportFormat => {
	const guess = detectFormat(head);
	if (guess === 'empty') {
		throw cannotImport(name, 'it is empty; export or copy it again');
	}

	if (given === undefined) {
		if (guess === 'other') {
			throw cannotImport(name, 'it is neither a HAR, an audit log nor a KubeStep (Go) database. Give the format with --format if you know it');
		}

		return guess;
	}

	const isText = guess === 'other' && head.every(byte => byte !== 0);
	if (isDatabase(guess) !== isDatabase(given) || (guess === 'other' && !isText)) {
		throw cannotImport(name, `it is not ${formatNames[given]}${guess === 'other' ? '' : ` but ${formatNames[guess]}`}; leave --format away or name another file`);
	}

	return given;
};

/**
Reads a file and writes it, in order of time, into the session that `openSession` opens for it (one for each it holds). Memory does not grow with the file.

@throws KubestepError where it cannot be read at all; what `openSession` and its sessions throw; the signal's reason
*/
export async function importFile(input: ImportInput, openSession: OpenImportSession, options: ImportOptions = {}): Promise<ImportResult> {
	const warnings = createWarnings(options.maximumWarnings ?? defaultMaximumWarnings);
	const bytes = await openInput(input);
	try {
		const format = chooseFormat(bytes, input.format);
		const sessions = await importWith({
			input, bytes, warnings, signal: options.signal, openSession, tell: createTeller(options.onProgress),
		}, format);
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
