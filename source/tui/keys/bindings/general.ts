import {
	inSession,
	inSessionAndPanel,
	inPanel,
	everywhere,
	type Binding,
} from '../binding.js';
import {
	ask,
	moveBy,
	only,
	whereAmI,
} from '../commands.js';
import {openPrompt} from '../prompt.js';
import {positionCount} from '../../state/positions.js';
import {say, type State} from '../../state/state.js';

const followWhyNot = (state: State): string | undefined =>
	state.session.open || state.isFollowing ? undefined : 'this session is complete: there is nothing to follow';

const toggleFollow = (state: State): State => {
	const isFollowing = !state.isFollowing;
	return isFollowing
		? {...moveBy(state, positionCount(state)), isFollowing, message: {text: 'following the recording; F stops', isError: false}}
		: say({...state, isFollowing}, 'no longer following');
};

/** Everything else. */
export const generalBindings: readonly Binding[] = [
	{
		keys: ['F'],
		name: 'follow',
		contexts: inSession,
		help: 'follow a session that is being recorded',
		whyNot: followWhyNot,
		run: state => only(toggleFollow(state)),
	},
	{
		keys: ['='],
		name: 'where',
		contexts: inSession,
		help: 'where am I: step, wall clock, source, gaps',
		run: state => only(whereAmI(state)),
	},
	{
		keys: [':'],
		name: 'command',
		contexts: inSessionAndPanel,
		help: 'command line: :500, :break EXPRESSION, :filter EXPRESSION, every name of this list',
		run: state => only(openPrompt(state, 'command')),
	},
	{
		keys: ['?'],
		name: 'help',
		contexts: inSessionAndPanel,
		help: 'this help',
		footer: '? help',
		run: state => only({...state, help: 0}),
	},
	{
		keys: ['^L'],
		name: 'redraw',
		contexts: everywhere,
		help: 'draw the screen anew',
		run: state => ask(state, {type: 'redraw'}),
	},
	{
		keys: ['^Z'],
		name: 'suspend',
		contexts: everywhere,
		help: 'suspend; fg comes back',
		run: state => ask(state, {type: 'suspend'}),
	},
	{
		keys: ['q'],
		name: 'quit',
		contexts: inSession,
		help: 'close what is in front, else quit',
		footer: 'q quit',
		run: state => state.isZoomed ? only({...state, isZoomed: false}) : ask(state, {type: 'quit'}),
	},
	{
		keys: ['q', 'Esc'],
		name: 'close-panel',
		contexts: inPanel,
		help: 'back to the list',
		footer: 'q back',
		run: state => only({...state, pane: 'list', isZoomed: false}),
	},
	{
		keys: ['Q', '^C'],
		name: 'quit-now',
		contexts: everywhere,
		help: 'quit; ^C first stops what is under way',
		run: state => ask(state, {type: 'quit'}),
	},
	{
		keys: ['Esc'],
		name: 'cancel',
		contexts: inSession,
		help: 'cancel a count, a prompt, a scan, a message; never quits',
		run: state => only({...state, message: undefined}),
	},
];
