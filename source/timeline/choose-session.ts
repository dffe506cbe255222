import {strict as assert} from 'node:assert';
import {usageError} from '../model/kubestep-error.js';
import type {Session} from '../model/session.js';
import type {OperationStore} from '../store/operation-store.js';

/** Session ids an error lists. */
const maximumListed = 20;

/**
The session named, or the only one.

@throws KubestepError usage: no such session, none at all, or several and none named (it lists them).
*/
export const chooseSession = async (store: OperationStore, id: string | undefined): Promise<Session> => {
	if (id !== undefined) {
		const session = await store.getSession(id);
		assert.equal(session.id, id, 'a store gives the session it is asked for');
		return session;
	}

	const sessions = await store.listSessions();
	const [only] = sessions;
	if (only === undefined) {
		throw usageError(`${store.locator} holds no session: record or import one first`);
	}

	if (sessions.length > 1) {
		const listed = sessions.slice(0, maximumListed).map(session => session.id).join(', ');
		const more = sessions.length > maximumListed ? ` and ${sessions.length - maximumListed} more` : '';
		throw usageError(`${store.locator} holds ${sessions.length} sessions, name one with --session: ${listed}${more}`);
	}

	assert.equal(sessions.length, 1, 'one session needs no name');
	assert.notEqual(only.id, '', 'a session has a name');
	return only;
};
