import {displayWidth, sanitize, slice} from '../text/fit.js';

const breakWord = (word: string, width: number): readonly string[] => {
	const count = Math.max(1, Math.ceil(displayWidth(word) / width));
	return Array.from({length: count}, (_, index) => slice(word, index * width, width));
};

/** Any text as lines of at most `width` cells, at most `most` of them; the last ends with `~` where more follows. */
export const wrap = (text: string, width: number, most: number): readonly string[] => {
	if (width < 1 || most < 1) {
		return [];
	}

	const lines: string[] = [];
	let line = '';
	for (const word of sanitize(text).split(' ').flatMap(part => breakWord(part, width))) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (displayWidth(longer) <= width) {
			line = longer;
			continue;
		}

		lines.push(line);
		line = word;
		if (lines.length > most) {
			break;
		}
	}

	lines.push(line);
	if (lines.length <= most) {
		return lines;
	}

	const last = lines[most - 1]!;
	return [...lines.slice(0, most - 1), displayWidth(last) < width ? `${last}~` : `${slice(last, 0, width - 1)}~`];
};
