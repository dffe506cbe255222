import {positionCount} from '../state/positions.js';
import {cursorOperation, say, type State} from '../state/state.js';
import * as breakpoints from './breakpoint-commands.js';
import {
	ask,
	back,
	goToMark,
	moveBy,
	nextPane,
	only,
	setMark,
	toEnd,
	toPercent,
	toStart,
	whereAmI,
	type Input,
	type Run,
	type Update,
} from './commands.js';
import {
	moveSideways,
	pageRows,
	scrollDiff,
	toggleMode,
} from './diff-commands.js';
import {yankForms, type Direction} from './effect.js';
import {openPrompt} from './prompt.js';

/** Where a key means this: everywhere, or with the breakpoint panel or the help in front. */
export type Context = 'session' | 'breakpoints' | 'help';

/** One row of the table that dispatch, footer, `?`, `:` and the readme are made from. */
export type Binding = {
	readonly keys: readonly string[];
	/** Name on the command line. */
	readonly name: string;
	readonly contexts: readonly Context[];
	readonly help: string;
	/** How the footer writes it, where there is room. */
	readonly footer?: string;
	/** The command line takes text after the name; what it is. */
	readonly argument?: string;
	/** Why it cannot act now; undefined: it can. */
	readonly whyNot?: (state: State) => string | undefined;
	readonly run: Run;
};

const times = ({count}: Input): number => Math.max(1, count ?? 1);

const session: readonly Context[] = ['session'];
const sessionAndBreakpoints: readonly Context[] = ['session', 'breakpoints'];
const panel: readonly Context[] = ['breakpoints'];
const help: readonly Context[] = ['help'];

const noOperation = (state: State): string | undefined =>
	state.cursor === 0 ? 'step 0 is before the first operation: j goes to it' : undefined;
const noBreakpoints = (state: State): string | undefined =>
	state.breakpoints.some(({breakpoint}) => breakpoint.enabled) ? undefined : 'no enabled breakpoint: b sets one on this operation, :break takes an expression';
const noSearch = (state: State): string | undefined => state.search === undefined ? 'nothing searched yet: / searches' : undefined;

const page = (state: State, input: Input, share: number): Update => {
	const rows = Math.max(1, Math.floor(pageRows(state) * Math.abs(share))) * Math.sign(share) * times(input);
	return only(state.pane === 'diff' ? scrollDiff(state, rows) : moveBy(state, rows));
};

const yank = (state: State, {argument}: Input): Update => {
	const form = yankForms.find(candidate => candidate === argument);
	return form === undefined ? only({...state, pendingKey: 'y'}) : ask(state, {type: 'yank', form});
};

const search = (state: State, input: Input, direction: Direction): Update => ask(state, {
	type: 'search', text: state.search ?? '', direction, count: times(input),
});

const searchName = (state: State, input: Input): Update => {
	const operation = cursorOperation(state);
	const text = operation?.name ?? operation?.resource ?? operation?.path;
	return text === undefined || text === ''
		? only(say(state, 'this operation has no name to search'))
		: ask({...state, search: text}, {
			type: 'search', text, direction: 'forward', count: times(input),
		});
};

const stepping: readonly Binding[] = [
	{
		keys: ['j', 'Down', 'Enter'], name: 'next', contexts: session, help: 'step forward, with a count: 10j', footer: 'j/k step', run: (state, input) => only(moveBy(state, times(input))),
	},
	{
		keys: ['k', 'Up'], name: 'previous', contexts: session, help: 'step back', run: (state, input) => only(moveBy(state, -times(input))),
	},
	{
		keys: ['^D'], name: 'half-page-down', contexts: session, help: 'half a page forward', run: (state, input) => page(state, input, 0.5),
	},
	{
		keys: ['^U'], name: 'half-page-up', contexts: session, help: 'half a page back', run: (state, input) => page(state, input, -0.5),
	},
	{
		keys: ['Space', '^F', 'PgDn'], name: 'page-down', contexts: session, help: 'a page forward', run: (state, input) => page(state, input, 1),
	},
	{
		keys: ['^B', 'PgUp'], name: 'page-up', contexts: session, help: 'a page back', run: (state, input) => page(state, input, -1),
	},
	{
		keys: ['g', 'Home'], name: 'first', contexts: session, help: 'first operation; 500g: step 500', run: toStart,
	},
	{
		keys: ['G', 'End'], name: 'last', contexts: session, help: 'last operation; 500G: step 500', run: toEnd,
	},
	{
		keys: ['%'], name: 'percent', contexts: session, help: '50%: half way', run: (state, input) => only(input.count === undefined ? say(state, 'type a number first: 50% goes half way') : toPercent(state, input.count)),
	},
	{
		keys: ['^O'], name: 'back', contexts: session, help: 'back to where the last jump was from', run: back,
	},
];

