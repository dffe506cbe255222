import {
	times,
	inSession,
	inSessionAndPanel,
	noOperation,
	type Binding,
} from '../binding.js';
import {
	ask,
	nextPane,
	only,
	type Input,
	type Update,
} from '../commands.js';
import {moveSideways, scrollDiff, toggleMode} from '../diff-commands.js';
import {yankForms} from '../effect.js';
import type {State} from '../../state/state.js';

const yank = (state: State, {argument}: Input): Update => {
	const form = yankForms.find(candidate => candidate === argument);
	return form === undefined ? only({...state, pendingKey: 'y'}) : ask(state, {type: 'yank', form});
};

/** What the panes show. */
export const viewingBindings: readonly Binding[] = [
	{
		keys: ['J'],
		name: 'scroll-down',
		contexts: inSessionAndPanel,
		help: 'scroll the diff down without moving in time',
		run: (state, input) => only(scrollDiff(state, times(input))),
	},
	{
		keys: ['K'],
		name: 'scroll-up',
		contexts: inSessionAndPanel,
		help: 'scroll the diff up',
		run: (state, input) => only(scrollDiff(state, -times(input))),
	},
	{
		keys: ['h', 'Left'],
		name: 'left',
		contexts: inSession,
		help: 'scroll the focused pane to the left',
		run: (state, input) => only(moveSideways(state, -1, times(input))),
	},
	{
		keys: ['l', 'Right'],
		name: 'right',
		contexts: inSession,
		help: 'scroll the focused pane to the right',
		run: (state, input) => only(moveSideways(state, 1, times(input))),
	},
	{
		keys: ['d'],
		name: 'diff',
		contexts: inSession,
		help: 'what the step changed, or the whole object after it',
		footer: 'd diff',
		run: state => only(toggleMode(state)),
	},
	{
		keys: ['Tab'],
		name: 'next-pane',
		contexts: inSessionAndPanel,
		help: 'next pane',
		footer: 'Tab pane',
		run: state => only(nextPane(state, 1)),
	},
	{
		keys: ['S-Tab'],
		name: 'previous-pane',
		contexts: inSessionAndPanel,
		help: 'previous pane',
		run: state => only(nextPane(state, -1)),
	},
	{
		keys: ['z'],
		name: 'zoom',
		contexts: inSessionAndPanel,
		help: 'give the focused pane the whole screen, managedFields unfolded; again: back',
		run: state => only({...state, isZoomed: !state.isZoomed}),
	},
	{
		keys: ['y'],
		name: 'yank',
		contexts: inSession,
		help: 'copy: yk as kubectl, yc as curl, yy the object as YAML',
		argument: 'kubectl|curl|yaml',
		whyNot: noOperation,
		run: yank,
	},
	{
		keys: ['Y'],
		name: 'yank-kubectl',
		contexts: inSession,
		help: 'copy as a kubectl command',
		whyNot: noOperation,
		run: state => ask(state, {type: 'yank', form: 'kubectl'}),
	},
];
