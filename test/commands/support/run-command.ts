import {Buffer} from 'node:buffer';
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {runCommandLine} from '../../../source/commands/main.js';

export type Ran = {readonly code: number; readonly stdout: string; readonly stderr: readonly string[]};

/** Runs `kubestep ARGUMENTS` in this process, without a terminal, and gives what it printed. */
export const kubestep = async (...argv: readonly string[]): Promise<Ran> => {
	const stdout: Uint8Array[] = [];
	const stderr: string[] = [];
	const code = await runCommandLine(argv, {
		async print(data) {
			stdout.push(Buffer.from(data as string));
		},
		warn(line) {
			stderr.push(`kubestep: ${line}`);
		},
		progress: () => undefined,
		isTerminal: false,
		columns: 80,
		rows: 24,
		signal: new AbortController().signal,
	});
	return {code, stdout: Buffer.concat(stdout).toString(), stderr};
};

/** A path in a new directory of its own. */
export const scratchFile = (name: string): string => {
	const directory = mkdtempSync(path.join(tmpdir(), 'kubestep-test-'));
	return path.join(directory, name);
};
