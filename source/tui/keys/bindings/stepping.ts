import {times, inSession, type Binding} from '../binding.js';
import {
	back,
	moveBy,
	only,
	toEnd,
	toPercent,
	toStart,
	type Input,
	type Update,
} from '../commands.js';
import {pageRows, scrollDiff} from '../diff-commands.js';
import {say, type State} from '../../state/state.js';

const page = (state: State, input: Input, share: number): Update => {
	const rows = Math.max(1, Math.floor(pageRows(state) * Math.abs(share))) * Math.sign(share) * times(input);
	return only(state.pane === 'diff' ? scrollDiff(state, rows) : moveBy(state, rows));
};

/** Through time, step by step. */
export const steppingBindings: readonly Binding[] = [
	{
		keys: ['j', 'Down', 'Enter'],
		name: 'next',
		contexts: inSession,
		help: 'step forward, with a count: 10j',
		footer: 'j/k step',
		run: (state, input) => only(moveBy(state, times(input))),
	},
	{
		keys: ['k', 'Up'],
		name: 'previous',
		contexts: inSession,
		help: 'step back',
		run: (state, input) => only(moveBy(state, -times(input))),
	},
	{
		keys: ['^D'],
		name: 'half-page-down',
		contexts: inSession,
		help: 'half a page forward',
		run: (state, input) => page(state, input, 0.5),
	},
	{
		keys: ['^U'],
		name: 'half-page-up',
		contexts: inSession,
		help: 'half a page back',
		run: (state, input) => page(state, input, -0.5),
	},
	{
		keys: ['Space', '^F', 'PgDn'],
		name: 'page-down',
		contexts: inSession,
		help: 'a page forward',
		run: (state, input) => page(state, input, 1),
	},
	{
		keys: ['^B', 'PgUp'],
		name: 'page-up',
		contexts: inSession,
		help: 'a page back',
		run: (state, input) => page(state, input, -1),
	},
	{
		keys: ['g', 'Home'],
		name: 'first',
		contexts: inSession,
		help: 'first operation; 500g: step 500',
		run: toStart,
	},
	{
		keys: ['G', 'End'],
		name: 'last',
		contexts: inSession,
		help: 'last operation; 500G: step 500',
		run: toEnd,
	},
	{
		keys: ['%'],
		name: 'percent',
		contexts: inSession,
		help: '50%: half way',
		run: (state, input) => only(input.count === undefined ? say(state, 'type a number first: 50% goes half way') : toPercent(state, input.count)),
	},
	{
		keys: ['^O'],
		name: 'back',
		contexts: inSession,
		help: 'back to where the last jump was from',
		run: back,
	},
];
