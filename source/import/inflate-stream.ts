import {createGunzip, constants} from 'node:zlib';

/** Largest piece given out at once. */
const chunkSize = 256 * 1024;

/** How gzip'd text ended. `cut`: before its end; `damaged`: it is not gzip from some byte on. */
export type InflateEnd = 'whole' | 'cut' | 'damaged';

/** Undoes gzip piece by piece, several members too. What could be undone before an error is never lost. */
export type Inflater = {
	push(chunk: Uint8Array): Promise<readonly Uint8Array[]>;
	/** The rest, and how it ended. */
	finish(): Promise<{readonly chunks: readonly Uint8Array[]; readonly end: InflateEnd}>;
	destroy(): void;
};

const codeOf = (error: unknown): unknown => error instanceof Error && 'code' in error ? error.code : undefined;

export const createInflater = (): Inflater => {
	const gunzip = createGunzip({chunkSize});
	let chunks: Uint8Array[] = [];
	let failure: unknown;
	let notify: () => void = () => undefined;
	gunzip.on('data', (chunk: Uint8Array) => {
		chunks.push(chunk);
	});
	gunzip.on('error', error => {
		failure = error;
		notify();
	});
	gunzip.on('end', () => {
		notify();
	});

	const take = (): readonly Uint8Array[] => {
		const taken = chunks;
		chunks = [];
		return taken;
	};

	/** Waits for a step of zlib's, or for the error that ends them all. */
	const settle = async (start: (done: () => void) => void): Promise<void> => {
		if (failure !== undefined) {
			return;
		}

		await new Promise<void>(resolve => {
			notify = resolve;
			start(resolve);
		});
		notify = () => undefined;
	};

	return {
		async push(chunk) {
			await settle(done => {
				gunzip.write(chunk, () => {
					done();
				});
			});
			return take();
		},
		async finish() {
			// Everything there is comes out before the end is asked for, which fails where the text is cut.
			await settle(done => {
				gunzip.flush(constants.Z_SYNC_FLUSH, done);
			});
			await settle(() => {
				gunzip.end();
			});
			const end = failure === undefined ? 'whole' : (codeOf(failure) === 'Z_BUF_ERROR' ? 'cut' : 'damaged');
			return {chunks: take(), end};
		},
		destroy() {
			gunzip.destroy();
		},
	};
};
