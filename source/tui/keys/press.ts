import {lastHelpScroll} from '../render/help.js';
import {settle} from '../state/positions.js';
import {
	complain,
	say,
	type Prompt,
	type State,
} from '../state/state.js';
import {runCommandLine} from './command-line.js';
import {
	ask,
	goToMark,
	only,
	setMark,
	swapJump,
	type Update,
} from './commands.js';
import type {Effect, YankForm} from './effect.js';
import type {Context} from './binding.js';
import {findBinding} from './keymap.js';
import {closePrompt, editPrompt} from './prompt.js';

const maximumDigits = 9;

const contextOf = (state: State): Context => {
	if (state.help !== undefined) {
		return 'help';
	}

	return state.pane === 'breakpoints' ? 'breakpoints' : 'session';
};

const submit = (state: State, prompt: Prompt): Update => {
	const closed = closePrompt(state, prompt);
	const text = prompt.text.trim();
	switch (prompt.kind) {
		case 'command': {
			return runCommandLine(closed, prompt.text);
		}

		case 'search': {
			const wanted = prompt.text === '' ? state.search : prompt.text;
			return wanted === undefined
				? only(closed)
				: ask({...closed, search: wanted}, {
					type: 'search', text: wanted, direction: 'forward', count: 1,
				});
		}

		case 'filter': {
			return ask(closed, {type: 'filter', source: text});
		}

		case 'condition': {
			return prompt.breakpoint === undefined ? only(closed) : ask(closed, {type: 'saveCondition', id: prompt.breakpoint, condition: text});
		}
	}
};

const pressInPrompt = (state: State, prompt: Prompt, token: string): Update => {
	if (token === 'Esc' || token === '^C' || (token === 'Backspace' && prompt.text === '')) {
		return only({...state, prompt: undefined});
	}

	return token === 'Enter' ? submit(state, prompt) : only(editPrompt(state, prompt, token));
};

const yankKeys: Readonly<Record<string, YankForm>> = {k: 'kubectl', c: 'curl', y: 'yaml'};

/** The key after `m`, `'` or `y`. */
const pressSecond = (state: State, first: string, token: string): Update => {
	const done = {...state, pendingKey: undefined};
	if (token === 'Esc' || token === '^C') {
		return only(done);
	}

	if (first === 'm') {
		return setMark(done, token);
	}

	if (first === '\'') {
		return only(token === '\'' ? swapJump(done) : goToMark(done, token));
	}

	const form = Object.hasOwn(yankKeys, token) ? yankKeys[token] : undefined;
	return form === undefined ? only(complain(done, `y${token} copies nothing: yk kubectl, yc curl, yy YAML`)) : ask(done, {type: 'yank', form});
};

const isDigit = (state: State, token: string): boolean => /^[1-9]$/v.test(token) || (token === '0' && state.count !== '');

const pressBound = (state: State, token: string): Update => {
	const context = contextOf(state);
	const binding = findBinding(token, context);
	const count = state.count === '' ? undefined : Number(state.count);
	const ready: State = {...state, count: '', message: undefined};
	if (binding === undefined) {
		const where = context === 'breakpoints' ? ' in the breakpoint panel: q goes back to the list' : ': ? lists the keys';
		return only(complain(ready, `${token} does nothing${where}`));
	}

	const reason = binding.whyNot?.(state);
	return reason === undefined ? binding.run(ready, {count, argument: ''}) : only(say(ready, reason));
};

/** One key. Pure: what cannot be done at once comes back as effects. */
export const press = (state: State, token: string): Update => {
	if (state.task !== undefined && (token === 'Esc' || token === '^C')) {
		return ask(state, {type: 'interrupt'});
	}

	if (state.prompt !== undefined) {
		return pressInPrompt(state, state.prompt, token);
	}

	if (state.pendingKey !== undefined) {
		return pressSecond(state, state.pendingKey, token);
	}

	if (isDigit(state, token) && state.help === undefined) {
		return only(state.count.length < maximumDigits ? {...state, count: state.count + token} : state);
	}

	return token === 'Esc' && state.count !== '' ? only({...state, count: ''}) : pressBound(state, token);
};

const settleHelp = (state: State): State =>
	state.help === undefined ? state : {...state, help: Math.min(state.help, lastHelpScroll(state))};

/** Keys of one packet, in order, up to the first that starts something later keys must wait for; those come back. */
export const pressAll = (
	state: State,
	tokens: readonly string[],
	isWaitedFor: (effect: Effect) => boolean,
): {readonly state: State; readonly effects: readonly Effect[]; readonly waiting: readonly string[]} => {
	const effects: Effect[] = [];
	let current = state;
	for (const [index, token] of tokens.entries()) {
		const update = press(current, token);
		current = settleHelp(update.state);
		effects.push(...update.effects);
		if (update.effects.some(effect => isWaitedFor(effect))) {
			return {state: settle(current), effects, waiting: tokens.slice(index + 1)};
		}
	}

	return {state: settle(current), effects, waiting: []};
};
