import {strict as assert} from 'node:assert';
import {type ObjectKey, placeId} from '../model/object-key.js';
import {compareResourceVersions} from '../model/resource-version.js';
import {createBoundedMap} from './bounded-map.js';
import type {ResourceState} from './resources.js';
import {
	type Claim,
	compareRows,
	insertInOrder,
	partition,
	type VersionRow,
} from './version-row.js';

/**
Objects whose latest versions are remembered. Beyond, the longest unused is forgotten: its rows stay as they were written, and what comes of it later begins
a new history.
*/
export const maximumObjects = 50_000;
/** Latest rows of one object that can still change (a write's response may end that many versions late) … */
const maximumRows = 64;
/** … and how many of them where the memory for rows is scarce. */
const minimumRows = 8;
/** Rows in memory from which on it is. */
const scarceRows = 100_000;
/** Writes of one object answered without its body that wait for the version they produced. */
const maximumPendingClaims = 16;
/** DELETED events of one object, on watches with a selector, that wait to learn whether it ended. */
const maximumWaitingDeletions = 16;

/** One uid's life so far. */
export type ObjectTimeline = {
	readonly key: ObjectKey;
	readonly resource: ResourceState;
	/** The latest versions, oldest first. */
	readonly rows: VersionRow[];
	end: VersionRow | undefined;
	/** It must have ended because another uid has its name; nobody said so. */
	isEndImplied: boolean;
	/** Where the intervals of forgotten rows end: no row may move before it. */
	floor: number;
	/** Least step of forgotten rows. */
	forgottenFirst: number | undefined;
	/** Last whole version among forgotten rows. */
	forgottenWhole: VersionRow['rest'];
	hasMetadataRows: boolean;
	/** The incarnation before it, when its end is implied by this one. */
	replaces: ObjectTimeline | undefined;
	/** Writes that produced a version whose body has not come yet: they were answered with another kind (Scale). */
	readonly pendingClaims: Array<{readonly resourceVersion: string; readonly claim: Claim}>;
	/** DELETED events seen before it is known what they mean. */
	readonly waitingDeletions: Array<{readonly resourceVersion: string; readonly sequence: number}>;
};

export type NewRow = Omit<VersionRow, 'number' | 'until' | 'previous' | 'claim' | 'events' | 'rest' | 'changed'>;

export type EndFacts = {readonly step: number; readonly resourceVersion: string | undefined; readonly at: bigint; readonly claim: Claim | undefined};

export type ObjectTimelines = {
	/** The timeline of a uid, begun when it is new. */
	of(resource: ResourceState, key: ObjectKey): ObjectTimeline;
	/** By uid, if remembered. */
	find(resource: ResourceState, uid: string): ObjectTimeline | undefined;
	/** What holds a place now: the latest incarnation. */
	at(key: Omit<ObjectKey, 'uid'>): ObjectTimeline | undefined;
	insert(timeline: ObjectTimeline, row: NewRow): VersionRow;
	/** Moves a row to another step. */
	move(timeline: ObjectTimeline, row: VersionRow, step: number): void;
	/** A row's content changed. */
	update(timeline: ObjectTimeline, row: VersionRow): void;
	/** Ends the uid, or makes its end more exact: a write's own step goes before an event's or a list's. */
	end(timeline: ObjectTimeline, facts: EndFacts): VersionRow;
};

export const headOf = (timeline: ObjectTimeline): VersionRow | undefined => timeline.rows.at(-1);

/** The row of exactly this version, the newest storage epoch up to `epoch` first. */
export const findRow = (timeline: ObjectTimeline, resourceVersion: string, epoch: number): VersionRow | undefined =>
	timeline.rows.findLast(row => row.resourceVersion === resourceVersion && row.storageEpoch <= epoch && row.storageEpoch >= epoch - 1);

const firstStep = (timeline: ObjectTimeline): number | undefined => {
	let first = timeline.forgottenFirst;
	for (const row of timeline.rows) {
		first = first === undefined ? row.step : Math.min(first, row.step);
	}

	return first;
};

/** Whether one incarnation of a name is later than another: by resourceVersion where comparable, else by arrival. */
const isLater = (newcomer: ObjectTimeline, other: ObjectTimeline): boolean => {
	const left = newcomer.rows[0];
	const right = headOf(other);
	return left === undefined || right === undefined || compareRows(left, right) >= 0;
};

type State = {
	readonly touch: (row: VersionRow, key: ObjectKey) => void;
	readonly places: Map<string, ObjectTimeline>;
	rowCount: number;
	nextNumber: number;
};

/** The rest of a metadata-only version is as of the last whole one before it. */
const setRests = (state: State, timeline: ObjectTimeline): void => {
	let whole = timeline.forgottenWhole;
	assert.ok(timeline.hasMetadataRows, 'whole versions have no rest');
	assert.ok(whole === undefined || timeline.floor > 0, 'what was forgotten has ended');
	for (const row of timeline.rows) {
		if (row.kind === 'whole') {
			const {body} = row;
			whole = body === undefined ? whole : {resourceVersion: row.resourceVersion, step: row.step, body};
		} else if (row.rest?.body !== whole?.body || row.rest?.step !== whole?.step) {
			row.rest = whole;
			state.touch(row, timeline.key);
		}
	}
};

