import {strict as assert} from 'node:assert';
import type {ExpressionBodies, NeededBodies} from '../expression/compile-expression.js';
import {isJsonObject, type JsonValue} from '../model/json.js';
import type {Operation} from '../model/operation.js';
import type {Bodies, BodyRequest, ObjectReader} from './object-decoding.js';
import {placeOf} from './operation-place.js';
import type {StateReader} from './state.js';

/** Decodes what an expression asks of operations. */
export type OperationBodies = {
	/** The object an operation's response or event carries. */
	object(operation: Operation): Promise<JsonValue>;
	/** One entry per operation, in order: only what is needed is read. */
	load(operations: readonly Operation[], needs: NeededBodies): Promise<ReadonlyArray<Partial<ExpressionBodies>>>;
};

/** An event that was not framed as kube-apiserver frames it was kept whole: its object is inside. */
const unframe = (operation: Operation, value: JsonValue): JsonValue => !operation.flags.has('wholeFrame') || !isJsonObject(value) || !Object.hasOwn(value, 'object') ? value : value.object;

const requestsOf = (operation: Operation, needs: NeededBodies): readonly BodyRequest[] => {
	const asked = [
		{isNeeded: needs.has('object'), number: operation.responseBody, contentType: operation.responseContentType},
		{isNeeded: needs.has('request'), number: operation.requestBody, contentType: operation.requestContentType},
	];
	return asked.flatMap(({isNeeded, number, contentType}) => isNeeded && number !== undefined ? [{number, contentType}] : []);
};

const bodyOf = (bodies: Bodies, number: number | undefined): JsonValue => number === undefined ? undefined : bodies.get(number);

export const createOperationBodies = (reader: ObjectReader, state: StateReader): OperationBodies => {
	/** The object's states around an operation. A state that did not enter at its step was the one before too: a name has one holder at a time. */
	const statesOf = async (operation: Operation, needs: NeededBodies): Promise<Partial<ExpressionBodies>> => {
		const place = placeOf(operation);
		assert.ok(needs.has('before') || needs.has('after'), 'states are read where an expression asks for them');
		if (place === undefined) {
			return {};
		}

		const after = await state.objectAt(operation.sequence, place);
		assert.ok(after === undefined || after.version.step <= operation.sequence, 'nothing of the future is in the state');
		const isUnchanged = after !== undefined && after.version.step < operation.sequence;
		const before = isUnchanged || !needs.has('before') ? after : await state.objectAt(operation.sequence - 1, place);
		return {
			...(needs.has('before') && {before: before?.object}),
			...(needs.has('after') && {after: after?.object}),
		};
	};

	const loadOne = async (operation: Operation, needs: NeededBodies, bodies: Bodies): Promise<Partial<ExpressionBodies>> => ({
		...(needs.has('object') && {object: unframe(operation, bodyOf(bodies, operation.responseBody))}),
		...(needs.has('request') && {request: bodyOf(bodies, operation.requestBody)}),
		...((needs.has('before') || needs.has('after')) && await statesOf(operation, needs)),
	});

	return {
		async object(operation) {
			assert.ok(operation.sequence >= 1, 'steps count from 1');
			return unframe(operation, await reader.body(operation.responseBody, operation.responseContentType));
		},
		async load(operations, needs) {
			assert.ok(needs.size > 0, 'bodies are read where an expression asks for them');
			const bodies = await reader.bodies(operations.flatMap(operation => requestsOf(operation, needs)), false);
			const loaded: Array<Partial<ExpressionBodies>> = [];
			for (const operation of operations) {
				loaded.push(await loadOne(operation, needs, bodies)); // eslint-disable-line no-await-in-loop -- one at a time keeps memory flat
			}

			assert.equal(loaded.length, operations.length, 'every operation has its bodies');
			return loaded;
		},
	};
};