const travelling: readonly Binding[] = [
	{
		keys: ['o'], name: 'next-on-object', contexts: session, help: 'next operation on the same object', footer: 'o/O object', whyNot: noOperation, run: (state, input) => ask(state, {type: 'sameObject', direction: 'forward', count: times(input)}),
	},
	{
		keys: ['O'], name: 'previous-on-object', contexts: session, help: 'previous operation on the same object', whyNot: noOperation, run: (state, input) => ask(state, {type: 'sameObject', direction: 'backward', count: times(input)}),
	},
	{
		keys: ['e'], name: 'next-error', contexts: session, help: 'next error or conflict', footer: 'e error', run: (state, input) => ask(state, {type: 'nextError', direction: 'forward', count: times(input)}),
	},
	{
		keys: ['E'], name: 'previous-error', contexts: session, help: 'previous error or conflict', run: (state, input) => ask(state, {type: 'nextError', direction: 'backward', count: times(input)}),
	},
];

const finding: readonly Binding[] = [
	{
		keys: ['/'], name: 'search', contexts: session, help: 'search verbs, objects, actors, reasons and messages; upper case counts only where typed', footer: '/ search', argument: 'TEXT', run: (state, {argument}) => argument === ''
			? only(openPrompt(state, 'search'))
			: ask({...state, search: argument}, {
				type: 'search', text: argument, direction: 'forward', count: 1,
			}),
	},
	{
		keys: ['n'], name: 'next-match', contexts: session, help: 'next match of the search', whyNot: noSearch, run: (state, input) => search(state, input, 'forward'),
	},
	{
		keys: ['N'], name: 'previous-match', contexts: session, help: 'previous match of the search', whyNot: noSearch, run: (state, input) => search(state, input, 'backward'),
	},
	{
		keys: ['*'], name: 'search-name', contexts: session, help: 'search this operation\'s name', whyNot: noOperation, run: searchName,
	},
	{
		keys: ['&'], name: 'filter', contexts: session, help: 'show only what an expression matches; empty shows all', footer: '& filter', argument: 'EXPRESSION', run: (state, {argument}) => argument === '' ? only(openPrompt(state, 'filter')) : ask(state, {type: 'filter', source: argument}),
	},
	{
		keys: ['m'], name: 'mark', contexts: session, help: 'ma sets mark a here', argument: 'LETTER', run: (state, {argument}) => argument === '' ? only({...state, pendingKey: 'm'}) : setMark(state, argument),
	},
	{
		keys: ['\''], name: 'go-to-mark', contexts: session, help: '\'a goes to mark a; \'\' back to where the last jump was from', argument: 'LETTER', run: (state, {argument}) => only(argument === '' ? {...state, pendingKey: '\''} : goToMark(state, argument)),
	},
];

