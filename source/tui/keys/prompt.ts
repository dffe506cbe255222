import {
	maximumPromptHistory,
	maximumPromptText,
	type Prompt,
	type PromptKind,
	type State,
} from '../state/state.js';

/** What stands before the text on the status line. */
export const promptLabels: Readonly<Record<PromptKind, string>> = {
	command: ':',
	search: '/',
	filter: '& ',
	condition: 'condition: ',
};

export const openPrompt = (state: State, kind: PromptKind, text = '', breakpoint?: number): State => ({
	...state,
	message: undefined,
	prompt: {
		kind, text, caret: text.length, breakpoint, back: 0,
	},
});

const insert = (prompt: Prompt, text: string): Prompt => {
	const room = maximumPromptText - prompt.text.length;
	const added = text.slice(0, Math.max(0, room));
	return {...prompt, text: prompt.text.slice(0, prompt.caret) + added + prompt.text.slice(prompt.caret), caret: prompt.caret + added.length};
};

const removeBefore = (prompt: Prompt, count: number): Prompt => {
	const from = Math.max(0, prompt.caret - count);
	return {...prompt, text: prompt.text.slice(0, from) + prompt.text.slice(prompt.caret), caret: from};
};

const wordBefore = ({text, caret}: Prompt): number => {
	const trimmed = text.slice(0, caret).trimEnd();
	return caret - (trimmed.lastIndexOf(' ') + 1);
};

/** Older texts upwards; what was being typed is not kept. */
const recall = (state: State, prompt: Prompt, by: number): Prompt => {
	const history = state.promptHistory[prompt.kind];
	const back = Math.max(0, Math.min(history.length, prompt.back + by));
	const text = back === 0 ? '' : history.at(-back) ?? '';
	return {
		...prompt, back, text, caret: text.length,
	};
};

type Edit = (prompt: Prompt, state: State) => Prompt;

const edits: ReadonlyMap<string, Edit> = new Map<string, Edit>([
	['Backspace', prompt => removeBefore(prompt, 1)],
	['Delete', prompt => ({...prompt, text: prompt.text.slice(0, prompt.caret) + prompt.text.slice(prompt.caret + 1)})],
	['Left', prompt => ({...prompt, caret: Math.max(0, prompt.caret - 1)})],
	['Right', prompt => ({...prompt, caret: Math.min(prompt.text.length, prompt.caret + 1)})],
	['Home', prompt => ({...prompt, caret: 0})],
	['End', prompt => ({...prompt, caret: prompt.text.length})],
	['^A', prompt => ({...prompt, caret: 0})],
	['^E', prompt => ({...prompt, caret: prompt.text.length})],
	['^U', prompt => removeBefore(prompt, prompt.caret)],
	['^W', prompt => removeBefore(prompt, wordBefore(prompt))],
	['Up', (prompt, state) => recall(state, prompt, 1)],
	['Down', (prompt, state) => recall(state, prompt, -1)],
	['Space', prompt => insert(prompt, ' ')],
]);

/** One key in an open prompt, Enter and Esc apart. */
export const editPrompt = (state: State, prompt: Prompt, token: string): State => {
	const edit = edits.get(token);
	if (edit !== undefined) {
		return {...state, prompt: edit(prompt, state)};
	}

	const isText = [...token].length === 1;
	return isText ? {...state, prompt: insert(prompt, token)} : state;
};

/** Closes the prompt; a text that is not empty is remembered. */
export const closePrompt = (state: State, prompt: Prompt): State => {
	const history = state.promptHistory[prompt.kind];
	const remembered = prompt.text === '' || prompt.text === history.at(-1) ? history : [...history, prompt.text].slice(-maximumPromptHistory);
	return {...state, prompt: undefined, promptHistory: {...state.promptHistory, [prompt.kind]: remembered}};
};
