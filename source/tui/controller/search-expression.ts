import type {CompiledExpression} from '../../expression/compile-expression.js';
import {matchEverything, type Filter, type TextColumn} from '../../expression/filter.js';
import {resourceName} from '../../model/object-key.js';
import type {Operation} from '../../model/operation.js';

/** Everything of an operation that `/` looks through. */
const searchText = (operation: Operation): string => {
	const {verb, group = '', resource = '', subresource = '', namespace = '', name = '', path = '', actor, reason = '', message = ''} = operation;
	const place = namespace === '' ? name : `${namespace}/${name}`;
	return [verb, resourceName({group, resource}), place, subresource, path, actor, reason, message].join(' ');
};

const contains = (column: TextColumn, value: string): Filter => ({
	type: 'text', column, test: 'contains', value,
});

const any = (filters: readonly Filter[]): Filter => ({type: 'any', filters});

/** Kubernetes keeps these in lower case. */
const lowerColumns: readonly TextColumn[] = ['group', 'resource', 'subresource', 'namespace'];
/** These hold what people chose. */
const mixedColumns: readonly TextColumn[] = ['name', 'actor', 'reason', 'message'];
const upperLetters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Whatever its case, where a backend compares with case: the text in lower case, or any text with an upper-case letter. */
const folded = (column: TextColumn, lower: string): Filter => any([contains(column, lower), ...upperLetters.map(letter => contains(column, letter))]);

const withPath: Filter = {
	type: 'not', filter: {
		type: 'text', column: 'path', test: 'equals', value: '',
	},
};

/** The longest part of a text that lies within one column: between them stand spaces, dots and slashes. */
const longestPart = (text: string): string => text.split(/[\s.\/]/v).reduce((longest, part) => part.length > longest.length ? part : longest, ''); // eslint-disable-line unicorn/no-array-reduce -- a maximum

/** A superset of what matches, for the backend to answer: most operations are never read. */
const filterFor = (text: string, isCaseSensitive: boolean): Filter => {
	const part = longestPart(text);
	const isAscii = /^[\u{20}-\u{7E}]+$/v.test(part);
	if (part === '' || !isAscii) {
		return matchEverything;
	}

	const exact = () => [contains('verb', part), ...[...lowerColumns, ...mixedColumns].map(column => contains(column, part))];
	const inAnyCase = () => [
		// Verbs are in lower case, event types in upper case.
		contains('verb', part),
		contains('verb', part.toUpperCase()),
		...lowerColumns.map(column => contains(column, part)),
		...mixedColumns.map(column => folded(column, part)),
	];
	return any([...(isCaseSensitive ? exact() : inAnyCase()), withPath]);
};

/** A literal search as a condition the timeline can answer: case counts only where the text has upper case. */
export const searchExpression = (text: string): CompiledExpression => {
	const isCaseSensitive = text !== text.toLowerCase();
	return {
		source: `/${text}`,
		filter: filterFor(text, isCaseSensitive),
		exact: false,
		needs: new Set(),
		test(operation) {
			const found = searchText(operation);
			return isCaseSensitive ? found.includes(text) : found.toLowerCase().includes(text);
		},
	};
};
