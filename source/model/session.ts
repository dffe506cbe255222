/** Where a session's operations came from. */
export const sessionSources = ['proxy', 'client', 'audit', 'har', 'kubestep-go', 'replay'] as const;
export type SessionSource = typeof sessionSources[number];

/** What a source can see. A rule that needs one that is missing abstains. */
export const capabilityNames = [
	'requestBodies', // Bodies of writes as the client sent them
	'responseBodies', // Bodies of responses as the client got them
	'requestDefaulted', // Request bodies are logged after defaulting (audit logs)
	'watchEvents', // Watch events as delivered to the client
	'synthesisedEvents', // Watch events reconstructed from writes (flagged synthetic)
	'headers', // Request and response headers
	'connections', // Which TCP connection carried a request
	'subMillisecondTiming', // Arrival times finer than a millisecond
	'allClients', // Every client of the cluster, not only one process
	'users', // Authenticated user names
	'reconciles', // Exact reconcile spans
] as const;
export type Capability = typeof capabilityNames[number];

/** Operations that were not recorded, or not readable: between steps `from` and `to`. */
export type Gap = {
	readonly from: number;
	readonly to: number;
	readonly operations: number;
	readonly bytes: number;
	readonly reason: string;
};

/** One recording. */
export type Session = {
	readonly id: string;
	readonly source: SessionSource;
	/** Wall clock of time zero, ms since the Unix epoch (a fraction is µs). */
	readonly startedAt: number;
	/** File or upstream it came from, for people. Never holds credentials. */
	readonly origin: string;
	readonly capabilities: readonly Capability[];
	readonly redacted: boolean;
	/** The session a live replay was made from. */
	readonly parent: string | undefined;
	readonly gaps: readonly Gap[];
	/** Still being written, or its writer was killed. */
	readonly open: boolean;
	/** Counts, maintained by ingest. */
	readonly operations: number;
	readonly requests: number;
	readonly events: number;
	/** Last time in the session, ns since its start. */
	readonly durationNs: bigint;
	readonly facts: Readonly<Record<string, string>>;
};

/** What one actor of one process did: for `sessions`. */
export type ActorCount = {
	readonly process: string;
	readonly actor: string;
	readonly operations: number;
};
