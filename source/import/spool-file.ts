import {createWriteStream} from 'node:fs';
import {copyFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';

/** A file of our own that is gone after its use. */
export type SpooledFile = {readonly file: string; remove(): Promise<void>};

const createDirectory = async (): Promise<SpooledFile> => {
	const directory = await mkdtemp(path.join(tmpdir(), 'kubestep-import-'));
	return {
		file: path.join(directory, 'database'),
		async remove() {
			await rm(directory, {recursive: true, force: true});
		},
	};
};

/** Writes bytes into a temporary file that only we can read: for what cannot be read from a stream. */
export const spoolBytes = async (chunks: AsyncIterable<Uint8Array>): Promise<SpooledFile> => {
	const spooled = await createDirectory();
	try {
		await pipeline(chunks, createWriteStream(spooled.file, {mode: 0o600}));
		return spooled;
	} catch (error) {
		await spooled.remove();
		throw error;
	}
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Copies a database and what was written to it last: SQLite cannot read one in WAL mode where it may not write beside it. */
export const spoolDatabase = async (file: string): Promise<SpooledFile> => {
	const spooled = await createDirectory();
	try {
		await copyFile(file, spooled.file);
		await copyFile(`${file}-wal`, `${spooled.file}-wal`).catch((error: unknown) => {
			if (!isMissing(error)) {
				throw error;
			}
		});
		return spooled;
	} catch (error) {
		await spooled.remove();
		throw error;
	}
};
