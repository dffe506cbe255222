import {times, inHelp, type Binding} from '../binding.js';
import {only} from '../commands.js';

/** The help itself. */
export const helpBindings: readonly Binding[] = [
	{
		keys: ['j', 'Down', 'Enter'],
		name: 'help-down',
		contexts: inHelp,
		help: 'scroll',
		run: (state, input) => only({...state, help: (state.help ?? 0) + times(input)}),
	},
	{
		keys: ['k', 'Up'],
		name: 'help-up',
		contexts: inHelp,
		help: 'scroll back',
		run: (state, input) => only({...state, help: Math.max(0, (state.help ?? 0) - times(input))}),
	},
	{
		keys: ['Space', '^F', '^D', 'PgDn'],
		name: 'help-page-down',
		contexts: inHelp,
		help: 'a page',
		run: state => only({...state, help: (state.help ?? 0) + Math.max(1, state.size.rows - 4)}),
	},
	{
		keys: ['^B', '^U', 'PgUp'],
		name: 'help-page-up',
		contexts: inHelp,
		help: 'a page back',
		run: state => only({...state, help: Math.max(0, (state.help ?? 0) - Math.max(1, state.size.rows - 4))}),
	},
	{
		keys: ['g', 'Home'],
		name: 'help-top',
		contexts: inHelp,
		help: 'to the top',
		run: state => only({...state, help: 0}),
	},
	{
		keys: ['q', '?', 'Esc'],
		name: 'help-close',
		contexts: inHelp,
		help: 'close',
		run: state => only({...state, help: undefined}),
	},
];
