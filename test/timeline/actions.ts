import fc from 'fast-check';
import type {Action} from './made-session.js';

const of = fc.integer({min: 0, max: 3});
const replicas = fc.integer({min: 0, max: 9});

const status = fc.constantFrom(400, 404, 409, 499, 500);

/** Random histories of four objects. */
const anyAction = fc.oneof(
	fc.record({type: fc.constantFrom('write', 'outside'), of, replicas}),
	fc.record({type: fc.constantFrom('delete', 'noop', 'told', 'read'), of}),
	fc.record({type: fc.constant('refused'), of, status}),
	fc.record({type: fc.constant('list')}),
) as fc.Arbitrary<Action>;

export const anyActions: fc.Arbitrary<readonly Action[]> = fc.array(anyAction, {minLength: 1, maxLength: 40});
