import type {EndKind, HeaderLines} from '../model/operation.js';
import type {ArrivedRequest} from '../ingest/input.js';

/*
What a staged record's `meta` holds as JSON. Times are ns after the record's own (negative: before it).
*/

export type StagedRequest = {
	readonly method: string;
	readonly url: string;
	readonly headers: HeaderLines;
	readonly bodyTruncated?: boolean;
	readonly connection?: string;
	readonly user?: string;
	readonly userAgent?: string;
	readonly process?: string;
	readonly auditId?: string;
	readonly stated?: ArrivedRequest['stated'];
	readonly reconcile?: string;
	readonly uncertainty?: number;
	readonly synthetic?: boolean;
	/** It was answered with 200 and is a watch: for synthesis. */
	readonly isWatch?: boolean;
};

export type StagedEnd = {
	readonly sent?: number;
	readonly responseStarted?: number;
	readonly status?: number;
	readonly headers: HeaderLines;
	readonly bodyTruncated?: boolean;
	readonly end: EndKind;
	readonly reason?: string;
	readonly message?: string;
};

export type StagedGap = {readonly operations: number; readonly bytes: number; readonly reason: string};
