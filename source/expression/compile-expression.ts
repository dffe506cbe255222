import {strict as assert} from 'node:assert';
import {
	EvaluationError,
	ParseError,
	TypeError as CelTypeError,
	type ASTNode,
	type Environment,
	type ParseResult,
} from '@marcbachmann/cel-js';
import {Duration} from '@marcbachmann/cel-js/evaluator';
import type {JsonValue} from '../model/json.js';
import type {Operation} from '../model/operation.js';
import {createCelEnvironment} from './cel-environment.js';
import {columnPart} from './column-part.js';
import {describeProblem, invalidExpression} from './expression-errors.js';
import type {Filter} from './filter.js';
import {compileRegex} from './linear-regex.js';
import {rowReader} from './row-context.js';
import {matchesAlias, toLibraryText, variableAlias} from './source-text.js';
import {nodesOf} from './syntax-tree.js';
import {variables, type Variable} from './variables.js';

/** Bodies an expression may ask for, decoded only when it does. All are undefined where there is none. */
export type ExpressionBodies = {
	/** The operation's object: in its response or event. */
	readonly object: JsonValue;
	/** The object's state before and after this step. */
	readonly before: JsonValue;
	readonly after: JsonValue;
	/** Request body. */
	readonly request: JsonValue;
};

/** What of the bodies an expression mentions: only these need be decoded. */
export type NeededBodies = ReadonlySet<keyof ExpressionBodies>;

/**
A compiled condition. `filter` is a superset of what matches, answerable from columns; where `exact` is true it is the whole answer and `test` need not be
called. `needs` empty: `test` wants the operation alone.
*/
export type CompiledExpression = {
	readonly source: string;
	readonly filter: Filter;
	readonly exact: boolean;
	readonly needs: NeededBodies;
	/** An expression that fails on an operation (missing field, wrong type) does not match it. */
	test(operation: Operation, bodies?: Partial<ExpressionBodies>): boolean;
};

/** Characters of an expression: past what a person types. */
export const maximumExpressionLength = 4096;
/** Comprehensions (`all`, `exists`, `map`, …) inside of each other: each multiplies the time by the length of a list. */
export const maximumComprehensions = 3;

const nanosecondsPerSecond = 1_000_000_000;

const isLibraryError = (error: unknown): error is ParseError | CelTypeError | EvaluationError =>
	error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;

const variablesByAlias: ReadonlyMap<string, Variable> = new Map(variables.map(variable => [variableAlias(variable.name), variable]));

/** Names of all functions and methods, as the library has them. */
const functionNames = (environment: Environment): readonly string[] => [...new Set(environment.getDefinitions().functions.map(({name}) => name))];

/** The library's answer, or the usage error its complaint stands for. */
const orUsageError = <Result>(source: string, environment: Environment, action: () => Result): Result => {
	try {
		return action();
	} catch (error) {
		if (!isLibraryError(error)) {
			throw error;
		}

		throw describeProblem({code: error.code, summary: error.summary, start: error.range?.start}, source, functionNames(environment));
	}
};

const parse = (source: string, environment: Environment): ParseResult => {
	if (source.length > maximumExpressionLength) {
		throw invalidExpression(source, `it is longer than ${maximumExpressionLength} characters`);
	}

	if (source.trim() === '') {
		throw invalidExpression(source, 'it is empty; try verb == "delete"');
	}

	const parsed = orUsageError(source, environment, () => environment.parse(toLibraryText(source)));
	const {valid, type, error} = parsed.check();
	if (!valid) {
		assert.ok(error !== undefined, 'an invalid expression has an error');
		throw describeProblem({code: error.code, summary: error.summary, start: error.range?.start}, source, functionNames(environment));
	}

	if (type !== 'bool' && type !== 'dyn') {
		throw invalidExpression(source, `it gives ${String(type)}, not true or false`);
	}

	return parsed;
};

const firstText = (nodes: readonly ASTNode[]): string | undefined => {
	const literal = nodes.at(-1);
	return literal?.op === 'value' && typeof literal.args === 'string' ? literal.args : undefined;
};

/** The pattern of a call of `matches`, where it stands in the expression. */
const patternOf = (node: ASTNode): string | undefined => {
	if (node.op === 'rcall' && node.args[0] === matchesAlias) {
		return firstText(node.args[2]);
	}

	return node.op === 'call' && node.args[0] === matchesAlias ? firstText(node.args[1]) : undefined;
};

/** Whether a node is a call whose value is known when it is compiled: `duration("1s")`. */
const isConstantCall = (node: ASTNode): boolean =>
	node.op === 'call' && (node.args[0] === 'duration' || node.args[0] === 'timestamp') && firstText(node.args[1]) !== undefined;

const checkPattern = (source: string, node: ASTNode): void => {
	const pattern = patternOf(node);
	if (pattern === undefined) {
		return;
	}

	try {
		compileRegex(pattern);
	} catch (error) {
		if (!(error instanceof SyntaxError || error instanceof RangeError)) {
			throw error;
		}

		throw invalidExpression(source, `the pattern of matches is not one: ${error.message}`, node.start);
	}
};

/** The value of a call of constants. */
const constantValue = (source: string, node: ASTNode, environment: Environment): unknown => {
	const text = toLibraryText(source).slice(node.start, node.end);
	return orUsageError(source, environment, (): unknown => environment.evaluate(text));
};

/** Checks what the type checker does not; gives the values of the `duration("…")` calls, in ns. */
const checkNodes = (source: string, root: ASTNode, environment: Environment): ReadonlyMap<ASTNode, number> => {
	const durations = new Map<ASTNode, number>();
	for (const {node, comprehensions} of nodesOf(root)) {
		if (comprehensions > maximumComprehensions) {
			throw invalidExpression(source, `more than ${maximumComprehensions} of all, exists, map and filter stand in each other`, node.start);
		}

		checkPattern(source, node);
		const value = isConstantCall(node) ? constantValue(source, node, environment) : undefined;
		if (value instanceof Duration) {
			durations.set(node, Number((value.seconds * BigInt(nanosecondsPerSecond)) + BigInt(value.nanos)));
		}
	}

	return durations;
};

const mentionedVariables = (root: ASTNode): readonly Variable[] => {
	const mentioned = new Set<Variable>();
	for (const {node} of nodesOf(root)) {
		const variable = node.op === 'id' ? variablesByAlias.get(node.args) : undefined;
		if (variable !== undefined) {
			mentioned.add(variable);
		}
	}

	return [...mentioned];
};

/**
Compiles CEL over the variables of `variables.ts`; it must be a bool.

@throws KubestepError usage: what is wrong, where in the text, and the nearest variable for an unknown name.
*/
export const compileExpression = (source: string): CompiledExpression => {
	const environment = createCelEnvironment();
	const evaluate = parse(source, environment);
	const durations = checkNodes(source, evaluate.ast, environment);
	const mentioned = mentionedVariables(evaluate.ast);
	const part = columnPart(evaluate.ast, {
		variable: name => variablesByAlias.get(name),
		duration: node => durations.get(node),
	});
	const read = rowReader(mentioned);
	const needs = new Set(mentioned.flatMap(({source: from}) => from.from === 'body' ? [from.body] : []));
	assert.ok(!part.exact || needs.size === 0, 'what columns answer needs no body');

	return {
		source,
		filter: part.whenTrue,
		exact: part.exact,
		needs,
		test(operation, bodies) {
			try {
				return evaluate(read(operation, bodies)) === true;
			} catch {
				return false; // A missing field or a wrong type: it does not match
			}
		},
	};
};
