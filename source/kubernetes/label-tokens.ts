import {strict as assert} from 'node:assert';

/** A token of the label selector grammar (apimachinery pkg/labels, Lexer). `identifier` is a key or a value. */
export type LabelToken = {readonly type: 'identifier' | 'symbol' | 'keyword' | 'error' | 'end'; readonly text: string};

const symbols: ReadonlySet<string> = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);

/** Longest operator a run of special characters begins with; of `!!=` it is `!`. */
const leadingSymbol = (run: string): string | undefined =>
	[run.slice(0, 2), run.slice(0, 1)].find(candidate => symbols.has(candidate));

/** Splits a selector; ends with an `end` token. A NUL ends it, as in Go. */
export const labelTokens = (text: string): readonly LabelToken[] => {
	const end = text.indexOf('\0');
	const source = end === -1 ? text : text.slice(0, end);
	const tokens: LabelToken[] = [];
	for (const [part] of source.matchAll(/[!\(\),<=>]+|[^\t\n\r !\(\),<=>]+/gv)) {
		if (!/^[!\(\),<=>]/v.test(part)) {
			tokens.push({type: part === 'in' || part === 'notin' ? 'keyword' : 'identifier', text: part});
			continue;
		}

		let rest = part;
		while (rest !== '') {
			const symbol = leadingSymbol(rest);
			assert.ok(symbol !== undefined, 'every special character begins an operator');
			tokens.push({type: 'symbol', text: symbol});
			rest = rest.slice(symbol.length);
		}
	}

	assert.ok(tokens.every(token => token.text !== ''), 'a token has text');
	assert.ok(tokens.length <= source.length, 'a token has at least one character');
	tokens.push({type: 'end', text: ''});
	return tokens;
};