const recompute = (state: State, timeline: ObjectTimeline): void => {
	partition(timeline.rows, timeline.end, row => {
		state.touch(row, timeline.key);
	});
	if (timeline.hasMetadataRows) {
		setRests(state, timeline);
	}
};

const createRow = (state: State, fields: NewRow): VersionRow => {
	state.nextNumber += 1;
	return {
		...fields, number: state.nextNumber, until: undefined, previous: undefined, claim: undefined, events: [], rest: undefined, changed: undefined,
	};
};

const forget = (state: State, timeline: ObjectTimeline): void => {
	const limit = state.rowCount > scarceRows ? minimumRows : maximumRows;
	assert.ok(state.rowCount >= timeline.rows.length, 'the count holds every row');
	while (timeline.rows.length > limit) {
		const row = timeline.rows.shift()!;
		state.rowCount -= 1;
		assert.ok(row.until !== undefined, 'the latest row of an object is never forgotten alone');
		timeline.floor = Math.max(timeline.floor, row.until);
		timeline.forgottenFirst = Math.min(timeline.forgottenFirst ?? row.step, row.step);
		if (row.kind === 'whole' && row.body !== undefined) {
			timeline.forgottenWhole = {resourceVersion: row.resourceVersion, step: row.step, body: row.body};
		}
	}
};

const addEnd = (state: State, timeline: ObjectTimeline, facts: EndFacts): VersionRow => {
	assert.equal(timeline.end, undefined, 'a uid ends once');
	const head = headOf(timeline);
	const row = createRow(state, {
		resourceVersion: facts.resourceVersion,
		storageEpoch: timeline.resource.storageEpoch,
		kind: 'end',
		apiVersion: head?.apiVersion ?? timeline.resource.apiVersion,
		objectKind: head?.objectKind ?? timeline.resource.kind ?? '',
		step: Math.max(facts.step, timeline.floor),
		body: undefined,
		isRedacted: false,
		hx: undefined,
		hm: undefined,
		generation: undefined,
		controllerUid: head?.controllerUid,
		seenAt: facts.at,
		isFromRead: false,
	});
	assert.ok(facts.claim === undefined || facts.claim.sequence === facts.step, 'a write ends at its own step');
	row.claim = facts.claim;
	row.previous = head?.resourceVersion;
	timeline.end = row;
	timeline.resource.live.delete(timeline);
	state.touch(row, timeline.key);
	recompute(state, timeline);
	return row;
};

/** A name has one holder at a time: a later incarnation ends the one before it, at its own first step at the latest. */
const limitEnd = (state: State, timeline: ObjectTimeline, step: number, at: bigint): void => {
	assert.ok(step > 0, 'steps count from 1');
	if (timeline.end === undefined) {
		timeline.isEndImplied = true;
		addEnd(state, timeline, {
			step, resourceVersion: undefined, at, claim: undefined,
		});
		return;
	}

	const isLate = timeline.end.step > step;
	if (!(isLate || (timeline.isEndImplied && timeline.end.step !== step))) {
		return;
	}

	assert.equal(timeline.end.until, undefined, 'an ended uid never returns');
	timeline.end.step = Math.max(step, timeline.floor);
	state.touch(timeline.end, timeline.key);
	recompute(state, timeline);
};

const settlePlace = (state: State, timeline: ObjectTimeline): void => {
	const id = placeId(timeline.key);
	const holder = state.places.get(id);
	const first = firstStep(timeline);
	if (first === undefined) {
		return;
	}

	assert.ok(timeline.rows.length > 0, 'a life has a version');
	const {seenAt} = timeline.rows.at(-1)!;
	if (holder === timeline) {
		if (timeline.replaces !== undefined) {
			limitEnd(state, timeline.replaces, first, seenAt);
		}

		return;
	}

	if (holder === undefined || isLater(timeline, holder)) {
		assert.notEqual(holder, timeline);
		state.places.set(id, timeline);
		timeline.replaces = holder;
		if (holder !== undefined) {
			// What it replaced has ended before: the chain holds one link, so that nothing is kept alive for long.
			holder.replaces = undefined;
			limitEnd(state, holder, first, seenAt);
		}

		return;
	}

	limitEnd(state, timeline, firstStep(holder) ?? first, seenAt);
};

const insertRow = (state: State, timeline: ObjectTimeline, fields: NewRow): VersionRow => {
	assert.ok(fields.kind !== 'end', 'an end is made by end()');
	const row = createRow(state, {...fields, step: Math.max(fields.step, timeline.floor)});
	const index = insertInOrder(timeline.rows, row);
	assert.ok(index >= 0 && timeline.rows[index] === row, 'the row is in its place');
	state.rowCount += 1;
	row.previous = timeline.rows[index - 1]?.resourceVersion;
	timeline.hasMetadataRows ||= row.kind === 'metadata';
	state.touch(row, timeline.key);
	recompute(state, timeline);
	settlePlace(state, timeline);
	forget(state, timeline);
	return row;
};

