import {strict as assert} from 'node:assert';
import type {OperationCompletion} from '../model/operation.js';
import {
	headOf,
	isOlder,
	type ObjectTimeline,
	type ObjectTimelines,
	waitForMeaning,
	waitForVersion,
} from './object-timelines.js';
import {type Claim, maximumEventsPerRow, type VersionRow} from './version-row.js';

/**
Joins writes to the versions they produced, and events to those writes, exactly: by (uid, resourceVersion), for a uid's end by uid. Either may come first; `complete` fills
in what was inserted before.
*/
export type Causes = {
	/** An event carries this version, or this end: gives its cause, now or later. */
	carry(row: VersionRow, event: number): number | undefined;
	/** A DELETED event that may be an object leaving a view: gives its cause, now or later. */
	leave(timeline: ObjectTimeline, row: VersionRow | undefined, resourceVersion: string, event: number): number | undefined;
	/** A write was answered with this version: whether it is what produced it, else it was a no-op. */
	claimVersion(timeline: ObjectTimeline, row: VersionRow, claim: Claim): boolean;
	/** A write was answered with this version of an object, but not with its body. */
	claimLater(timeline: ObjectTimeline, resourceVersion: string, claim: Claim): void;
	/** A version came that writes may have waited for. */
	settleVersion(timeline: ObjectTimeline, row: VersionRow): void;
	/** A write ended the uid: its DELETED events are told so. */
	settleEnd(timeline: ObjectTimeline): void;
};

/** Between two writes answered with the same version the one that cannot be a no-op produced it, else the one that arrived first. */
const isStronger = (claim: Claim, other: Claim): boolean =>
	claim.isCertain === other.isCertain ? claim.sequence < other.sequence : claim.isCertain;

type Complete = (completion: OperationCompletion) => void;

const carry = (row: VersionRow, event: number): number | undefined => {
	assert.ok(event > 0, 'steps count from 1');
	if (row.events.length < maximumEventsPerRow) {
		row.events.push(event);
	}

	return row.claim?.sequence;
};

const leave = (timeline: ObjectTimeline, row: VersionRow | undefined, resourceVersion: string, event: number): number | undefined => {
	const carried = row ?? (timeline.end?.claim === undefined ? undefined : timeline.end);
	if (carried !== undefined) {
		return carry(carried, event);
	}

	waitForMeaning(timeline, resourceVersion, event);
	return undefined;
};

const tell = (row: VersionRow, complete: Complete): void => {
	assert.ok(row.claim !== undefined, 'nothing to tell');
	for (const sequence of row.events) {
		complete({sequence, cause: row.claim.sequence});
	}
};

/** DELETED events that waited for their meaning: those this row explains are its own now. */
const takeWaiting = (timeline: ObjectTimeline, row: VersionRow, isOfRow: (resourceVersion: string) => boolean): void => {
	for (const deletion of timeline.waitingDeletions.splice(0)) {
		if (isOfRow(deletion.resourceVersion)) {
			carry(row, deletion.sequence);
		} else {
			timeline.waitingDeletions.push(deletion);
		}
	}
};

const isClaimed = (timelines: ObjectTimelines, complete: Complete, claimed: {readonly timeline: ObjectTimeline; readonly row: VersionRow; readonly claim: Claim}): boolean => {
	const {timeline, row, claim} = claimed;
	assert.ok(row.kind !== 'end', 'an end is claimed when it is made');
	assert.ok(claim.sequence > 0, 'steps count from 1');
	assert.equal(row.resourceVersion === undefined, false, 'a version that is claimed has a number');
	const other = row.claim;
	if (other !== undefined && !isStronger(claim, other)) {
		return other.sequence === claim.sequence;
	}

	if (other !== undefined) {
		other.flags.add('noop');
		complete({sequence: other.sequence, flags: other.flags});
	}

	row.claim = claim;
	row.isFromRead = false;
	if (row.step !== claim.sequence) {
		timelines.move(timeline, row, claim.sequence);
	}

	assert.ok(row.step >= claim.sequence, 'a version does not enter before its write');
	takeWaiting(timeline, row, resourceVersion => resourceVersion === row.resourceVersion);
	tell(row, complete);
	return true;
};

const settleVersion = (timelines: ObjectTimelines, complete: Complete, timeline: ObjectTimeline, row: VersionRow): void => {
	assert.ok(timeline.rows.includes(row) || timeline.floor > 0, 'a version of this object');
	for (const pending of timeline.pendingClaims.splice(0)) {
		if (pending.resourceVersion === row.resourceVersion) {
			isClaimed(timelines, complete, {timeline, row, claim: pending.claim});
		} else {
			timeline.pendingClaims.push(pending);
		}
	}

	assert.ok(timeline.pendingClaims.every(({resourceVersion}) => resourceVersion !== row.resourceVersion), 'its claims are settled');
};

const settleEnd = (complete: Complete, timeline: ObjectTimeline): void => {
	const {end} = timeline;
	assert.ok(end?.kind === 'end', 'the uid has ended');
	if (end.claim === undefined) {
		return;
	}

	// On a watch with a selector a DELETED event newer than every version is the end itself.
	const head = headOf(timeline)?.resourceVersion;
	assert.ok(end.claim.isCertain, 'an end is no no-op');
	takeWaiting(timeline, end, resourceVersion => head === undefined || isOlder(head, resourceVersion));
	tell(end, complete);
};

export const createCauses = (timelines: ObjectTimelines, complete: Complete): Causes => ({
	carry,
	leave,
	claimVersion: (timeline, row, claim) => isClaimed(timelines, complete, {timeline, row, claim}),
	claimLater: waitForVersion,
	settleVersion(timeline, row) {
		settleVersion(timelines, complete, timeline, row);
	},
	settleEnd(timeline) {
		settleEnd(complete, timeline);
	},
});
