import type {Timeline} from '../timeline/timeline-types.js';
import type {SessionPlace} from './locate-session.js';

/** Opens a recording for reading, gives its timeline to `use`, and closes the store on every way out. */
export const withTimeline = async <Result>(place: SessionPlace, use: (timeline: Timeline) => Promise<Result>): Promise<Result> => {
	const [{openStore}, {openTimeline}] = await Promise.all([import('../store/open-store.js'), import('../timeline/open-timeline.js')]);
	const store = await openStore(place.locator, {mode: 'read'});
	try {
		return await use(await openTimeline(store, place.session));
	} finally {
		await store.close();
	}
};
