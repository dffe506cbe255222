/** Something to be loaded; two with one key are the same. */
export type Request = {readonly key: string};

export type Loader = {
	/** Looks whether something is wanted. */
	poke(): void;
	/** Settles when nothing is wanted any more. */
	idle(): Promise<void>;
};

/**
Loads what is wanted, one thing at a time, always the latest: what was wanted in between is never asked for. A request that failed, or is still wanted after it
was loaded, is not tried again until something else was wanted.
*/
export const createLoader = <Wanted extends Request>(wanted: () => Wanted | undefined, load: (request: Wanted) => Promise<void>): Loader => {
	let running: Promise<void> = Promise.resolve();
	let isRunning = false;
	let done: string | undefined;

	const next = (): Wanted | undefined => {
		const request = wanted();
		return request?.key === done ? undefined : request;
	};

	const run = async (): Promise<void> => {
		isRunning = true;
		try {
			for (let request = next(); request !== undefined; request = next()) {
				done = request.key;
				await load(request); // eslint-disable-line no-await-in-loop -- one at a time, always the latest
			}
		} finally {
			// In the same turn as the last look: whatever is wanted later finds nobody running.
			isRunning = false;
		}
	};

	return {
		poke() {
			if (!isRunning && next() !== undefined) {
				running = run();
			}
		},
		async idle() {
			await running;
		},
	};
};
