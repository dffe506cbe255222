import type {Capability} from '../model/session.js';
import type {SessionClock} from './session-clock.js';
import {recordKinds, type Staging} from './staging.js';
import type {StagedGap} from './staged-meta.js';
import type {Warnings} from './warnings.js';

/** What a reader works with. */
export type ReadContext = {
	/** For messages. */
	readonly name: string;
	readonly staging: Staging;
	readonly warnings: Warnings;
	readonly clock: SessionClock;
	/** Stages something lost, where in time the file was when it was noticed. */
	lose(lost: StagedGap): void;
	/** Stages that the rest of the file is lost. */
	loseRest(lost: StagedGap): void;
	readonly gaps: readonly StagedGap[];
};

/** What a reader found out about its session. */
export type ReadFacts = {
	readonly capabilities: readonly Capability[];
	readonly facts: Readonly<Record<string, string>>;
};

/** Gaps that are kept for the result. */
const maximumGaps = 1000;

export const createReadContext = (parts: Pick<ReadContext, 'name' | 'staging' | 'warnings' | 'clock'>): ReadContext => {
	const gaps: StagedGap[] = [];
	const {records} = parts.staging;
	const stage = (lost: StagedGap, time: number): void => {
		records.add({
			time, kind: recordKinds.gap, stream: 0, meta: JSON.stringify(lost), body: undefined,
		});
		if (gaps.length < maximumGaps) {
			gaps.push(lost);
		}
	};

	return {
		...parts,
		gaps,
		lose(lost) {
			stage(lost, records.lastArrival);
		},
		loseRest(lost) {
			stage(lost, records.latest);
		},
	};
};