const breaking: readonly Binding[] = [
	{
		keys: ['b'], name: 'break', contexts: session, help: 'toggle a breakpoint on this operation: its object and verb', footer: 'b break', argument: 'EXPRESSION', whyNot: noOperation, run: (state, {argument}) => ask(state, argument === '' ? {type: 'toggleBreakpoint'} : {type: 'addBreakpoint', pattern: {condition: argument}}),
	},
	{
		keys: ['c'], name: 'continue', contexts: sessionAndBreakpoints, help: 'continue to the next breakpoint', footer: 'c/C continue', whyNot: noBreakpoints, run: (state, input) => ask(state, {type: 'resume', direction: 'forward', count: times(input)}),
	},
	{
		keys: ['C'], name: 'reverse-continue', contexts: sessionAndBreakpoints, help: 'continue backwards to the previous breakpoint', whyNot: noBreakpoints, run: (state, input) => ask(state, {type: 'resume', direction: 'backward', count: times(input)}),
	},
	{
		keys: ['B'], name: 'breakpoints', contexts: sessionAndBreakpoints, help: 'breakpoint panel, and back', whyNot: state => state.breakpoints.length === 0 ? 'no breakpoints yet: b sets one on this operation' : undefined, run: state => only(breakpoints.togglePanel(state)),
	},
	{
		keys: ['j', 'Down'], name: 'select-next', contexts: panel, help: 'next breakpoint', footer: 'j/k select', run: (state, input) => only(breakpoints.select(state, times(input))),
	},
	{
		keys: ['k', 'Up'], name: 'select-previous', contexts: panel, help: 'previous breakpoint', run: (state, input) => only(breakpoints.select(state, -times(input))),
	},
	{
		keys: ['Space'], name: 'enable', contexts: panel, help: 'enable or disable', footer: 'Space on/off', run: breakpoints.enableSelected,
	},
	{
		keys: ['d', 'Delete'], name: 'delete', contexts: panel, help: 'delete', footer: 'd delete', run: breakpoints.removeSelected,
	},
	{
		keys: ['e'], name: 'condition', contexts: panel, help: 'edit its condition', footer: 'e condition', run: breakpoints.editSelected,
	},
	{
		keys: ['Enter'], name: 'next-hit', contexts: panel, help: 'go to its next hit', footer: 'Enter next hit', run: breakpoints.toNextHit,
	},
];

const viewing: readonly Binding[] = [
	{
		keys: ['J'], name: 'scroll-down', contexts: sessionAndBreakpoints, help: 'scroll the diff down without moving in time', run: (state, input) => only(scrollDiff(state, times(input))),
	},
	{
		keys: ['K'], name: 'scroll-up', contexts: sessionAndBreakpoints, help: 'scroll the diff up', run: (state, input) => only(scrollDiff(state, -times(input))),
	},
	{
		keys: ['h', 'Left'], name: 'left', contexts: session, help: 'scroll the focused pane to the left', run: (state, input) => only(moveSideways(state, -1, times(input))),
	},
	{
		keys: ['l', 'Right'], name: 'right', contexts: session, help: 'scroll the focused pane to the right', run: (state, input) => only(moveSideways(state, 1, times(input))),
	},
	{
		keys: ['d'], name: 'diff', contexts: session, help: 'what the step changed, or the whole object after it', footer: 'd diff', run: state => only(toggleMode(state)),
	},
	{
		keys: ['Tab'], name: 'next-pane', contexts: sessionAndBreakpoints, help: 'next pane', footer: 'Tab pane', run: state => only(nextPane(state, 1)),
	},
	{
		keys: ['S-Tab'], name: 'previous-pane', contexts: sessionAndBreakpoints, help: 'previous pane', run: state => only(nextPane(state, -1)),
	},
	{
		keys: ['z'], name: 'zoom', contexts: sessionAndBreakpoints, help: 'give the focused pane the whole screen, managedFields unfolded; again: back', run: state => only({...state, isZoomed: !state.isZoomed}),
	},
	{
		keys: ['y'], name: 'yank', contexts: session, help: 'copy: yk as kubectl, yc as curl, yy the object as YAML', argument: 'kubectl|curl|yaml', whyNot: noOperation, run: yank,
	},
	{
		keys: ['Y'], name: 'yank-kubectl', contexts: session, help: 'copy as a kubectl command', whyNot: noOperation, run: state => ask(state, {type: 'yank', form: 'kubectl'}),
	},
];

const followWhyNot = (state: State): string | undefined =>
	state.session.open || state.isFollowing ? undefined : 'this session is complete: there is nothing to follow';

const toggleFollow = (state: State): State => {
	const isFollowing = !state.isFollowing;
	return isFollowing
		? {...moveBy(state, positionCount(state)), isFollowing, message: {text: 'following the recording; F stops', isError: false}}
		: say({...state, isFollowing}, 'no longer following');
};

