import type {State} from '../state/state.js';
import type {Input, Run} from './commands.js';

/** Where a key means this: everywhere, or with the breakpoint panel or the help in front. */
export type Context = 'session' | 'breakpoints' | 'help';

/** One row of the table that dispatch, footer, `?`, `:` and the readme are made from. */
export type Binding = {
	readonly keys: readonly string[];
	/** Name on the command line. */
	readonly name: string;
	readonly contexts: readonly Context[];
	readonly help: string;
	/** How the footer writes it, where there is room. */
	readonly footer?: string;
	/** The command line takes text after the name; what it is. */
	readonly argument?: string;
	/** Why it cannot act now; undefined: it can. */
	readonly whyNot?: (state: State) => string | undefined;
	readonly run: Run;
};

/** How often: a count that was not typed is 1. */
export const times = ({count}: Input): number => Math.max(1, count ?? 1);

export const inSession: readonly Context[] = ['session'];
export const inSessionAndPanel: readonly Context[] = ['session', 'breakpoints'];
export const inPanel: readonly Context[] = ['breakpoints'];
export const inHelp: readonly Context[] = ['help'];
export const everywhere: readonly Context[] = ['session', 'breakpoints', 'help'];

/** Why a key that is about an operation cannot act. */
export const noOperation = (state: State): string | undefined =>
	state.cursor === 0 ? 'step 0 is before the first operation: j goes to it' : undefined;
