/** One figure of the benchmark, and what design allows it to be at most (`limit`), or at least (`atLeast`). */
export type Measurement = {
	readonly what: string;
	readonly unit: string;
	readonly value: number;
	readonly limit: number | undefined;
	readonly atLeast?: number;
};
