import {
	times,
	inSession,
	noOperation,
	type Binding,
} from '../binding.js';
import {
	ask,
	goToMark,
	only,
	setMark,
	type Input,
	type Update,
} from '../commands.js';
import type {Direction} from '../effect.js';
import {openPrompt} from '../prompt.js';
import {cursorOperation, say, type State} from '../../state/state.js';

const noSearch = (state: State): string | undefined => state.search === undefined ? 'nothing searched yet: / searches' : undefined;

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

/** Search, filter, marks. */
export const findingBindings: readonly Binding[] = [
	{
		keys: ['/'],
		name: 'search',
		contexts: inSession,
		help: 'search verbs, objects, actors, reasons and messages; upper case counts only where typed',
		footer: '/ search',
		argument: 'TEXT',
		run: (state, {argument}) => argument === ''
			? only(openPrompt(state, 'search'))
			: ask({...state, search: argument}, {
				type: 'search', text: argument, direction: 'forward', count: 1,
			}),
	},
	{
		keys: ['n'],
		name: 'next-match',
		contexts: inSession,
		help: 'next match of the search',
		whyNot: noSearch,
		run: (state, input) => search(state, input, 'forward'),
	},
	{
		keys: ['N'],
		name: 'previous-match',
		contexts: inSession,
		help: 'previous match of the search',
		whyNot: noSearch,
		run: (state, input) => search(state, input, 'backward'),
	},
	{
		keys: ['*'],
		name: 'search-name',
		contexts: inSession,
		help: 'search this operation\'s name',
		whyNot: noOperation,
		run: searchName,
	},
	{
		keys: ['&'],
		name: 'filter',
		contexts: inSession,
		help: 'show only what an expression matches; empty shows all',
		footer: '& filter',
		argument: 'EXPRESSION',
		run: (state, {argument}) => argument === '' ? only(openPrompt(state, 'filter')) : ask(state, {type: 'filter', source: argument}),
	},
	{
		keys: ['m'],
		name: 'mark',
		contexts: inSession,
		help: 'ma sets mark a here',
		argument: 'LETTER',
		run: (state, {argument}) => argument === '' ? only({...state, pendingKey: 'm'}) : setMark(state, argument),
	},
	{
		keys: ['\''],
		name: 'go-to-mark',
		contexts: inSession,
		help: '\'a goes to mark a; \'\' back to where the last jump was from',
		argument: 'LETTER',
		run: (state, {argument}) => only(argument === '' ? {...state, pendingKey: '\''} : goToMark(state, argument)),
	},
];
