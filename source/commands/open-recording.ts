import type {OperationStore} from '../store/operation-store.js';
import type {Timeline} from '../timeline/timeline-types.js';
import type {CommandOutput} from './command.js';
import type {SessionPlace} from './locate-session.js';

/** Opens a store for reading, and says what a person should know of the file (damage, a copy that is read instead). */
export const openForReading = async (locator: string, output: CommandOutput): Promise<OperationStore> => {
	const {openStore} = await import('../store/open-store.js');
	const store = await openStore(locator, {mode: 'read'});
	for (const warning of store.warnings) {
		output.warn(warning);
	}

	return store;
};

/** Opens a recording for reading, gives its timeline to `use`, and closes the store on every way out. */
export const withTimeline = async <Result>(place: SessionPlace, output: CommandOutput, use: (timeline: Timeline) => Promise<Result>): Promise<Result> => {
	const [store, {openTimeline}] = await Promise.all([openForReading(place.locator, output), import('../timeline/open-timeline.js')]);
	try {
		return await use(await openTimeline(store, place.session));
	} finally {
		await store.close();
	}
};
