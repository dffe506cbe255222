import fc from 'fast-check';
import {endKinds, operationFlags, type Operation} from '../../source/model/operation.js';

/** Few values each, so that random conditions hit some: quotes, case, patterns of LIKE and code points past the BMP among them. */
export const texts = ['', 'a', 'A', 'web', 'web-1', '%', '_', 'a"b', 'ä', '😀x', 'default', 'kube-system', 'it\'s', String.raw`back\slash`] as const;
export const integers = [-1, 0, 1, 2, 200, 404, 409, 500, 1_000_000_000, 1_500_000_000] as const;

const text = fc.constantFrom(...texts);
const maybeText = fc.option(text, {nil: undefined});
const maybeNumber = fc.option(fc.constantFrom(...integers.filter(value => value >= 0)), {nil: undefined});
const nanoseconds = fc.constantFrom(0n, 1n, 999_999_999n, 1_000_000_000n, 1_000_000_001n, 1_500_000_000n, 12_500_000_000n);

/** Any operation a store could give, of every kind and with every field missing now and then. */
export const operations: fc.Arbitrary<Operation> = fc.record({
	kind: fc.constantFrom('request', 'event'),
	verb: fc.constantFrom('get', 'update', 'patch', 'ADDED', 'ERROR'),
	group: maybeText,
	resource: maybeText,
	namespace: maybeText,
	name: maybeText,
	path: maybeText,
	userAgent: maybeText,
	process: text,
	actor: text,
	reason: maybeText,
	message: maybeText,
	status: maybeNumber,
	generation: maybeNumber,
	cause: maybeNumber,
	responseSize: maybeNumber,
	arrivedAt: nanoseconds,
	took: fc.option(nanoseconds, {nil: undefined}),
	end: fc.option(fc.constantFrom(...endKinds), {nil: undefined}),
	flags: fc.subarray([...operationFlags]),
	changed: fc.option(fc.subarray(['spec.replicas', 'metadata.labels["a"]', 'status']), {nil: undefined}),
	hx: maybeText,
	sequence: fc.integer({min: 1, max: 5}),
}).map(({took, flags, ...fields}) => ({
	...fields,
	kind: fields.kind,
	endedAt: took === undefined ? undefined : fields.arrivedAt + took,
	flags: new Set(flags),
	hasHeaders: false,
}));

/** A plain request; tests change what they are about. */
export const operationWith = (fields: Partial<Operation>): Operation => ({
	sequence: 1,
	kind: 'request',
	verb: 'get',
	process: 'manager/v1',
	actor: 'manager',
	arrivedAt: 0n,
	hasHeaders: false,
	flags: new Set(),
	...fields,
});
