import {complain, say, type State} from '../state/state.js';
import {
	ask,
	only,
	toPercent,
	toStep,
	type Update,
} from './commands.js';
import type {Binding} from './binding.js';
import {bindings} from './keymap.js';
import {nearestName} from './nearest.js';

/** What people type from other programs. */
const aliases: Readonly<Record<string, string>> = {
	q: 'quit',
	'q!': 'quit',
	x: 'quit',
	exit: 'quit',
	b: 'break',
	h: 'help',
	s: 'search',
	f: 'filter',
	goto: 'go-to-mark',
	rc: 'reverse-continue',
};

const timeOffset = /^(?:end|first-error|(?:\d+(?:\.\d+)?(?:ms|[hms]))+)$/v;

const commandOf = (state: State, name: string): Binding | undefined => {
	const wanted = Object.hasOwn(aliases, name) ? aliases[name] : name;
	const context = state.pane === 'breakpoints' ? 'breakpoints' : 'session';
	return bindings.find(binding => binding.name === wanted && (binding.contexts.includes('session') || binding.contexts.includes(context)));
};

const runBinding = (state: State, binding: Binding, rest: string): Update => {
	const reason = binding.whyNot?.(state);
	if (reason !== undefined && rest === '') {
		return only(say(state, reason));
	}

	if (rest !== '' && binding.argument === undefined && !/^\d{1,9}$/v.test(rest)) {
		return only(complain(state, `:${binding.name} takes no text`));
	}

	const isCount = binding.argument === undefined && rest !== '';
	return binding.run(state, {count: isCount ? Number(rest) : undefined, argument: isCount ? '' : rest});
};

/** What was typed after `:`. */
export const runCommandLine = (state: State, line: string): Update => {
	const text = line.trim();
	if (text === '') {
		return only(state);
	}

	if (/^\d{1,15}$/v.test(text)) {
		return only(toStep(state, Number(text)));
	}

	const percent = /^(?<share>\d{1,3})%$/v.exec(text)?.groups?.share; // eslint-disable-line house/one-optional-link -- of a RegExp
	if (percent !== undefined) {
		return only(toPercent(state, Number(percent)));
	}

	if (timeOffset.test(text)) {
		return ask(state, {type: 'resolve', at: text});
	}

	const [name = ''] = text.split(/\s/v, 1);
	const binding = commandOf(state, name);
	if (binding !== undefined) {
		return runBinding(state, binding, text.slice(name.length).trim());
	}

	const near = nearestName(name, [...bindings.filter(({contexts}) => contexts.includes('session')).map(candidate => candidate.name), ...Object.keys(aliases)]);
	return only(complain(state, `no command :${name}${near === undefined ? '; ? lists them' : `: did you mean :${near}?`}`));
};
