import {bindings} from '../keys/keymap.js';
import type {State} from '../state/state.js';
import {fitRow, type Row} from '../text/row.js';

/** The most used keys, as many as fit. */
export const footerRow = (state: State, width: number): Row => {
	const context = state.pane === 'breakpoints' ? 'breakpoints' : 'session';
	const bound = bindings.filter(({footer, contexts}) => footer !== undefined && contexts.includes(context));
	// What only the panel in front can do comes first.
	const own = bound.filter(({contexts}) => context === 'breakpoints' && !contexts.includes('session'));
	const hints = [...own, ...bound.filter(binding => !own.includes(binding))].map(({footer}) => footer!);
	// Help and quit are what somebody lost looks for: they come last and always fit.
	const last = hints.filter(hint => /^[?q]/v.test(hint));
	const others = hints.filter(hint => !last.includes(hint));
	const room = width - last.join('  ').length - 1;
	let text = '';
	for (const hint of others) {
		const longer = `${text}${hint}  `;
		text = longer.length <= room ? longer : text;
	}

	return fitRow([{text: ` ${text}${last.join('  ')}`, tone: 'dim'}], width);
};
