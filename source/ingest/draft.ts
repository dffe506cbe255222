import {strict as assert} from 'node:assert';
import type {Operation, OperationCompletion, OperationFlag} from '../model/operation.js';

/** An operation while ingest still fills it in. */
export type Draft = {-readonly [Key in keyof Operation]: Operation[Key]} & {flags: Set<OperationFlag>};

/** Sets what a completion says; what it leaves undefined stays. */
export const fill = (target: Partial<Record<keyof Operation, unknown>>, completion: OperationCompletion): void => {
	assert.ok(target.sequence === completion.sequence, 'a completion is of its own operation');
	const fields: Record<string, unknown> = target;
	for (const [key, value] of Object.entries(completion)) {
		if (value !== undefined) {
			fields[key] = value;
		}
	}
};
