import {strict as assert} from 'node:assert';
import type {Operation} from '../model/operation.js';
import type {OperationStore} from '../store/operation-store.js';
import {createBreakpoints} from './breakpoints.js';
import {causeOf} from './cause-of.js';
import {chooseSession} from './choose-session.js';
import {createKnownVersions} from './known-versions.js';
import {createNavigation} from './navigation.js';
import {createObjectReader} from './object-decoding.js';
import {readHistory} from './object-history.js';
import {createOperationBodies} from './operation-bodies.js';
import {createPageCache} from './page-cache.js';
import {resolveAt} from './resolve-at.js';
import {createSearch} from './search.js';
import {createStateReader} from './state.js';
import {changeOfStep} from './step-change.js';
import type {Timeline} from './timeline-types.js';

/** Operations of one answer. */
export const maximumOperations = 10_000;

/**
Opens a session's timeline.

@throws KubestepError usage when the store holds no such session, or several and none is named (it lists them).
*/
export async function openTimeline(store: OperationStore, session?: string): Promise<Timeline> {
	let current = await chooseSession(store, session);
	const {id} = current;
	const pages = createPageCache(store, id);
	const reader = createObjectReader(store, id);
	const state = createStateReader(store, id, reader);
	const bodies = createOperationBodies(reader, state);
	const search = createSearch(store, id, bodies);
	const length = (): number => current.operations;
	assert.ok(Number.isSafeInteger(length()) && length() >= 0, 'a session counts its operations');
	const operation = async (step: number): Promise<Operation | undefined> => step >= 1 && step <= length() ? pages.get(step) : undefined;
	const navigation = createNavigation(search, length, operation);
	const context = {
		store, session: id, state, reader, bodies, operation, known: createKnownVersions(store, id),
	};

	return {
		get session() {
			return current;
		},
		store,
		get length() {
			return length();
		},
		async refresh() {
			current = await store.getSession(id);
			assert.equal(current.id, id, 'a timeline stays with its session');
			pages.clear();
		},
		operation,
		async operations(from, to) {
			assert.ok(Number.isSafeInteger(from) && Number.isSafeInteger(to), 'steps are whole numbers');
			const [first, last] = [Math.max(1, from), Math.min(to, length())];
			assert.ok(last - first < maximumOperations, `at most ${maximumOperations} operations are given at once`);
			return last < first ? [] : pages.range(first, last);
		},
		change: async step => changeOfStep(context, step),
		...state,
		causeOf: async told => causeOf(context, told),
		history: async (place, limit) => readHistory(store, id, place, limit),
		...navigation,
		resolveAt: async at => resolveAt(at, {
			length: length(), durationNs: current.durationNs, operation, firstError: async () => navigation.nextError(0, 'forward'),
		}),
		breakpoints: createBreakpoints({
			store, session: id, search, length, operation,
		}),
		listMarks: async () => store.listMarks(id),
		async saveMark(mark) {
			assert.ok(mark.step >= 0 && mark.step <= length(), 'a mark remembers a step of the session');
			await store.saveMark(id, mark);
		},
	};
}
