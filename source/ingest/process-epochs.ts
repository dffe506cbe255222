import {strict as assert} from 'node:assert';
import {createBoundedMap} from './bounded-map.js';

/** Processes whose lives are followed; beyond, the longest unused is forgotten. */
const maximumProcesses = 10_000;
/** Lists without a version remembered between two lives of a process. */
const maximumFreshLists = 1024;

type Life = {
	epoch: number;
	activeWatches: number;
	/** A watch of this life was answered: only then can it have ended. */
	hasWatched: boolean;
	/** Versions of lists asked for afresh since its watches ended: a watch from one of them is the start of an informer. */
	readonly freshLists: Set<string>;
};

export type EpochRequest = {
	readonly process: string;
	readonly verb: string;
	/** `resourceVersion` of the query. */
	readonly resourceVersion: string | undefined;
};

/**
Lives of processes (design: *epoch*). One begins when all watches of the process have ended and the next ones start without a resourceVersion: a
watch without one (or 0), a list at 0, which is how client-go's informers begin, or a watch from the version a list without one was answered
with. Resuming from an older version is an outage, not a restart.
*/
export type ProcessEpochs = {
	/** The epoch a request belongs to, from 1. */
	arrive(request: EpochRequest): number;
	endWatch(process: string, wasAnswered: boolean): void;
	endList(request: EpochRequest, listResourceVersion: string): void;
};

const isFresh = (resourceVersion: string | undefined): boolean =>
	['', '0'].includes(resourceVersion ?? '');

const isBeginning = (life: Life, request: EpochRequest): boolean => {
	if (life.activeWatches > 0 || !life.hasWatched) {
		return false;
	}

	return request.verb === 'watch' ? isFresh(request.resourceVersion) || life.freshLists.has(request.resourceVersion ?? '') : request.verb === 'list' && request.resourceVersion === '0';
};

export const createProcessEpochs = (): ProcessEpochs => {
	const lives = createBoundedMap<string, Life>(maximumProcesses);

	assert.equal(lives.size, 0, 'no process lives yet');
	return {
		arrive(request) {
			const life = lives.get(request.process) ?? {
				epoch: 1, activeWatches: 0, hasWatched: false, freshLists: new Set<string>(),
			};
			assert.ok(life.freshLists.size <= maximumFreshLists, 'more lists than are kept');
			lives.set(request.process, life);
			if (isBeginning(life, request)) {
				assert.equal(life.activeWatches, 0, 'all its watches have ended');
				life.epoch += 1;
				life.hasWatched = false;
				life.freshLists.clear();
			}

			assert.ok(request.process !== '', 'a life is of a process');
			if (request.verb === 'watch') {
				life.activeWatches += 1;
			}

			assert.ok(life.epoch >= 1 && life.activeWatches >= 0, 'an impossible life');
			return life.epoch;
		},
		endWatch(process, wasAnswered) {
			const life = lives.peek(process);
			if (life === undefined) {
				return;
			}

			life.activeWatches = Math.max(0, life.activeWatches - 1);
			life.hasWatched ||= wasAnswered;
			assert.ok(life.hasWatched || !wasAnswered, 'an answered watch is remembered');
			assert.ok(life.activeWatches >= 0, 'more watches ended than began');
		},
		endList(request, listResourceVersion) {
			const life = lives.peek(request.process);
			if (life === undefined || life.activeWatches > 0 || !life.hasWatched || !isFresh(request.resourceVersion)) {
				return;
			}

			assert.equal(life.activeWatches, 0, 'a list between two lives');
			assert.equal(request.verb, 'list');
			if (life.freshLists.size < maximumFreshLists) {
				life.freshLists.add(listResourceVersion);
			}
		},
	};
};
