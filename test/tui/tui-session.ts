import {openIngest} from '../../source/ingest/ingest-session.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {capturePath} from '../support/captures.js';
import {feed, happenings, readHar} from '../support/har-feed.js';
import {createTimelineStore} from '../support/timeline-store.js';

/** A capture in memory, through the real ingest, behind the real timeline. A fixture, so it is always there. */
export const openCapture = async (name: string): Promise<Timeline> => {
	const path = capturePath(`${name}.har.gz`);
	if (path === undefined) {
		throw new Error(`capture ${name} is absent`);
	}

	const store = createTimelineStore();
	const ingest = await openIngest({
		store,
		session: {
			id: name, source: 'har', startedAt: Date.UTC(2026, 10, 23, 10), origin: path, capabilities: ['requestBodies', 'responseBodies', 'watchEvents', 'headers'], parent: undefined, facts: {},
		},
		redact: false,
	});
	await feed(ingest, happenings(readHar(path)));
	await ingest.finish();
	return openTimeline(store, name);
};
