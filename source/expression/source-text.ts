import {strict as assert} from 'node:assert';

/**
What the CEL library must see under another name, of the same length so that positions in messages stay true. `namespace` is a reserved word of CEL,
and the library's own `matches` can take exponential time.
*/
const aliases: ReadonlyMap<string, string> = new Map([['namespace', 'namespac_'], ['matches', 'matchRe']]);

/** The name of the function that stands in for `matches`. */
export const matchesAlias = 'matchRe';

export const variableAlias = (name: string): string => aliases.get(name) ?? name;

const stringPatterns = [
	String.raw`(?:[Bb][Rr]?|[Rr][Bb]?)?(?:"{3}(?:[^\\]|\\[\s\S])*?(?:"{3}|$)|'{3}(?:[^\\]|\\[\s\S])*?(?:'{3}|$))`,
	String.raw`[Rr](?:"[^\n"]*(?:"|$)|'[^\n']*(?:'|$))`,
	String.raw`[Bb]?(?:"(?:[^\n"\\]|\\.)*(?:"|$)|'(?:[^\n'\\]|\\.)*(?:'|$))`,
];

/** Strings, comments, identifiers, and anything else one character at a time. */
const tokenPattern = new RegExp(String.raw`${stringPatterns.join('|')}|(?<comment>\/\/[^\n]*)|(?<name>[A-Z_a-z]\w*)|[\s\S]`, 'gv');

/** Whether arguments follow. */
const isCall = (source: string, end: number): boolean => source.slice(end).trimStart().startsWith('(');

/** The same expression with the names the library knows. Field names (`object.metadata.namespace`) stay. */
export const toLibraryText = (source: string): string => {
	const parts: string[] = [];
	let previous = '';
	let beforePrevious = '';
	for (const match of source.matchAll(tokenPattern)) {
		const [token] = match;
		const name = match.groups?.name;
		const isField = previous === '.' || (previous === '?' && beforePrevious === '.');
		const isAliased = name === 'matches' ? isCall(source, match.index + token.length) : name === 'namespace' && !isField;
		parts.push(isAliased ? variableAlias(token) : token);
		if (token.trim() === '' || token.startsWith('//')) {
			continue;
		}

		beforePrevious = previous;
		previous = token;
	}

	const text = parts.join('');
	assert.equal(text.length, source.length, 'positions stay true');
	return text;
};

/** The library's words about an expression, in the user's names. */
export const toUserWords = (message: string): string => {
	let words = message;
	for (const [name, alias] of aliases) {
		words = words.split(alias).join(name);
	}

	return words;
};
