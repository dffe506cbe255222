import {positionOf} from '../state/positions.js';
import type {State} from '../state/state.js';
import {displayWidth, fit, sanitize} from '../text/fit.js';
import type {Row} from '../text/row.js';
import {grouped, seconds} from './time.js';

const plural = (count: number, word: string): string => `${grouped(count)} ${word}${count === 1 ? '' : 's'}`;

const timeOf = (state: State): string => {
	const operation = state.operations.get(state.cursor);
	if (state.cursor === 0) {
		return '0.000 s';
	}

	return operation === undefined ? '...' : `${seconds(operation.arrivedAt)} s`;
};

/** What the right end says, most wanted first. */
const facts = (state: State): readonly string[] => {
	const {view, session, breakpoints, errors} = state;
	const shown = view === undefined ? undefined : `${grouped(positionOf(state, state.cursor))}/${grouped(view.shown.length)} shown`;
	return [
		`step ${state.cursor} of ${state.length}`,
		timeOf(state),
		shown,
		plural(breakpoints.length, 'break'),
		errors === undefined ? undefined : plural(errors, 'error'),
		session.gaps.length === 0 ? undefined : plural(session.gaps.length, 'gap'),
		state.isFollowing ? 'following' : undefined,
	].filter(fact => fact !== undefined);
};

/** The first of them, and as many more as fit. */
const fitting = (all: readonly string[], width: number): string => {
	const [first = '', ...others] = all;
	let text = first;
	for (const fact of others) {
		const longer = `${text}  ${fact}`;
		if (longer.length > width) {
			break;
		}

		text = longer;
	}

	return text;
};

/** First line of the screen: the session on the left, where one is in it on the right. */
export const headerRow = (state: State, width: number): Row => {
	const all = facts(state);
	const name = sanitize(state.session.id);
	const right = fitting(all, width - Math.min(24, displayWidth(name) + 2));
	const room = width - right.length - 2;
	const program = 'kubestep  ';
	const isProgramShown = room >= program.length + Math.min(12, displayWidth(name));
	const left = isProgramShown ? program : '';
	const text = room < 3 ? fit(right, width) : `${left}${fit(name, room - left.length)}  ${right}`;
	return [{text, tone: 'title'}];
};
