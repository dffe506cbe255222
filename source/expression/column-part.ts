import {strict as assert} from 'node:assert';
import type {ASTNode} from '@marcbachmann/cel-js';
import {
	bothOf,
	comparisonFilter,
	eitherOf,
	flagFilter,
	flipped,
	isComparison,
	isPlainText,
	matchNothing,
	membershipFilter,
	type Constant,
} from './column-comparison.js';
import {matchEverything, type Filter} from './filter.js';
import type {Variable} from './variables.js';

/**
What columns know of a condition: a superset of the rows where it is true, and one of those where it is false. Where it fails it is neither. `exact`: it
never fails, and both are the whole answer.
*/
export type ColumnPart = {readonly whenTrue: Filter; readonly whenFalse: Filter; readonly exact: boolean};

export type ColumnPartOptions = {
	/** A variable by the name it has in the tree. */
	readonly variable: (name: string) => Variable | undefined;
	/** Nanoseconds of a `duration("…")` in the tree; undefined: it is not one. */
	readonly duration: (node: ASTNode) => number | undefined;
};

/** Tests in a filter: beyond that the expression is evaluated row by row. Conditionals repeat their parts. */
const maximumTests = 512;

const unknown: ColumnPart = {whenTrue: matchEverything, whenFalse: matchEverything, exact: false};

const exactly = (filter: Filter | undefined): ColumnPart => filter === undefined ? unknown : {whenTrue: filter, whenFalse: filter.type === 'not' ? filter.filter : {type: 'not', filter}, exact: true};

const numberOf = (node: ASTNode): number | undefined => {
	if (node.op !== 'value') {
		return undefined;
	}

	const value = typeof node.args === 'bigint' ? Number(node.args) : node.args;
	return typeof value === 'number' && (typeof node.args === 'number' || Number.isSafeInteger(value)) ? value : undefined;
};

const constantOf = (node: ASTNode, options: ColumnPartOptions): Constant | undefined => {
	if (node.op === 'value' && typeof node.args === 'string') {
		return {type: 'text', value: node.args};
	}

	if (node.op === 'value' && typeof node.args === 'boolean') {
		return {type: 'bool', value: node.args};
	}

	const number = numberOf(node.op === '-_' ? node.args : node);
	if (number !== undefined) {
		return {type: 'number', value: node.op === '-_' ? -number : number};
	}

	const nanoseconds = options.duration(node);
	return nanoseconds === undefined ? undefined : {type: 'duration', nanoseconds};
};

const variableOf = (node: ASTNode, options: ColumnPartOptions): Variable | undefined => node.op === 'id' ? options.variable(node.args) : undefined;

const comparisonPart = (node: ASTNode, options: ColumnPartOptions): ColumnPart => {
	assert.ok(isComparison(node.op), 'only comparisons come here');
	const [left, right] = node.args as [ASTNode, ASTNode];
	const leftVariable = variableOf(left, options);
	const variable = leftVariable ?? variableOf(right, options);
	const constant = constantOf(leftVariable === undefined ? left : right, options);
	if (variable === undefined || constant === undefined) {
		return unknown;
	}

	const comparison = leftVariable === undefined ? flipped[node.op] : node.op;
	return exactly(comparisonFilter(variable, comparison, constant));
};

const membershipPart = (node: Extract<ASTNode, {op: 'in'}>, options: ColumnPartOptions): ColumnPart => {
	const [member, list] = node.args;
	const variable = variableOf(member, options);
	if (variable === undefined || list.op !== 'list') {
		return unknown;
	}

	const constants = list.args.flatMap(item => constantOf(item, options) ?? []);
	return constants.length === list.args.length ? exactly(membershipFilter(variable, constants)) : unknown;
};

const textTests: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith']);
const isTextTest = (name: string): name is 'contains' | 'startsWith' | 'endsWith' => textTests.has(name);

const callPart = (node: Extract<ASTNode, {op: 'rcall'}>, options: ColumnPartOptions): ColumnPart => {
	const [name, receiver, [argument]] = node.args;
	const variable = variableOf(receiver, options);
	if (!isTextTest(name) || argument?.op !== 'value' || typeof argument.args !== 'string' || variable?.source.from !== 'text' || !isPlainText(argument.args)) {
		return unknown;
	}

	return exactly({
		type: 'text', column: variable.source.column, test: name, value: argument.args,
	});
};