const rest: readonly Binding[] = [
	{
		keys: ['F'], name: 'follow', contexts: session, help: 'follow a session that is being recorded', whyNot: followWhyNot, run: state => only(toggleFollow(state)),
	},
	{
		keys: ['='], name: 'where', contexts: session, help: 'where am I: step, wall clock, source, gaps', run: state => only(whereAmI(state)),
	},
	{
		keys: [':'], name: 'command', contexts: sessionAndBreakpoints, help: 'command line: :500, :break EXPRESSION, :filter EXPRESSION, every name of this list', run: state => only(openPrompt(state, 'command')),
	},
	{
		keys: ['?'], name: 'help', contexts: sessionAndBreakpoints, help: 'this help', footer: '? help', run: state => only({...state, help: 0}),
	},
	{
		keys: ['^L'], name: 'redraw', contexts: ['session', 'breakpoints', 'help'], help: 'draw the screen anew', run: state => ask(state, {type: 'redraw'}),
	},
	{
		keys: ['^Z'], name: 'suspend', contexts: ['session', 'breakpoints', 'help'], help: 'suspend; fg comes back', run: state => ask(state, {type: 'suspend'}),
	},
	{
		keys: ['q'], name: 'quit', contexts: session, help: 'close what is in front, else quit', footer: 'q quit', run: state => state.isZoomed ? only({...state, isZoomed: false}) : ask(state, {type: 'quit'}),
	},
	{
		keys: ['q', 'Esc'], name: 'close-panel', contexts: panel, help: 'back to the list', footer: 'q back', run: state => only({...state, pane: 'list', isZoomed: false}),
	},
	{
		keys: ['Q', '^C'], name: 'quit-now', contexts: ['session', 'breakpoints', 'help'], help: 'quit; ^C first stops what is under way', run: state => ask(state, {type: 'quit'}),
	},
	{
		keys: ['Esc'], name: 'cancel', contexts: session, help: 'cancel a count, a prompt, a scan, a message; never quits', run: state => only({...state, message: undefined}),
	},
	{
		keys: ['j', 'Down', 'Enter'], name: 'help-down', contexts: help, help: 'scroll', run: (state, input) => only({...state, help: (state.help ?? 0) + times(input)}),
	},
	{
		keys: ['k', 'Up'], name: 'help-up', contexts: help, help: 'scroll back', run: (state, input) => only({...state, help: Math.max(0, (state.help ?? 0) - times(input))}),
	},
	{
		keys: ['Space', '^F', '^D', 'PgDn'], name: 'help-page-down', contexts: help, help: 'a page', run: state => only({...state, help: (state.help ?? 0) + Math.max(1, state.size.rows - 4)}),
	},
	{
		keys: ['^B', '^U', 'PgUp'], name: 'help-page-up', contexts: help, help: 'a page back', run: state => only({...state, help: Math.max(0, (state.help ?? 0) - Math.max(1, state.size.rows - 4))}),
	},
	{
		keys: ['g', 'Home'], name: 'help-top', contexts: help, help: 'to the top', run: state => only({...state, help: 0}),
	},
	{
		keys: ['q', '?', 'Esc'], name: 'help-close', contexts: help, help: 'close', run: state => only({...state, help: undefined}),
	},
];

export type KeyGroup = {readonly title: string; readonly bindings: readonly Binding[]};

/** The whole table, in the order help and readme give it. */
export const keyGroups: readonly KeyGroup[] = [
	{title: 'Stepping', bindings: stepping},
	{title: 'Breakpoints', bindings: breaking},
	{title: 'Travelling', bindings: travelling},
	{title: 'Finding', bindings: finding},
	{title: 'Looking', bindings: viewing},
	{title: 'The rest', bindings: rest},
];

export const bindings: readonly Binding[] = keyGroups.flatMap(group => group.bindings);

export const findBinding = (token: string, context: Context): Binding | undefined =>
	bindings.find(({keys, contexts}) => keys.includes(token) && contexts.includes(context));

/** Bindings of the help itself are no help. */
export const helpBindings = ({bindings: all}: KeyGroup): readonly Binding[] => all.filter(({contexts}) => contexts.includes('session') || contexts.includes('breakpoints'));
