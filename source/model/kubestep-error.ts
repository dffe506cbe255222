/** Exit codes of every command (design: *Commands*). */
export const exitCodes = {
	fine: 0,
	findings: 1,
	usage: 2,
	unreadable: 3,
	unreachable: 4,
	internal: 5,
} as const;
export type ExitCode = typeof exitCodes[keyof typeof exitCodes];

/** An error a person can act on: one line that says what was wrong, with what input, and what to do next. */
export class KubestepError extends Error {
	override readonly name = 'KubestepError';
	readonly exitCode: ExitCode;

	constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
		super(message, options);
		this.exitCode = exitCode;
	}
}

export const usageError = (message: string): KubestepError => new KubestepError(message, exitCodes.usage);

export const unreadableError = (message: string, cause?: unknown): KubestepError =>
	new KubestepError(message, exitCodes.unreadable, {cause});
