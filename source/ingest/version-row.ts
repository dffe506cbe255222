import {strict as assert} from 'node:assert';
import type {ObjectVersion, VersionKind} from '../model/object-version.js';
import type {BodyNumber, OperationFlag} from '../model/operation.js';
import {compareResourceVersions} from '../model/resource-version.js';

/** A write that says it produced a version, or ended a uid. */
export type Claim = {
	readonly sequence: number;
	/** It cannot be a no-op that was answered with another's version: a create, or an end. */
	readonly isCertain: boolean;
	/** The write's flags, should another claim prove it a no-op. */
	readonly flags: Set<OperationFlag>;
};

/** A row of object versions while it may still change: as long as ingest remembers its object. */
export type VersionRow = {
	readonly number: number;
	readonly resourceVersion: string | undefined;
	readonly storageEpoch: number;
	kind: VersionKind;
	apiVersion: string;
	objectKind: string;
	step: number;
	until: number | undefined;
	body: BodyNumber | undefined;
	rest: ObjectVersion['rest'];
	isRedacted: boolean;
	hx: string | undefined;
	hm: string | undefined;
	generation: number | undefined;
	controllerUid: string | undefined;
	/** Field paths in which it differs from the version before; undefined: not known. */
	changed: readonly string[] | undefined;
	/** ResourceVersion of the version before it. */
	previous: string | undefined;
	/** When it was first seen, ns since the session's start. */
	readonly seenAt: bigint;
	/** It entered with a read (a get or a list), not with an event or its write. */
	isFromRead: boolean;
	claim: Claim | undefined;
	/** Events that carry it, by sequence: their cause is the claim. At most `maximumEventsPerRow`. */
	readonly events: number[];
};

/** Events of one version whose cause can still be filled in. */
export const maximumEventsPerRow = 64;

/** Order of two versions of one uid: by storage epoch, then resourceVersion; 0 where they cannot be compared (then by arrival). */
export const compareRows = (left: VersionRow, right: VersionRow): number =>
	left.storageEpoch === right.storageEpoch
		? compareResourceVersions(left.resourceVersion, right.resourceVersion) ?? 0
		: left.storageEpoch - right.storageEpoch;

/** Puts a row in its place among the ordered rows of its object; gives the index. */
export const insertInOrder = (rows: VersionRow[], row: VersionRow): number => {
	let index = rows.length;
	while (index > 0 && compareRows(rows[index - 1]!, row) > 0) {
		index -= 1;
	}

	rows.splice(index, 0, row);
	assert.equal(rows[index], row);
	assert.ok(index === 0 || compareRows(rows[index - 1]!, row) <= 0, 'rows out of order');
	return index;
};

/**
Recomputes the intervals of one object's ordered rows: a row is the state from its step until the first step at which a newer row, or the end, entered; a row
that a newer one preceded never is (`until === step`). `onChange` is told of every row whose interval changed.
*/
export const partition = (rows: readonly VersionRow[], end: VersionRow | undefined, onChange: (row: VersionRow) => void): void => {
	let next = end?.step;
	for (let index = rows.length - 1; index >= 0; index -= 1) {
		const row = rows[index]!;
		const until = next === undefined ? undefined : Math.max(row.step, next);
		if (until !== row.until) {
			row.until = until;
			onChange(row);
		}

		next = next === undefined ? row.step : Math.min(next, row.step);
	}

	assert.ok(rows.length === 0 || next !== undefined, 'rows without a first step');
	assert.ok(end?.until === undefined, 'an ended uid never returns');
};
