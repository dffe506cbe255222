/**
Makes the demo sessions in `recordings/` from captures, byte for byte the same every time: `npm run recordings`. The captures come from `test/fixtures`,
`KUBESTEP_CAPTURES` or `../shared/captures`.
*/
import {rmSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {importFile} from '../source/import/import-file.js';
import {openIngest, type IngestSession} from '../source/ingest/ingest-session.js';
import {openStore} from '../source/store/open-store.js';
import {capturePath} from '../test/support/captures.js';

export type Recording = {
	readonly name: string;
	/** Take no more than this many operations. */
	readonly limit?: number;
};

/** What `recordings/` holds. The hot loops are cut short: the first two seconds say it all. */
export const recordings: readonly Recording[] = [
	{name: 'hot-loops', limit: 600},
	{name: 'sample-controller'},
	{name: 'stale-cache-duplicates'},
];

/** Demos are made of captures that hold no secret; a known key makes their tokens the same every time. */
const demoKey = new Uint8Array(32).fill(7);

/** A session that takes the first operations and lets the rest go by; requests still open then have no known end. */
export const cutShort = (ingest: IngestSession, limit: number): IngestSession => {
	const past = limit + 1;
	let taken = 0;
	let lastAt = 0n;
	const take = (at: bigint, next: () => number): number => {
		if (taken >= limit) {
			return past;
		}

		taken += 1;
		lastAt = at;
		return next();
	};

	return {
		arrive: request => take(request.at, () => ingest.arrive(request)),
		deliver: (stream, event) => stream === past ? past : take(event.at, () => ingest.deliver(stream, event)),
		end(sequence, response) {
			if (sequence !== past && (taken < limit || response.at <= lastAt)) {
				ingest.end(sequence, response);
			}
		},
		gap(lost) {
			ingest.gap(lost);
		},
		get needsDrain() {
			return ingest.needsDrain;
		},
		drain: async () => ingest.drain(),
		finish: async changes => ingest.finish(changes),
	};
};

/** Makes one session file. Undefined: its capture is absent. */
export const makeRecording = async ({name, limit}: Recording, file: string): Promise<string | undefined> => {
	const capture = capturePath(`${name}.har.gz`);
	if (capture === undefined) {
		return undefined;
	}

	rmSync(file, {force: true});
	const store = await openStore(file, {mode: 'write'});
	try {
		await importFile({path: capture}, async ({name: _, ...facts}) => {
			const session = {...facts, id: name, parent: undefined};
			const ingest = await openIngest({
				store, session, redact: true, redactKey: demoKey,
			});
			return limit === undefined ? ingest : cutShort(ingest, limit);
		}, {});
	} finally {
		await store.close();
	}

	return file;
};

if (import.meta.main) {
	for (const recording of recordings) {
		const file = path.resolve(import.meta.dirname, '../recordings', `${recording.name}.db`);
		const made = await makeRecording(recording, file); // eslint-disable-line no-await-in-loop -- one after the other
		if (made === undefined) {
			console.error(`${recording.name}: its capture is absent; name its folder in KUBESTEP_CAPTURES`);
			process.exitCode = 1;
		} else {
			console.log(`${path.relative(process.cwd(), made)}  ${statSync(made).size} bytes`);
		}
	}
}