const moveRow = (state: State, timeline: ObjectTimeline, row: VersionRow, step: number): void => {
	assert.ok(row.kind !== 'end' && step > 0, 'a version moves to a step');
	if (!timeline.rows.includes(row)) {
		// It was too old to be remembered: it stays where it is.
		return;
	}

	row.step = Math.max(step, timeline.floor);
	state.touch(row, timeline.key);
	recompute(state, timeline);
	settlePlace(state, timeline);
};

/** Whether a write's claim of an end goes before the one it has: a write before an event or a list, then the earlier write. */
const isBetterClaim = (end: VersionRow, claim: Claim | undefined): claim is Claim =>
	claim !== undefined && (end.claim === undefined || claim.sequence < end.claim.sequence);

const endTimeline = (state: State, timeline: ObjectTimeline, facts: EndFacts): VersionRow => {
	const {end} = timeline;
	if (end === undefined) {
		return addEnd(state, timeline, facts);
	}

	assert.equal(end.kind, 'end');
	const isBetter = isBetterClaim(end, facts.claim);
	const isFirstReport = timeline.isEndImplied && facts.step < end.step;
	if (!isBetter && !isFirstReport) {
		return end;
	}

	assert.ok(facts.step > 0, 'steps count from 1');
	if (isBetter) {
		end.claim = facts.claim;
	}

	if (!timeline.isEndImplied || facts.step < end.step) {
		end.step = Math.max(facts.step, timeline.floor);
		timeline.isEndImplied = false;
	}

	state.touch(end, timeline.key);
	recompute(state, timeline);
	return end;
};

const createTimeline = (resource: ResourceState, key: ObjectKey): ObjectTimeline => {
	assert.ok(key.uid !== '', 'an object without a uid has no timeline');
	assert.equal(key.resource, resource.resource);
	return {
		key,
		resource,
		rows: [],
		end: undefined,
		isEndImplied: false,
		floor: 0,
		forgottenFirst: undefined,
		forgottenWhole: undefined,
		hasMetadataRows: false,
		replaces: undefined,
		pendingClaims: [],
		waitingDeletions: [],
	};
};

/** The lives of objects: which version is the state from which step to which (design: *What enters the state, and when*). `touch` is told of every row to write. */
export const createObjectTimelines = (touch: (row: VersionRow, key: ObjectKey) => void, capacity = maximumObjects): ObjectTimelines => {
	const state: State = {
		touch, places: new Map(), rowCount: 0, nextNumber: 0,
	};
	const timelines = createBoundedMap<string, ObjectTimeline>(capacity, (_id, timeline) => {
		state.rowCount -= timeline.rows.length;
		assert.ok(state.rowCount >= 0, 'the count holds every row');
		timeline.resource.live.delete(timeline);
		if (state.places.get(placeId(timeline.key)) === timeline) {
			state.places.delete(placeId(timeline.key));
		}
	});

	return {
		of(resource, key) {
			assert.ok(key.uid !== '', 'an object without a uid has no timeline');
			// By uid and plural, not by group: the two Event groups are one object.
			const id = `${key.uid}/${key.resource}`;
			const known = timelines.get(id);
			if (known !== undefined) {
				assert.equal(known.key.uid, key.uid);
				return known;
			}

			const timeline = createTimeline(resource, key);
			timelines.set(id, timeline);
			resource.live.add(timeline);
			return timeline;
		},
		find: (resource, uid) => timelines.get(`${uid}/${resource.resource}`),
		at: key => state.places.get(placeId({...key})),
		insert: (timeline, row) => insertRow(state, timeline, row),
		move(timeline, row, step) {
			moveRow(state, timeline, row, step);
		},
		update(timeline, row) {
			assert.ok(row.kind === 'end' || timeline.rows.includes(row), 'a row of this object');
			timeline.hasMetadataRows ||= row.kind === 'metadata';
			state.touch(row, timeline.key);
			recompute(state, timeline);
		},
		end: (timeline, facts) => endTimeline(state, timeline, facts),
	};
};

/** Remembers a DELETED event whose meaning is not known yet. */
export const waitForMeaning = (timeline: ObjectTimeline, resourceVersion: string, sequence: number): void => {
	assert.ok(sequence > 0, 'steps count from 1');
	timeline.waitingDeletions.push({resourceVersion, sequence});
	if (timeline.waitingDeletions.length > maximumWaitingDeletions) {
		timeline.waitingDeletions.shift();
	}
};

/** Remembers a write whose version nobody has shown yet. */
export const waitForVersion = (timeline: ObjectTimeline, resourceVersion: string, claim: Claim): void => {
	assert.ok(claim.sequence > 0, 'steps count from 1');
	timeline.pendingClaims.push({resourceVersion, claim});
	if (timeline.pendingClaims.length > maximumPendingClaims) {
		timeline.pendingClaims.shift();
	}
};

/** Whether a version is older than what was known of its uid: both comparable, and lower. */
export const isOlder = (resourceVersion: string, known: string | undefined): boolean => (compareResourceVersions(resourceVersion, known) ?? 0) < 0;
