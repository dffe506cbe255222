import {spawn} from 'node:child_process';
import process from 'node:process';
import {exitCodes} from '../model/kubestep-error.js';

/*
On a machine with much memory V8 lets the heap grow to several times what lives in it. An import lives in little and makes much garbage, and its memory has a limit
(design: recordings of any size on a jump host), which can only be set when a Node starts.
*/
const heapFlags = ['--max-old-space-size=160', '--max-semi-space-size=12'] as const;
/** An arena for each thread would keep what the compressor frees (glibc; others ignore it). */
const allocatorLimits = {MALLOC_ARENA_MAX: '2'}; // eslint-disable-line @typescript-eslint/naming-convention -- glibc's name
const boundedCommand = 'import';
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether this command line asks for a Node of its own, with a bounded heap. */
export const shouldBoundHeap = (argv: readonly string[], execArgv: readonly string[]): boolean =>
	argv[0] === boundedCommand && execArgv.every(flag => !flag.startsWith('--max-old-space-size'));

/** How a command ended that ran in a Node of its own: as a process ends. */
export type ChildEnd = {readonly code: number} | {readonly signal: NodeJS.Signals};

/** Runs the same command line again in a Node with a bounded heap. It gets our signals from us alone: one ^C must not reach it twice. */
export const runInBoundedHeap = async (): Promise<ChildEnd> => new Promise(resolve => {
	const child = spawn(process.execPath, [...heapFlags, ...process.execArgv, ...process.argv.slice(1)], {stdio: 'inherit', detached: true, env: {...process.env, ...allocatorLimits}});
	for (const signal of passedOn) {
		process.on(signal, () => {
			child.kill(signal);
		});
	}

	child.once('error', () => {
		resolve({code: exitCodes.internal});
	});
	child.once('exit', (code, signal) => {
		for (const passed of passedOn) {
			process.removeAllListeners(passed);
		}

		resolve(signal === null ? {code: code ?? exitCodes.internal} : {signal});
	});
});
