import {isWriteVerb} from '../model/operation.js';
import type {Capability} from '../model/session.js';
import type {AuditEvent} from './audit-event.js';

/** Resources named in the session's facts as logged without bodies. */
const maximumNamed = 20;

/** Whose bodies a careful policy never logs: that they lack says nothing of the rest. */
const sensitive: ReadonlySet<string> = new Set(['secrets', 'tokenreviews.authentication.k8s.io', 'serviceaccounts/token']);

/** What a log's policy let it see. */
export type AuditLevels = {
	add(event: AuditEvent): void;
	readonly capabilities: readonly Capability[];
	readonly facts: Readonly<Record<string, string>>;
};

const describe = ({target}: AuditEvent): string => {
	if (target === undefined) {
		return '';
	}

	const resource = target.group === '' ? target.resource : `${target.resource}.${target.group}`;
	return target.subresource === '' ? resource : `${resource}/${target.subresource}`;
};

export const createAuditLevels = (): AuditLevels => {
	const counts = new Map<string, number>();
	const without = new Set<string>();
	let hasBareWrites = false;
	let hasBareAnswers = false;
	let impersonated = 0;

	const noteBodies = (event: AuditEvent): void => {
		const resource = describe(event);
		const isBareWrite = isWriteVerb(event.verb) && event.level !== 'Request' && event.level !== 'RequestResponse';
		const isBareAnswer = event.level !== 'RequestResponse';
		// A watch's answer is its events, which no level logs.
		if (resource === '' || event.verb === 'watch' || !(isBareWrite || isBareAnswer)) {
			return;
		}

		if (without.size < maximumNamed) {
			without.add(resource);
		}

		hasBareWrites ||= isBareWrite && !sensitive.has(resource);
		hasBareAnswers ||= isBareAnswer && !sensitive.has(resource);
	};

	return {
		add(event) {
			impersonated += event.isImpersonated ? 1 : 0;
			counts.set(event.level, (counts.get(event.level) ?? 0) + 1);
			noteBodies(event);
		},
		get capabilities() {
			const found: ReadonlyArray<readonly [Capability, boolean]> = [
				['requestBodies', !hasBareWrites],
				['responseBodies', !hasBareAnswers],
				['requestDefaulted', true],
				['subMillisecondTiming', true],
				['allClients', true],
				['users', true],
			];
			return found.filter(([, isThere]) => isThere).map(([name]) => name);
		},
		get facts() {
			const levels = [...counts].toSorted(([left], [right]) => left < right ? -1 : 1).map(([level, count]) => `${level}=${count}`);
			return {
				levels: levels.slice(0, maximumNamed).join(' '),
				...(without.size > 0 && {withoutBodies: [...without].toSorted().join(' ')}),
				...(impersonated > 0 && {impersonated: String(impersonated)}),
			};
		},
	};
};
