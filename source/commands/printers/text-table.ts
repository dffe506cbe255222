import stringWidth from 'string-width';

const gap = 3;
const leastWidth = 6;

/** A cell for a screen: its first line, without anything a terminal would obey. */
export const safeCell = (text: string): string => {
	const end = text.search(/[\n\f\r]/v);
	const line = end === -1 ? text : `${text.slice(0, end)}...`;
	return line.replaceAll(/[\p{Control}\u{61C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2066}-\u{2069}]/gv, character => {
		const code = character.codePointAt(0) ?? 0;
		return code < 0x20 ? `^${String.fromCodePoint(code + 0x40)}` : '?';
	});
};

/** Columns as kubectl lays them out: as wide as their widest cell, three blanks between, nothing drawn. */
export const textTable = (rows: ReadonlyArray<readonly string[]>): string => {
	const cells = rows.map(row => row.map(cell => safeCell(cell)));
	const columns = Math.max(0, ...cells.map(row => row.length));
	const widths = Array.from({length: columns}, (_, column) => {
		let widest = leastWidth;
		for (const row of cells) {
			widest = Math.max(widest, stringWidth(row[column] ?? '') + gap);
		}

		return widest;
	});
	return cells
		.map(row => `${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell))).join('').trimEnd()}\n`)
		.join('');
};
