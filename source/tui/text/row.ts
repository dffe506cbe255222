import {displayWidth, sanitize, slice} from './fit.js';

/** What a stretch of text means; the theme gives it its look. */
export type Tone =
	| 'plain' | 'dim' | 'title' | 'cursor' | 'error' | 'write' | 'told' | 'breakpoint'
	| 'added' | 'removed' | 'addedWord' | 'removedWord' | 'changed' | 'note' | 'caret';

export type Span = {readonly text: string; readonly tone: Tone};

/** One line of the screen. */
export type Row = readonly Span[];

export const row = (text: string, tone: Tone = 'plain'): Row => [{text, tone}];

export const rowWidth = (spans: Row): number => spans.reduce((sum, span) => sum + displayWidth(sanitize(span.text)), 0);

/** Exactly `width` cells, starting `from` cells into the row; padding takes the tone `pad`. */
export const fitRow = (spans: Row, width: number, options: {readonly from?: number; readonly pad?: Tone} = {}): Row => {
	const {from = 0, pad = 'plain'} = options;
	const fitted: Span[] = [];
	let skip = from;
	let left = width;
	for (const span of spans) {
		if (left <= 0) {
			break;
		}

		const clean = sanitize(span.text);
		const length = displayWidth(clean);
		const text = slice(clean, skip, left);
		skip = Math.max(0, skip - length);
		left -= displayWidth(text);
		if (text !== '') {
			fitted.push({text, tone: span.tone});
		}
	}

	return left > 0 ? [...fitted, {text: ' '.repeat(left), tone: pad}] : fitted;
};

/** A line of `width` cells that starts with `left`, ends with `right` where there is room for both, and is filled between them. */
export const ruler = (left: Row, right: string, width: number, tone: Tone = 'dim'): Row => {
	const taken = rowWidth(left);
	const room = width - taken;
	const tail = right === '' ? '' : ` ${sanitize(right)} --`;
	const isRoomy = room >= displayWidth(tail) + 3;
	const dashes = '-'.repeat(Math.max(0, room - 1 - (isRoomy ? displayWidth(tail) : 0)));
	return fitRow([...left, {text: ` ${dashes}${isRoomy ? tail : ''}`, tone}], width, {pad: tone});
};

export const plainText = (spans: Row): string => spans.map(({text}) => text).join('');
