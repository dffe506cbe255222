import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {openIngest} from '../../source/ingest/ingest-session.js';
import {openStore} from '../../source/store/open-store.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {feed, happenings, readHar} from '../support/har-feed.js';

export type CapturedSession = {
	readonly id: string;
	/** A timeline over a store of its own, so that nothing is shared. */
	open(): Promise<Timeline>;
	remove(): void;
};

/** A capture in a session file, through the real ingest and the real store. */
export const captureSession = async (capture: string): Promise<CapturedSession> => {
	const directory = mkdtempSync(path.join(tmpdir(), 'kubestep-timeline-'));
	const file = path.join(directory, 'session.db');
	const id = path.basename(capture).split('.', 1)[0]!;
	const store = await openStore(file, {mode: 'write'});
	const ingest = await openIngest({
		store,
		session: {
			id, source: 'har', startedAt: 0, origin: capture, capabilities: [], parent: undefined, facts: {},
		},
		redact: true,
	});
	await feed(ingest, happenings(readHar(capture)));
	await ingest.finish();
	await store.close();
	return {
		id,
		open: async () => openTimeline(await openStore(file, {mode: 'read'}), id),
		remove() {
			rmSync(directory, {recursive: true, force: true});
		},
	};
};
