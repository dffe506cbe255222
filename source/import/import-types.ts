import type {IngestSession} from '../ingest/ingest-session.js';
import type {
	Capability,
	Gap,
	Session,
	SessionSource,
} from '../model/session.js';

export const importFormats = ['har', 'audit', 'kubestep-go'] as const;
export type ImportFormat = typeof importFormats[number];

export type ImportInput = {
	/** `-` is stdin. */
	readonly path: string;
	/** Undefined: guessed from the content. */
	readonly format?: ImportFormat;
	/** Audit logs: reconstruct watch events from writes, flagged synthetic. */
	readonly synthesise?: boolean;
	/** Default: the process's. */
	readonly stdin?: NodeJS.ReadableStream;
};

/** `done` and `total` are bytes of input while reading, afterwards operations (a watch event, a request's arrival, its end). */
export type ImportProgress = {readonly phase: 'reading' | 'ordering' | 'writing'; readonly done: number; readonly total: number | undefined};

/** What ingest's session needs and only the file knows; its id is the command's choice. */
export type SessionFacts = {
	readonly source: SessionSource;
	/** Wall clock of time zero, ms since the Unix epoch. */
	readonly startedAt: number;
	/** Name of the file, without its directory; `-` is stdin. */
	readonly origin: string;
	readonly capabilities: readonly Capability[];
	readonly facts: Readonly<Record<string, string>>;
	/** Of a file that holds several sessions: what this one is called there. */
	readonly name?: string;
};

export type OpenImportSession = (facts: SessionFacts) => Promise<IngestSession>;

export type ImportOptions = {
	/** At most every 100 ms. */
	readonly onProgress?: (progress: ImportProgress) => void;
	readonly signal?: AbortSignal;
	/** Warnings beyond are counted in one line. Default 20. */
	readonly maximumWarnings?: number;
};

/** One session that was written. */
export type ImportedSession = {
	/** Its name in a file that holds several. */
	readonly name: string | undefined;
	/** As ingest's `finish` gave it. */
	readonly session: Session;
	readonly requests: number;
	readonly events: number;
	readonly gaps: ReadonlyArray<Omit<Gap, 'from' | 'to'>>;
};

export type ImportResult = {
	readonly format: ImportFormat;
	/** Each one line, for people. */
	readonly warnings: readonly string[];
	/** Requests and watch events, of all sessions. */
	readonly operations: number;
	/** False: the file is truncated, or parts of it could not be read. */
	readonly complete: boolean;
	readonly sessions: readonly ImportedSession[];
};
