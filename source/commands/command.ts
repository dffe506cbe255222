import type {ExitCode} from '../model/kubestep-error.js';

/** One flag of a command. `value` is what the help calls its argument; a flag without one is a switch. */
export type FlagSpec = {
	readonly name: string;
	readonly short?: string;
	/** Other names that mean the same. */
	readonly aliases?: readonly string[];
	readonly value?: string;
	readonly choices?: readonly string[];
	/** A switch that is on by default: `--no-NAME` turns it off. */
	readonly isOnByDefault?: boolean;
	readonly help: string;
};

/** Flags as given: the text of a flag with a value, whether a switch is on. Absent: not given. */
export type Flags = ReadonlyMap<string, string | boolean>;

export type CommandInput = {
	readonly positionals: readonly string[];
	readonly flags: Flags;
};

/** Where a command writes. Data goes to stdout; everything else to stderr. */
export type CommandOutput = {
	/** Waits while the reader is slow. */
	print(data: string | Uint8Array): Promise<void>;
	warn(line: string): void;
	/** Rewrites one line of stderr, where it is a terminal; undefined wipes it. */
	progress(line: string | undefined): void;
	readonly isTerminal: boolean;
	readonly columns: number;
	readonly rows: number;
	/** Aborted by ^C. */
	readonly signal: AbortSignal;
};

export type Command = {
	readonly name: string;
	/** One line for the list of commands. */
	readonly summary: string;
	/** What follows the name in the usage line. */
	readonly usage: string;
	/** A few lines on what a newcomer needs to know. */
	readonly description: string;
	readonly flags: readonly FlagSpec[];
	readonly examples: ReadonlyArray<{readonly line: string; readonly does: string}>;
	run(input: CommandInput, output: CommandOutput): Promise<ExitCode>;
};

/** The text of a flag with a value, or undefined. */
export const textFlag = (flags: Flags, name: string): string | undefined => {
	const value = flags.get(name);
	return typeof value === 'string' ? value : undefined;
};

export const isOn = (flags: Flags, name: string): boolean => flags.get(name) === true;
