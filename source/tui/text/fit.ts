import stringWidth from 'string-width';

/** Characters of one text that are looked at: more never fits a screen, and recordings are untrusted. */
export const maximumFittedText = 8192;

/** What stands for a character that would not keep to its cell, or that would act on the terminal. */
export const placeholder = '\u{FFFD}';

const printableAscii = /^[\u{20}-\u{7E}]*$/v;
const presentationSelectors = /[\u{FE0E}\u{FE0F}]/gv;
/** One visible base and at most three marks above or below it: what every terminal draws alike. */
const simpleCluster = /^[\p{Letter}\p{Number}\p{Punctuation}\p{Space_Separator}\p{Symbol}]\p{Nonspacing_Mark}{0,3}$/v;
const awkward = /[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}]/v;
const hangulJamo = /[\u{1100}-\u{11FF}\u{A960}-\u{A97C}\u{D7B0}-\u{D7FB}]/v;

/** `^[` for ESC, `^J` for a line feed, `^?` for DEL; undefined for what is no C0 control. */
const caret = (codePoint: number): string | undefined => {
	if (codePoint === 0x7F) {
		return '^?';
	}

	return codePoint < 0x20 ? `^${String.fromCodePoint(codePoint + 0x40)}` : undefined;
};

const showControls = (cluster: string): string =>
	[...cluster].map(character => caret(character.codePointAt(0)!) ?? (/^[\u{20}-\u{7E}]$/v.test(character) ? character : placeholder)).join('');

const showCluster = (cluster: string): string => {
	if (!simpleCluster.test(cluster) || awkward.test(cluster) || hangulJamo.test(cluster)) {
		return showControls(cluster);
	}

	if (/^\p{Space_Separator}/v.test(cluster) && !cluster.startsWith('\u{3000}')) {
		return ' ';
	}

	const width = stringWidth(cluster);
	return width === 1 || width === 2 ? cluster : placeholder;
};

/**
Text from outside as one line that a terminal only prints: control characters in caret notation, everything that could act on the terminal, change the
direction of text, or be wider or narrower than measured as U+FFFD.
*/
export const sanitize = (text: string): string => {
	const cut = text.length > maximumFittedText ? text.slice(0, maximumFittedText) : text;
	if (printableAscii.test(cut)) {
		return cut;
	}

	const segmenter = new Intl.Segmenter('en');
	const plain = cut.replaceAll(presentationSelectors, '');
	return [...segmenter.segment(plain)].map(({segment}) => showCluster(segment)).join('');
};

/** Cells that sanitized text takes. */
export const displayWidth = (text: string): number => printableAscii.test(text) ? text.length : stringWidth(text);

type Cell = {readonly text: string; readonly width: number};

const cellsOf = (text: string): readonly Cell[] => {
	const segmenter = new Intl.Segmenter('en');
	return [...segmenter.segment(text)].map(({segment}) => ({text: segment, width: stringWidth(segment)}));
};

/** The cells `from`…`from + width - 1` of sanitized text, not padded; a wide character cut in half becomes a space. */
export const slice = (text: string, from: number, width: number): string => {
	if (width <= 0) {
		return '';
	}

	if (printableAscii.test(text)) {
		return text.slice(from, from + width);
	}

	let column = 0;
	let result = '';
	for (const cell of cellsOf(text)) {
		const end = column + cell.width;
		if (end > from && column < from + width) {
			const isWhole = column >= from && end <= from + width;
			result += isWhole ? cell.text : ' '.repeat(Math.min(end, from + width) - Math.max(column, from));
		}

		column = end;
	}

	return result;
};

/** Exactly `width` cells of any text: sanitized, cut with `~` where it is longer, padded where it is shorter. */
export const fit = (text: string, width: number, align: 'left' | 'right' = 'left'): string => {
	if (width <= 0) {
		return '';
	}

	const clean = sanitize(text);
	const length = displayWidth(clean);
	if (length > width) {
		const cut = `${slice(clean, 0, width - 1)}~`;
		return cut + ' '.repeat(width - displayWidth(cut));
	}

	const padding = ' '.repeat(width - length);
	return align === 'left' ? clean + padding : padding + clean;
};
