import {existsSync, rmSync, statSync} from 'node:fs';
import path from 'node:path';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import type {ImportResult, SessionFacts} from '../import/import-types.js';
import type {IngestSession} from '../ingest/ingest-session.js';
import {exitCodes, KubestepError, usageError} from '../model/kubestep-error.js';
import type {RemoteStore} from '../store/worker-calls.js';
import type {CommandOutput} from './command.js';
import {durationText} from './printers/session-json.js';
import {progressMeter} from './progress-line.js';

/** What one file is to become. */
export type ImportJob = {
	readonly file: string;
	readonly locator: string;
	readonly session: string;
	readonly format: 'har' | 'audit' | 'kubestep-go' | undefined;
	readonly isRedacted: boolean;
	readonly hasSynthesis: boolean;
};

/** The store an import writes to, opened when the file has proved readable, and what came into it. */
type Target = {
	open(facts: SessionFacts): Promise<IngestSession>;
	/** Takes everything back: the sessions, and the file where it was made for them. */
	undo(): Promise<void>;
	close(): Promise<void>;
};

/** Where the executable's bundle stands, its thread stands beside it; run from source, everything is done in one. */
const thread = new URL('../store-worker.js', import.meta.url);

const openForWriting = async (locator: string): Promise<RemoteStore> => {
	if (existsSync(thread)) {
		const {openStoreInWorker} = await import('../store/store-in-worker.js');
		return openStoreInWorker(thread, locator, {mode: 'write'});
	}

	const {openStore} = await import('../store/open-store.js');
	return openStore(locator, {mode: 'write'});
};

const refuseExisting = async (store: RemoteStore, id: string): Promise<void> => {
	const sessions = await store.listSessions();
	if (sessions.some(session => session.id === id)) {
		throw usageError(`${store.locator} already holds a session ${id}; name this one otherwise with --session NAME`);
	}
};

const createTarget = (job: ImportJob): Target => {
	const isNew = !existsSync(job.locator);
	const created: string[] = [];
	let store: RemoteStore | undefined;

	const openTarget = async (): Promise<RemoteStore> => {
		store ??= await openForWriting(job.locator);
		return store;
	};

	return {
		async open({name, ...facts}) {
			const {openIngest} = await import('../ingest/ingest-session.js');
			const target = await openTarget();
			const id = name === undefined ? job.session : `${job.session}-${name}`;
			await refuseExisting(target, id);
			const ingest = await openIngest({store: target, session: {...facts, id, parent: undefined}, redact: job.isRedacted});
			created.push(id);
			return ingest;
		},
		async undo() {
			try {
				for (const id of created) {
					await store?.deleteSession(id); // eslint-disable-line no-await-in-loop -- a handful
				}
			} finally {
				// What failed may fail again here; the file goes all the same.
				await store?.close().catch(() => undefined);
				if (isNew && store !== undefined && !job.locator.includes('://')) {
					for (const suffix of ['', '-wal', '-shm', '-journal']) {
						rmSync(job.locator + suffix, {force: true});
					}
				}

				store = undefined;
			}
		},
		async close() {
			await store?.close();
		},
	};
};

/** A file that would be both the input and the store. */
const refuseOwnStore = ({file, locator}: ImportJob): void => {
	if (file !== '-' && existsSync(file) && existsSync(locator) && path.resolve(file) === path.resolve(locator) && statSync(file).isFile()) {
		throw usageError(`import: ${file} is also the store it would go into; name another with -d`);
	}
};

const print = async (result: ImportResult, job: ImportJob, output: CommandOutput): Promise<void> => {
	for (const warning of result.warnings) {
		output.warn(warning);
	}

	for (const {session, requests, events} of result.sessions) {
		await output.print(`${session.id}  ${requests} requests + ${events} watch events  ${durationText(session.durationNs)}\n`); // eslint-disable-line no-await-in-loop -- in order
	}

	if (!job.isRedacted) {
		output.warn(`${job.session} holds secret values as they were (--no-redact); mind who gets ${job.locator}`);
	}
};

/**
Imports one file and prints a line for each session it became. A refused or interrupted import leaves nothing behind.

@throws KubestepError
*/
export const importInto = async (job: ImportJob, output: CommandOutput): Promise<void> => {
	refuseOwnStore(job);
	const {importFile} = await import('../import/import-file.js');
	const target = createTarget(job);
	const meter = progressMeter(job.file, () => performance.now());
	if (job.file === '-') {
		// Whoever writes to it may be silent for long.
		output.signal.addEventListener('abort', () => {
			process.stdin.destroy(new Error('interrupted'));
		}, {once: true});
	}

	try {
		const result = await importFile(
			{path: job.file, format: job.format, synthesise: job.hasSynthesis},
			async facts => target.open(facts),
			{
				signal: output.signal,
				onProgress(progress) {
					const line = meter(progress);
					if (line !== undefined) {
						output.progress(line);
					}
				},
			},
		);
		output.progress(undefined);
		await print(result, job, output);
	} catch (error) {
		await target.undo();
		throw output.signal.aborted
			? new KubestepError(`import of ${job.file} was stopped; nothing of it is kept in ${job.locator}`, exitCodes.internal, {cause: error})
			: error;
	}

	await target.close();
};
