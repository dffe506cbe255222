import type {ASTNode} from '@marcbachmann/cel-js';
import {matchEverything, type Filter, type NumberColumn} from './filter.js';
import type {Variable} from './variables.js';

export const matchNothing: Filter = {type: 'any', filters: []};

/** A literal of an expression; durations in ns. */
export type Constant =
	| {readonly type: 'text'; readonly value: string}
	| {readonly type: 'number'; readonly value: number}
	| {readonly type: 'bool'; readonly value: boolean}
	| {readonly type: 'duration'; readonly nanoseconds: number};

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Comparisons as they read from the other side. */
export const flipped: Readonly<Record<Comparison, Comparison>> = {
	'==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=',
};

export const isComparison = (operator: ASTNode['op']): operator is Comparison => Object.hasOwn(flipped, operator);

/** Durations below this (eleven days) compare exactly although the library compares them as milliseconds in floating point. */
const exactNanoseconds = 1e15;
/** How far the product of a literal and its unit can be off, in ns. */
const slack = 4;

/** Text both backends store as it is. */
export const isPlainText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

const negated = (filter: Filter): Filter => ({type: 'not', filter});

const numberFilter = (column: NumberColumn, comparison: Comparison, value: number): Filter => {
	if (comparison === '!=') {
		return negated({
			type: 'number', column, test: '==', value,
		});
	}

	return {
		type: 'number', column, test: comparison, value,
	};
};

/** The lowest integer that, divided by `unit`, is at least (or above) `value`; undefined: out of exact reach. */
const threshold = (value: number, unit: number, isReached: (quotient: number) => boolean): number | undefined => {
	const near = Math.floor(value * unit);
	if (!Number.isSafeInteger(near - slack) || !Number.isSafeInteger(near + slack) || isReached((near - slack) / unit)) {
		return undefined;
	}

	for (let candidate = near - slack + 1; candidate <= near + slack; candidate++) {
		if (isReached(candidate / unit)) {
			return candidate;
		}
	}

	return undefined;
};

/** A column of integers whose quotient by `unit` is compared: the same rows as the comparison of the quotients gives, rounding included. */
const scaledFilter = (column: NumberColumn, unit: number, comparison: Comparison, value: number): Filter | undefined => {
	const atLeast = threshold(value, unit, quotient => quotient >= value);
	const above = threshold(value, unit, quotient => quotient > value);
	if (atLeast === undefined || above === undefined) {
		return undefined;
	}

	switch (comparison) {
		case '>=': {
			return numberFilter(column, '>=', atLeast);
		}

		case '>': {
			return numberFilter(column, '>=', above);
		}

		case '<': {
			return numberFilter(column, '<', atLeast);
		}

		case '<=': {
			return numberFilter(column, '<', above);
		}

		case '==':
		case '!=': {
			const equal: Filter = {type: 'all', filters: [numberFilter(column, '>=', atLeast), numberFilter(column, '<', above)]};
			return comparison === '==' ? equal : negated(equal);
		}
	}
};

const boolFilter = (variable: Variable, comparison: Comparison, isTrue: boolean): Filter | undefined => {
	const filter = flagFilter(variable);
	if (filter === undefined || (comparison !== '==' && comparison !== '!=')) {
		return undefined;
	}

	return (comparison === '==') === isTrue ? filter : negated(filter);
};

/** A variable that is true or false by itself. */
export const flagFilter = ({source}: Variable): Filter | undefined => {
	if (source.from === 'flag') {
		return {type: 'flag', flag: source.flag};
	}

	return source.from === 'error' ? {type: 'error'} : undefined;
};

const textFilter = (variable: Variable, comparison: Comparison, value: string): Filter | undefined => {
	if (variable.source.from !== 'text' || !isPlainText(value) || (comparison !== '==' && comparison !== '!=')) {
		return undefined;
	}

	const equal: Filter = {
		type: 'text', column: variable.source.column, test: 'equals', value,
	};
	return comparison === '==' ? equal : negated(equal);
};

/** The filter that answers `variable comparison constant` exactly; undefined: columns cannot. */
export const comparisonFilter = (variable: Variable, comparison: Comparison, constant: Constant): Filter | undefined => {
	const {source} = variable;
	switch (constant.type) {
		case 'text': {
			return textFilter(variable, comparison, constant.value);
		}

		case 'bool': {
			return boolFilter(variable, comparison, constant.value);
		}

		case 'number': {
			if (source.from === 'number') {
				return numberFilter(source.column, comparison, constant.value);
			}

			return source.from === 'scaled' ? scaledFilter(source.column, source.unit, comparison, constant.value) : undefined;
		}

		case 'duration': {
			return source.from === 'duration' && Math.abs(constant.nanoseconds) < exactNanoseconds
				? numberFilter(source.column, comparison, constant.nanoseconds)
				: undefined;
		}
	}
};

/** The filter that answers `variable in [constants]` exactly. */
export const membershipFilter = (variable: Variable, constants: readonly Constant[]): Filter | undefined => {
	const {source} = variable;
	if (constants.length === 0) {
		return source.from === 'text' || source.from === 'number' ? matchNothing : undefined;
	}

	const texts = constants.flatMap(constant => constant.type === 'text' && isPlainText(constant.value) ? [constant.value] : []);
	if (source.from === 'text' && texts.length === constants.length) {
		return {type: 'textIn', column: source.column, values: texts};
	}

	const numbers = constants.flatMap(constant => constant.type === 'number' ? [constant.value] : []);
	return source.from === 'number' && numbers.length === constants.length
		? {type: 'any', filters: numbers.map(value => numberFilter(source.column, '==', value))}
		: undefined;
};

const join = (type: 'all' | 'any', filters: readonly Filter[], neutral: Filter, absorbing: Filter): Filter => {
	const parts = filters.filter(filter => filter !== neutral);
	if (parts.includes(absorbing)) {
		return absorbing;
	}

	const [only, ...others] = parts;
	if (only === undefined) {
		return neutral;
	}

	return others.length === 0 ? only : {type, filters: parts.flatMap(part => part.type === type ? part.filters : [part])};
};

export const bothOf = (left: Filter, right: Filter): Filter => join('all', [left, right], matchEverything, matchNothing);

export const eitherOf = (left: Filter, right: Filter): Filter => join('any', [left, right], matchNothing, matchEverything);
