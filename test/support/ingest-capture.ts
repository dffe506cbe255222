import {openIngest} from '../../source/ingest/ingest-session.js';
import {capturePath} from './captures.js';
import {
	feed,
	type HarEntry,
	type Happening,
	happenings,
	readHar,
} from './har-feed.js';
import {createMemoryStore, type MemoryStore} from './memory-store.js';

export type IngestedCapture = {
	readonly store: MemoryStore;
	readonly entries: readonly HarEntry[];
	/** Step of each entry's request. */
	readonly steps: ReadonlyMap<number, number>;
	/** Step of the request whose `X-Lab-Step` header begins with this text (protocol-tour). */
	labStep(name: string): number;
};

/** Ingests a capture into memory, unredacted. Undefined, said on stderr, where the capture is absent. `reorder` may change what happens when. */
export const ingestCapture = async (
	name: string, reorder: (all: readonly Happening[]) => readonly Happening[] = all => all,
): Promise<IngestedCapture | undefined> => {
	const path = capturePath(`${name}.har.gz`);
	if (path === undefined) {
		console.warn(`skipped: capture ${name} is absent`);
		return undefined;
	}

	const entries = readHar(path);
	const store = createMemoryStore();
	const ingest = await openIngest({
		store,
		session: {
			id: name, source: 'har', startedAt: 0, origin: path, capabilities: [], parent: undefined, facts: {},
		},
		redact: false,
	});
	const {steps} = await feed(ingest, reorder(happenings(entries)));
	await ingest.finish();
	return {
		store, entries, steps,
		labStep(step) {
			const index = entries.findIndex(entry => entry.request.headers.some(header => header.name.toLowerCase() === 'x-lab-step' && header.value.startsWith(step)));
			const sequence = steps.get(index);
			if (sequence === undefined) {
				throw new Error(`no step named ${step}`);
			}

			return sequence;
		},
	};
};
