import {
	times,
	inSession,
	noOperation,
	type Binding,
} from '../binding.js';
import {ask} from '../commands.js';

/** From one operation to another that has to do with it. */
export const travellingBindings: readonly Binding[] = [
	{
		keys: ['o'],
		name: 'next-on-object',
		contexts: inSession,
		help: 'next operation on the same object',
		footer: 'o/O object',
		whyNot: noOperation,
		run: (state, input) => ask(state, {type: 'sameObject', direction: 'forward', count: times(input)}),
	},
	{
		keys: ['O'],
		name: 'previous-on-object',
		contexts: inSession,
		help: 'previous operation on the same object',
		whyNot: noOperation,
		run: (state, input) => ask(state, {type: 'sameObject', direction: 'backward', count: times(input)}),
	},
	{
		keys: ['e'],
		name: 'next-error',
		contexts: inSession,
		help: 'next error or conflict',
		footer: 'e error',
		run: (state, input) => ask(state, {type: 'nextError', direction: 'forward', count: times(input)}),
	},
	{
		keys: ['E'],
		name: 'previous-error',
		contexts: inSession,
		help: 'previous error or conflict',
		run: (state, input) => ask(state, {type: 'nextError', direction: 'backward', count: times(input)}),
	},
];
