import {strict as assert} from 'node:assert';
import type {Session} from '../model/session.js';

export type CountedSession = Pick<Session, 'operations' | 'requests' | 'events' | 'durationNs'>;

/** The counts a session row keeps, and the time of its last moment. */
export type SessionCounts = {
	/** Gives the next sequence number. */
	next(kind: 'request' | 'event', at: bigint): number;
	reach(at: bigint): void;
	readonly last: number;
	snapshot(): CountedSession;
};

export const createSessionCounts = (): SessionCounts => {
	let requests = 0;
	let events = 0;
	let durationNs = 0n;

	const reach = (at: bigint): void => {
		durationNs = at > durationNs ? at : durationNs;
	};

	assert.equal(requests + events, 0, 'counts begin at none');
	return {
		next(kind, at) {
			reach(at);
			assert.ok(at <= durationNs, 'the session reaches to its last moment');
			if (kind === 'request') {
				requests += 1;
			} else {
				events += 1;
			}

			assert.ok(Number.isSafeInteger(requests + events), 'more operations than can be counted');
			return requests + events;
		},
		reach,
		get last() {
			return requests + events;
		},
		snapshot: () => ({
			operations: requests + events, requests, events, durationNs,
		}),
	};
};
