import path from 'node:path';

const compression = /\.(?:gz|gzip|zst)$/iv;
const ending = /\.(?:har|jsonl?|ndjson|log|db|sqlite3?)$/iv;
const maximumLength = 200;

/**
The name of the session that an imported file becomes: the file's without its place, compression and last ending, so that the two forms of one capture differ
(`x.har.gz` is `x`, `x.audit.jsonl.gz` is `x.audit`). `-` is `stdin`.
*/
export const sessionName = (file: string): string => {
	const base = file === '-' ? 'stdin' : path.basename(file);
	const stripped = base.replace(compression, '').replace(ending, '');
	// A `#` would make it part of a locator.
	const name = (stripped === '' ? base : stripped).replaceAll(/[\p{Control}#]/gv, '_');
	return name.slice(0, maximumLength);
};
