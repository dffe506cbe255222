import {strict as assert} from 'node:assert';
import {createBoundedMap} from './bounded-map.js';

/** User agents whose field managers and users are told apart; beyond, the longest unused is forgotten. */
const maximumUserAgents = 10_000;
/** Field managers and users told apart under one user agent. */
const maximumSplits = 256;
/** Longest name shown for an actor; user agents are untrusted. */
const maximumActorLength = 120;

const unknownProcess = 'unknown';

/** Everything of a user agent up to the first space (design: *process*). */
export const processOf = (userAgent: string | undefined): string => {
	if (userAgent === undefined || userAgent === '') {
		return unknownProcess;
	}

	const [process = ''] = userAgent.trimStart().split(' ', 1);
	return process === '' ? unknownProcess : process;
};

/**
Product name, and what client-go's components append after the commit: `kube-controller-manager/v1.36.2 (linux/amd64)
kubernetes/98b3519/deployment-controller` is `kube-controller-manager/deployment-controller`.
*/
const nameOf = (userAgent: string | undefined): string => {
	const [product = ''] = processOf(userAgent).split('/', 1);
	const commit = userAgent?.indexOf(' kubernetes/') ?? -1;
	assert.ok(!product.includes('/'), 'a product name ends at its version');
	const name = product === '' ? unknownProcess : product;
	if (userAgent === undefined || commit === -1) {
		return name;
	}

	assert.ok(commit < userAgent.length, 'the commit is in the user agent');
	const suffix = userAgent.slice(commit + ' kubernetes/'.length).split('/').slice(1).join('/');
	return suffix === '' ? name : `${name}/${suffix}`;
};

export type ActorFacts = {
	readonly userAgent: string | undefined;
	readonly fieldManager: string | undefined;
	readonly user: string | undefined;
	/** Header Kubectl-Command. */
	readonly kubectlCommand: string | undefined;
};

type Splits = {readonly fieldManagers: Set<string>; readonly users: Set<string>};

/** Whether a value is a second or later one of its set; the first one does not split its user agent. */
const doesSplit = (seen: Set<string>, value: string): boolean => {
	assert.ok(seen.size <= maximumSplits, 'more splits than allowed');
	if (!seen.has(value)) {
		if (seen.size === maximumSplits) {
			return false;
		}

		seen.add(value);
	}

	assert.ok(seen.has(value), 'a value is one of its set now');
	const [first] = seen;
	return first !== value;
};

/**
Names who did each request: the user agent's product and suffix. Writers that share a user agent are told apart from the second field manager, or
the second user, on; the name given to an earlier operation never changes.
*/
export const createActorNames = (): ((facts: ActorFacts) => string) => {
	const agents = createBoundedMap<string, Splits>(maximumUserAgents);
	assert.equal(agents.size, 0, 'no name is given yet');

	return facts => {
		const base = nameOf(facts.userAgent);
		assert.ok(base !== '', 'every process has a name');
		if (base === 'kubectl' && facts.kubectlCommand !== undefined && facts.kubectlCommand !== '') {
			return facts.kubectlCommand.slice(0, maximumActorLength);
		}

		if (facts.fieldManager === undefined && facts.user === undefined) {
			return base.slice(0, maximumActorLength);
		}

		const key = facts.userAgent ?? '';
		const known = agents.get(key) ?? {fieldManagers: new Set<string>(), users: new Set<string>()};
		agents.set(key, known);
		assert.ok(known.fieldManagers.size <= maximumSplits && known.users.size <= maximumSplits, 'more splits than allowed');
		const byManager = facts.fieldManager !== undefined && doesSplit(known.fieldManagers, facts.fieldManager) ? `:${facts.fieldManager}` : '';
		const byUser = facts.user !== undefined && doesSplit(known.users, facts.user) ? `@${facts.user}` : '';
		const name = `${base}${byManager}${byUser}`.slice(0, maximumActorLength);
		assert.ok(name !== '', 'an actor without a name');
		return name;
	};
};
