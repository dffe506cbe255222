import process from 'node:process';
import {runInBoundedHeap, shouldBoundHeap} from './bounded-heap.js';
import {runCommandLine} from './main.js';
import {processOutput} from './process-output.js';

/** Runs this process's command line; sets its exit code. After ^C it dies of it, once the command has cleaned up, as shells expect. */
export const runFromCommandLine = async (): Promise<void> => {
	if (shouldBoundHeap(process.argv.slice(2), process.execArgv)) {
		const end = await runInBoundedHeap();
		if ('signal' in end) {
			process.kill(process.pid, end.signal);
		} else {
			process.exitCode = end.code;
		}

		return;
	}

	const output = processOutput();
	process.exitCode = await runCommandLine(process.argv.slice(2), output);
	if (output.wasInterrupted) {
		process.kill(process.pid, 'SIGINT');
	}
};
