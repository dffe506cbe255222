import {
	times,
	inSession,
	inSessionAndPanel,
	inPanel,
	noOperation,
	type Binding,
} from '../binding.js';
import {
	togglePanel,
	select,
	enableSelected,
	removeSelected,
	editSelected,
	toNextHit,
} from '../breakpoint-commands.js';
import {ask, only} from '../commands.js';
import type {State} from '../../state/state.js';

const noBreakpoints = (state: State): string | undefined =>
	state.breakpoints.some(({breakpoint}) => breakpoint.enabled) ? undefined : 'no enabled breakpoint: b sets one on this operation, :break takes an expression';
/** Breakpoints: setting them, going to them, and their panel. */
export const breakpointBindings: readonly Binding[] = [
	{
		keys: ['b'],
		name: 'break',
		contexts: inSession,
		help: 'toggle a breakpoint on this operation: its object and verb',
		footer: 'b break',
		argument: 'EXPRESSION',
		whyNot: noOperation,
		run: (state, {argument}) => ask(state, argument === '' ? {type: 'toggleBreakpoint'} : {type: 'addBreakpoint', pattern: {condition: argument}}),
	},
	{
		keys: ['c'],
		name: 'continue',
		contexts: inSessionAndPanel,
		help: 'continue to the next breakpoint',
		footer: 'c/C continue',
		whyNot: noBreakpoints,
		run: (state, input) => ask(state, {type: 'resume', direction: 'forward', count: times(input)}),
	},
	{
		keys: ['C'],
		name: 'reverse-continue',
		contexts: inSessionAndPanel,
		help: 'continue backwards to the previous breakpoint',
		whyNot: noBreakpoints,
		run: (state, input) => ask(state, {type: 'resume', direction: 'backward', count: times(input)}),
	},
	{
		keys: ['B'],
		name: 'breakpoints',
		contexts: inSessionAndPanel,
		help: 'breakpoint panel, and back',
		whyNot: state => state.breakpoints.length === 0 ? 'no breakpoints yet: b sets one on this operation' : undefined,
		run: state => only(togglePanel(state)),
	},
	{
		keys: ['j', 'Down'],
		name: 'select-next',
		contexts: inPanel,
		help: 'next breakpoint',
		footer: 'j/k select',
		run: (state, input) => only(select(state, times(input))),
	},
	{
		keys: ['k', 'Up'],
		name: 'select-previous',
		contexts: inPanel,
		help: 'previous breakpoint',
		run: (state, input) => only(select(state, -times(input))),
	},
	{
		keys: ['Space'],
		name: 'enable',
		contexts: inPanel,
		help: 'enable or disable',
		footer: 'Space on/off',
		run: enableSelected,
	},
	{
		keys: ['d', 'Delete'],
		name: 'delete',
		contexts: inPanel,
		help: 'delete',
		footer: 'd delete',
		run: removeSelected,
	},
	{
		keys: ['e'],
		name: 'condition',
		contexts: inPanel,
		help: 'edit its condition',
		footer: 'e condition',
		run: editSelected,
	},
	{
		keys: ['Enter'],
		name: 'next-hit',
		contexts: inPanel,
		help: 'go to its next hit',
		footer: 'Enter next hit',
		run: toNextHit,
	},
];
