/** Writes the readme's section on keys from the debugger's keymap: `npm run readme`. */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {keySection} from '../source/tui/keys/key-section.js';

const begin = '<!-- keys: made by npm run readme -->';
const end = '<!-- /keys -->';

/** A readme whose section on keys is the keymap's. */
export const withKeys = (readme: string): string => {
	const from = readme.indexOf(begin);
	const to = readme.indexOf(end);
	if (from === -1 || to < from) {
		throw new Error(`the readme has no ${begin} … ${end}`);
	}

	return `${readme.slice(0, from)}${begin}\n\n${keySection().trim()}\n\n${readme.slice(to)}`;
};

if (import.meta.main) {
	const file = path.resolve(import.meta.dirname, '../readme.md');
	writeFileSync(file, withKeys(readFileSync(file, 'utf8')));
}
