import {once} from 'node:events';
import process from 'node:process';
import type {CommandOutput} from './command.js';

const fallbackColumns = 80;
const fallbackRows = 24;

export type ProcessOutput = CommandOutput & {
	/** ^C was pressed while a command listened for it. */
	readonly wasInterrupted: boolean;
};

/** Output to this process's stdout and stderr. A reader that goes away (`| head`) ends the process quietly. */
export const processOutput = (): ProcessOutput => {
	const {stdout, stderr} = process;
	const interruption = new AbortController();
	let hasProgress = false;
	const wipe = (): void => {
		if (!hasProgress) {
			return;
		}

		stderr.write('\r\u{1B}[K');
		hasProgress = false;
	};

	stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE') {
			process.exit(); // eslint-disable-line unicorn/no-process-exit -- nobody reads any more
		}

		throw error;
	});

	return {
		async print(data) {
			if (!stdout.write(data)) {
				await once(stdout, 'drain');
			}
		},
		warn(line) {
			wipe();
			stderr.write(`kubestep: ${line}\n`);
		},
		progress(line) {
			if (!stderr.isTTY) {
				return;
			}

			wipe();
			if (line === undefined) {
				return;
			}

			stderr.write(line.slice(0, Math.max(0, (stderr.columns ?? fallbackColumns) - 1)));
			hasProgress = true;
		},
		isTerminal: stdout.isTTY,
		columns: stdout.columns ?? fallbackColumns,
		rows: stdout.rows ?? fallbackRows,
		get wasInterrupted() {
			return interruption.signal.aborted;
		},
		get signal() {
			// Only for a command that asks: the debugger reads ^C itself. A second one kills.
			if (process.listenerCount('SIGINT') === 0 && !interruption.signal.aborted) {
				process.once('SIGINT', () => {
					interruption.abort();
				});
			}

			return interruption.signal;
		},
	};
};
