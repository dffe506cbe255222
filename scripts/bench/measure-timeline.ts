import {openStore} from '../../source/store/open-store.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import type {Measurement} from './measurement.js';
import {percentile, timeEach} from './statistics.js';

const rounds = 300;
const clusterRounds = 10;

/** Steps spread over the session in an order that no cache likes. */
const stepOf = (timeline: Timeline, index: number): number => 1 + ((index * 7_919_111) % timeline.length);

const readObject = async (timeline: Timeline, index: number): Promise<void> => {
	const operation = await timeline.operation(stepOf(timeline, index));
	if (operation?.name === undefined) {
		return;
	}

	await timeline.objectAt(stepOf(timeline, index + 1), {
		group: operation.group ?? '', resource: operation.resource ?? '', namespace: operation.namespace ?? '', name: operation.name,
	});
};

/** Every object's version at a step, without its body: what a list of the cluster needs. */
const readCluster = async (timeline: Timeline, index: number): Promise<void> => {
	await timeline.store.queryVersions({session: timeline.session.id, at: stepOf(timeline, index), limit: 10_000});
};

/** Times questions to the timeline of a session file. */
export const measureTimeline = async (file: string): Promise<readonly Measurement[]> => {
	const timeline = await openTimeline(await openStore(file, {mode: 'read'}));
	const objects = await timeEach(rounds, async index => readObject(timeline, index));
	const cluster = await timeEach(clusterRounds, async index => readCluster(timeline, index));
	const pages = await timeEach(rounds, async index => timeline.operations(stepOf(timeline, index), Math.min(timeline.length, stepOf(timeline, index) + 60)));
	const onObject = await timeEach(rounds, async index => timeline.nextOnObject(stepOf(timeline, index), 'forward'));
	const sizes = await timeline.store.sizes(timeline.session.id);
	await timeline.store.close();
	return [
		{
			what: 'object at any step, p99', unit: 'ms', value: percentile(objects, 0.99), limit: 5,
		},
		{
			what: 'versions of the whole cluster at any step (10,000 a page), p99', unit: 'ms', value: percentile(cluster, 0.99), limit: 50,
		},
		{
			what: 'page of 60 operations anywhere, p99', unit: 'ms', value: percentile(pages, 0.99), limit: undefined,
		},
		{
			what: 'next operation on the object, p99', unit: 'ms', value: percentile(onObject, 0.99), limit: undefined,
		},
		{
			what: 'session file / raw bodies', unit: '%', value: 100 * sizes.fileBytes / sizes.rawBodyBytes, limit: 15,
		},
	];
};
