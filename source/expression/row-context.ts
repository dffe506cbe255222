import {Duration} from '@marcbachmann/cel-js/evaluator';
import {isError, type Operation} from '../model/operation.js';
import {celBody} from './cel-value.js';
import {numberValue, textValue} from './column-values.js';
import type {ExpressionBodies} from './compile-expression.js';
import {variableAlias} from './source-text.js';
import type {Variable} from './variables.js';

const nanosecondsPerSecond = 1_000_000_000;

type Bodies = Partial<ExpressionBodies> | undefined;
type Reader = (operation: Operation, bodies: Bodies) => unknown;

/** What the expression library evaluates against: one value per variable it mentions. */
export type RowContext = Record<string, unknown>;

const toDuration = (nanoseconds: number): Duration => {
	const seconds = Math.trunc(nanoseconds / nanosecondsPerSecond);
	return new Duration(BigInt(seconds), nanoseconds - (seconds * nanosecondsPerSecond));
};

const readerOf = ({source}: Variable): Reader => {
	switch (source.from) {
		case 'text': {
			return operation => textValue(operation, source.column);
		}

		case 'number': {
			return operation => BigInt(Math.trunc(numberValue(operation, source.column)));
		}

		case 'scaled': {
			return operation => numberValue(operation, source.column) / source.unit;
		}

		case 'duration': {
			return operation => toDuration(numberValue(operation, source.column));
		}

		case 'flag': {
			return operation => operation.flags.has(source.flag);
		}

		case 'error': {
			return isError;
		}

		case 'row': {
			return source.field === 'changed' ? operation => operation.changed ?? [] : operation => operation[source.field] ?? '';
		}

		case 'body': {
			return (_, bodies) => celBody(bodies?.[source.body]);
		}
	}
};

/** Reads what some variables stand for at an operation. Only those mentioned are read. */
export const rowReader = (mentioned: readonly Variable[]): (operation: Operation, bodies: Bodies) => RowContext => {
	const readers = mentioned.map(variable => [variableAlias(variable.name), readerOf(variable)] as const);

	return (operation, bodies) => {
		const context: RowContext = {};
		for (const [name, read] of readers) {
			context[name] = read(operation, bodies);
		}

		return context;
	};
};
