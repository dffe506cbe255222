import type {ActorCount, Session} from '../../model/session.js';

/** RFC 3339 in UTC, with six digits of a second where the time has a fraction. */
export const rfc3339 = (milliseconds: number): string => {
	const micros = Math.round(milliseconds * 1000);
	const whole = Math.floor(micros / 1_000_000) * 1000;
	const fraction = micros - (whole * 1000);
	const date = new Date(whole);
	return Number.isNaN(date.getTime())
		? '1970-01-01T00:00:00Z'
		: `${date.toISOString().slice(0, -'.000Z'.length)}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}Z`;
};

/** A session as `sessions -o json` prints it (docs/output.md). Stable: fields are added, never changed. */
export const sessionJson = (session: Session, actors: readonly ActorCount[]) => ({
	id: session.id,
	source: session.source,
	operations: session.operations,
	requests: session.requests,
	watchEvents: session.events,
	started: rfc3339(session.startedAt),
	durationNs: String(session.durationNs),
	actors: actors.map(({process, actor, operations}) => ({process, actor, operations})),
	capabilities: [...session.capabilities],
	gaps: session.gaps.map(({from, to, operations, bytes, reason}) => ({
		from, to, operations, bytes, reason,
	})),
	origin: session.origin,
	redacted: session.redacted,
	open: session.open,
	parent: session.parent ?? null,
});

const nsPerMillisecond = 1_000_000n;

/** `63.1 s`, `12m 4s`: how long a session is. */
export const durationText = (ns: bigint): string => {
	const seconds = Number(ns / nsPerMillisecond) / 1000;
	if (seconds < 100) {
		return `${seconds.toFixed(1)} s`;
	}

	const whole = Math.round(seconds);
	const hours = Math.floor(whole / 3600);
	const minutes = Math.floor(whole % 3600 / 60);
	return hours === 0 ? `${minutes}m ${whole % 60}s` : `${hours}h ${minutes}m`;
};
