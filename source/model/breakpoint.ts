/** What a breakpoint asks of an operation. Every given part must hold. */
export type BreakpointPattern = {
	readonly verb?: string;
	readonly group?: string;
	readonly resource?: string;
	readonly subresource?: string;
	readonly namespace?: string;
	readonly name?: string;
	/** `409`, or a class: `4xx`. */
	readonly status?: string;
	/** CEL over the variables of `expression/variables.ts`. */
	readonly condition?: string;
};

export type Breakpoint = {
	readonly id: number;
	readonly enabled: boolean;
	readonly pattern: BreakpointPattern;
};

/** A letter that remembers a step. */
export type Mark = {
	readonly letter: string;
	readonly step: number;
};
