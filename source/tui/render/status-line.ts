import {promptLabels} from '../keys/prompt.js';
import type {Prompt, State} from '../state/state.js';
import {displayWidth, fit, sanitize} from '../text/fit.js';
import {fitRow, rowWidth, type Row} from '../text/row.js';
import {grouped} from './time.js';

/** The prompt with its caret in sight: the text moves under it when it is longer than the line. */
const promptRow = (prompt: Prompt, width: number): Row => {
	const label = promptLabels[prompt.kind];
	const before = sanitize(prompt.text.slice(0, prompt.caret));
	const at = sanitize(prompt.text.slice(prompt.caret, prompt.caret + 1));
	const after = sanitize(prompt.text.slice(prompt.caret + 1));
	const spans: Row = [{text: before, tone: 'plain'}, {text: at === '' ? ' ' : at, tone: 'caret'}, {text: after, tone: 'plain'}];
	const room = Math.max(1, width - label.length);
	const from = Math.max(0, displayWidth(before) + 2 - room);
	return fitRow([{text: label, tone: 'title'}, ...fitRow(spans, room, {from})], width);
};

const secondKeyHints: Readonly<Record<string, string>> = {
	m: 'mark: a letter',
	'\'': 'go to mark: a letter, \' for back',
	y: 'yank: k kubectl, c curl, y YAML',
};

const taskText = (state: State): string | undefined => {
	if (state.task === undefined) {
		return undefined;
	}

	const {label, step} = state.task;
	const reached = step === undefined ? '' : ` ${grouped(step)} of ${grouped(state.length)}`;
	const waiting = state.waitingKeys === 0 ? '' : `, ${state.waitingKeys} keys waiting`;
	return `${label}...${reached} (Esc stops${waiting})`;
};

/** Last line of the screen: what is being typed, what is under way, or what there is to say; what is pending at its right. */
export const statusRow = (state: State, width: number): Row => {
	if (state.prompt !== undefined) {
		return promptRow(state.prompt, width);
	}

	const pending = `${state.count}${state.pendingKey ?? ''}`;
	const right = pending === '' ? '' : ` ${pending} `;
	const filter = state.view === undefined ? '' : `& ${state.view.source}`;
	const hint = state.pendingKey === undefined ? undefined : secondKeyHints[state.pendingKey];
	const text = taskText(state) ?? hint ?? state.message?.text ?? filter;
	const isError = state.task === undefined && hint === undefined && state.message?.isError === true;
	const room = Math.max(1, width - right.length);
	const row: Row = [{text: fit(text === '' ? '' : ` ${text}`, room), tone: isError ? 'error' : 'plain'}, {text: right, tone: 'title'}];
	return rowWidth(row) === width ? row : fitRow(row, width);
};
