import type {JsonValue} from '../model/json.js';
import type {Operation} from '../model/operation.js';
import type {Filter} from './filter.js';

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

/**
Compiles CEL over the variables of `variables.ts`; it must be a bool.
@throws KubestepError usage: what is wrong, where in the text, and the nearest variable for an unknown name.
*/
export declare function compileExpression(source: string): CompiledExpression;
