import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {openIngest} from '../../source/ingest/ingest-session.js';
import {importFile} from '../../source/import/import-file.js';
import {openStore} from '../../source/store/open-store.js';
import {openTimeline} from '../../source/timeline/open-timeline.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';

export type ImportedSession = {
	readonly file: string;
	readonly id: string;
	/** A fresh timeline over a store of its own, so that no cache is shared. */
	open(): Promise<Timeline>;
	remove(): void;
};

/** Imports a capture into a session file of its own, through the real store and ingest. */
export const importCapture = async (capture: string, options: {readonly redact?: boolean; readonly synthesise?: boolean} = {}): Promise<ImportedSession> => {
	const directory = mkdtempSync(path.join(tmpdir(), 'kubestep-test-'));
	const file = path.join(directory, 'session.db');
	const id = path.basename(capture).split('.', 1).join('');
	const store = await openStore(file, {mode: 'write'});
	await importFile({path: capture, synthesise: options.synthesise ?? false}, async facts => openIngest({
		store,
		session: {id, parent: undefined, ...facts},
		redact: options.redact ?? true,
	}));
	await store.close();
	return {
		file,
		id,
		open: async () => openTimeline(await openStore(file, {mode: 'read'}), id),
		remove() {
			rmSync(directory, {recursive: true, force: true});
		},
	};
};
