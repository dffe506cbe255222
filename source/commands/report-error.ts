import {exitCodes, KubestepError, type ExitCode} from '../model/kubestep-error.js';
import type {CommandOutput} from './command.js';

/** Errors of the machine that a person can act on: what they mean, and whose they are. */
const systemErrors: ReadonlyMap<string, readonly [string, ExitCode]> = new Map([
	['ENOSPC', ['the disk is full; make room and run it again', exitCodes.internal]],
	['EROFS', ['the file system is read-only; name another place with -d', exitCodes.internal]],
	['EACCES', ['permission denied; check who may read or write it', exitCodes.unreadable]],
	['EPERM', ['permission denied; check who may read or write it', exitCodes.unreadable]],
	['ENOENT', ['there is no such file; check the path', exitCodes.unreadable]],
	['EISDIR', ['it is a directory; name a file', exitCodes.unreadable]],
	['ENOTDIR', ['a part of its path is no directory; check the path', exitCodes.unreadable]],
	['EMFILE', ['too many files are open; raise the limit (ulimit -n)', exitCodes.internal]],
	['ECONNREFUSED', ['nothing listens there; check the address', exitCodes.unreachable]],
	['ENOTFOUND', ['the host is unknown; check the address', exitCodes.unreachable]],
]);

type SystemError = Error & {readonly code?: string; readonly path?: string};

const oneLine = (text: string): string => text.replaceAll(/[\p{Control}\u{2028}\u{2029}]+/gv, ' ').trim();

const describe = (error: unknown): readonly [string, ExitCode] => {
	if (error instanceof KubestepError) {
		return [error.message, error.exitCode];
	}

	if (!(error instanceof Error)) {
		return [`unexpected failure: ${String(error)}`, exitCodes.internal];
	}

	const {code, path} = error as SystemError;
	const [meaning, exitCode] = systemErrors.get(code ?? '') ?? [`unexpected failure, please report it: ${error.message} (--debug shows where)`, exitCodes.internal];
	return [path === undefined ? meaning : `${path}: ${meaning}`, exitCode];
};

/** Prints an error as one line on stderr (with `isDebug` its stack and causes too) and gives the exit code. */
export const reportError = (error: unknown, output: CommandOutput, isDebug: boolean): ExitCode => {
	const [message, exitCode] = describe(error);
	output.progress(undefined);
	output.warn(oneLine(message));
	if (isDebug && error instanceof Error) {
		let cause: unknown = error;
		for (let depth = 0; depth < 8 && cause instanceof Error; depth++) {
			output.warn(cause.stack ?? cause.message);
			cause = cause.cause;
		}
	}

	return exitCode;
};
