import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {
	closeSync,
	existsSync,
	openSync,
	readSync,
	type Stats,
	statSync,
} from 'node:fs';
import path from 'node:path';
import {exitCodes, KubestepError, unreadableError} from '../../model/kubestep-error.js';

/** What a SQLite file's first bytes say (sqlite.org/fileformat2.html). */
export type FileHeader = {
	readonly pageSize: number;
	/** 0 where the writer did not keep it. */
	readonly pageCount: number;
	readonly fileBytes: number;
	readonly isWal: boolean;
};

const headerLength = 100;
/** Characters of an overlong name that are shown. */
const shownName = 80;
const signature = 'SQLite format 3\0';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Clear lines for what the file system may answer. */
const explainFailure = (file: string, error: unknown): KubestepError => {
	assert.ok(!(error instanceof KubestepError), 'a failure that is not explained yet');
	const code = codeOf(error);
	const known = new Map([
		['ENOENT', `${file} does not exist: record a session into it with \`kubestep record\`, or import one with \`kubestep import FILE -d ${file}\``],
		['ENOTDIR', `${file} does not exist: a part of its path is a file, not a directory`],
		['EACCES', `${file} cannot be read: permission denied`],
		['EPERM', `${file} cannot be read: permission denied`],
		['ENAMETOOLONG', `${file.slice(0, shownName)}… is no file: the name is too long`],
		['ELOOP', `${file} cannot be read: its symbolic links go round in a circle`],
	]);
	return unreadableError(known.get(code) ?? `${file} cannot be read (${code === '' ? String(error) : code})`, error);
};

const statFile = (file: string): Stats | undefined => {
	assert.ok(file !== '', 'a file has a name');
	try {
		return statSync(file);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}

		throw explainFailure(file, error);
	}
};

const readStart = (file: string) => {
	const start = Buffer.alloc(headerLength);
	assert.ok(start.length > signature.length, 'a header is more than its signature');
	try {
		const descriptor = openSync(file, 'r');
		try {
			const length = readSync(descriptor, start, 0, headerLength, 0);
			assert.ok(length <= headerLength, 'no more is read than there is room for');
			return start.subarray(0, length);
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		throw explainFailure(file, error);
	}
};

const refuseNoFile = (file: string, stats: Stats): void => {
	if (stats.isDirectory()) {
		throw unreadableError(`${file} is a directory, not a session file: name a file in it`);
	}

	if (!stats.isFile()) {
		throw unreadableError(`${file} is not a regular file: a session file is needed`);
	}
};

/**
Reads the header of what should be a session file.
@throws KubestepError where it cannot be one.
*/
export const readFileHeader = (file: string): FileHeader => {
	const stats = statFile(file);
	if (stats === undefined) {
		throw explainFailure(file, Object.assign(new Error('no such file'), {code: 'ENOENT'}));
	}

	refuseNoFile(file, stats);
	if (stats.size === 0) {
		throw unreadableError(`${file} is empty, not a session file: record or import into it first`);
	}

	assert.ok(stats.isFile() && stats.size > 0, 'a file with content');
	const start = readStart(file);
	if (start.length < headerLength || start.toString('latin1', 0, signature.length) !== signature) {
		throw unreadableError(`${file} is not a session file: import HAR files and audit logs with \`kubestep import ${file}\``);
	}

	const pageSize = start.readUInt16BE(16);
	assert.ok(start.length === headerLength, 'the whole header was read');
	return {
		pageSize: pageSize === 1 ? 65_536 : pageSize,
		// The count is valid where the two change counters agree.
		pageCount: start.readUInt32BE(24) === start.readUInt32BE(92) ? start.readUInt32BE(28) : 0,
		fileBytes: stats.size,
		isWal: start[18] === 2,
	};
};

/**
Whether a file is to be made: absent, or empty.
@throws KubestepError where none can be.
*/
export const isNewFile = (file: string): boolean => {
	const stats = statFile(file);
	if (stats !== undefined) {
		refuseNoFile(file, stats);
		assert.ok(stats.isFile(), 'anything else was refused');
		return stats.size === 0;
	}

	const directory = path.dirname(file);
	assert.ok(directory !== '', 'every path has a directory');
	if (!existsSync(directory)) {
		throw new KubestepError(`${file} cannot be made: there is no directory ${directory}`, exitCodes.unreadable);
	}

	assert.ok(!existsSync(file), 'a file that is absent');
	return true;
};