const truePart: ColumnPart = {whenTrue: matchEverything, whenFalse: matchNothing, exact: true};
const falsePart: ColumnPart = {whenTrue: matchNothing, whenFalse: matchEverything, exact: true};

const leafPart = (node: ASTNode, options: ColumnPartOptions): ColumnPart => {
	if (isComparison(node.op)) {
		return comparisonPart(node, options);
	}

	if (node.op === 'id') {
		const variable = variableOf(node, options);
		return exactly(variable === undefined ? undefined : flagFilter(variable));
	}

	if (node.op === 'value' && typeof node.args === 'boolean') {
		return node.args ? truePart : falsePart;
	}

	if (node.op === 'in') {
		return membershipPart(node, options);
	}

	return node.op === 'rcall' ? callPart(node, options) : unknown;
};

/** The parts of a node that is joined of conditions; undefined: it is one condition. */
const conditionsOf = (node: ASTNode): readonly ASTNode[] | undefined => {
	if (node.op === '&&' || node.op === '||') {
		return node.args;
	}

	if (node.op === '?:') {
		return node.args;
	}

	return node.op === '!_' ? [node.args] : undefined;
};

/** Errors count in CEL: `false && failing` is false, `true || failing` is true, in either order. */
const joinParts = (operator: ASTNode['op'], [first, second, third]: readonly ColumnPart[]): ColumnPart => {
	assert.ok(first !== undefined, 'a joined condition has parts');
	if (operator === '!_') {
		return {whenTrue: first.whenFalse, whenFalse: first.whenTrue, exact: first.exact};
	}

	assert.ok(second !== undefined, 'two conditions are joined');
	if (operator === '?:') {
		assert.ok(third !== undefined, 'a conditional has three parts');
		return {
			whenTrue: eitherOf(bothOf(first.whenTrue, second.whenTrue), bothOf(first.whenFalse, third.whenTrue)),
			whenFalse: eitherOf(bothOf(first.whenTrue, second.whenFalse), bothOf(first.whenFalse, third.whenFalse)),
			exact: first.exact && second.exact && third.exact,
		};
	}

	const isExact = first.exact && second.exact;
	return operator === '&&'
		? {whenTrue: bothOf(first.whenTrue, second.whenTrue), whenFalse: eitherOf(first.whenFalse, second.whenFalse), exact: isExact}
		: {whenTrue: eitherOf(first.whenTrue, second.whenTrue), whenFalse: bothOf(first.whenFalse, second.whenFalse), exact: isExact};
};

/** How many tests a filter has, counted up to a little over the limit. */
const countTests = (root: Filter): number => {
	const pending = [root];
	let tests = 0;
	for (let filter = pending.pop(); filter !== undefined && tests <= maximumTests; filter = pending.pop()) {
		if (filter.type === 'all' || filter.type === 'any') {
			pending.push(...filter.filters);
		} else if (filter.type === 'not') {
			pending.push(filter.filter);
		} else {
			tests += filter.type === 'textIn' ? filter.values.length : 1;
		}
	}

	return tests;
};

const limited = (part: ColumnPart): ColumnPart =>
	countTests(part.whenTrue) > maximumTests || countTests(part.whenFalse) > maximumTests ? unknown : part;

type Task = {readonly node: ASTNode; readonly parts: readonly ASTNode[] | undefined};

/** The part of an expression's tree that columns can answer. */
export const columnPart = (root: ASTNode, options: ColumnPartOptions): ColumnPart => {
	const tasks: Task[] = [{node: root, parts: undefined}];
	const answers: ColumnPart[] = [];
	for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
		const {node, parts} = task;
		const inner = conditionsOf(node);
		if (parts !== undefined) {
			const inside = answers.splice(-parts.length);
			answers.push(limited(joinParts(node.op, inside)));
		} else if (inner === undefined) {
			answers.push(limited(leafPart(node, options)));
		} else {
			const open = inner.toReversed().map(part => ({node: part, parts: undefined}));
			tasks.push({node, parts: inner}, ...open);
		}
	}

	const [answer, ...others] = answers;
	assert.ok(answer !== undefined && others.length === 0, 'one answer is left for the whole tree');
	return answer;
};
