import type {Operation} from '../../source/model/operation.js';

/** An operation for a table test: only what the row is about is given. */
export const operation = (parts: Partial<Operation> = {}): Operation => ({
	sequence: 1,
	kind: 'request',
	verb: 'get',
	group: 'apps',
	version: 'v1',
	resource: 'deployments',
	subresource: '',
	namespace: 'default',
	name: 'web',
	objectKind: 'Deployment',
	process: 'operator/v1',
	actor: 'operator',
	status: 200,
	end: 'complete',
	arrivedAt: 12_455_000_000n,
	endedAt: 12_458_200_000n,
	hasHeaders: false,
	flags: new Set(),
	...parts,
});
