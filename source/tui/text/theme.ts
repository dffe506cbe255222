import type {Row, Tone} from './row.js';

/** `full`: colours; `mono`: no colours (NO_COLOR), but bold, dim and inverse; `none`: text alone (TERM=dumb, files). */
export type Theme = 'full' | 'mono' | 'none';

export const themeFor = ({noColor, term}: {readonly noColor: boolean; readonly term: string | undefined}): Theme => {
	if (term === 'dumb') {
		return 'none';
	}

	return noColor ? 'mono' : 'full';
};

type Look = readonly [on: string, off: string];

const bold: Look = ['\u{1B}[1m', '\u{1B}[22m'];
const dim: Look = ['\u{1B}[2m', '\u{1B}[22m'];
const inverse: Look = ['\u{1B}[7m', '\u{1B}[27m'];
const color = (code: number): Look => [`\u{1B}[${code}m`, '\u{1B}[39m'];
const both = (outer: Look, inner: Look): Look => [outer[0] + inner[0], inner[1] + outer[1]];
const red = color(31);
const green = color(32);
const yellow = color(33);
const cyan = color(36);

const monoLooks: Readonly<Record<Tone, Look | undefined>> = {
	plain: undefined,
	dim,
	title: bold,
	cursor: inverse,
	error: bold,
	write: undefined,
	told: undefined,
	breakpoint: bold,
	added: undefined,
	removed: undefined,
	addedWord: inverse,
	removedWord: inverse,
	changed: undefined,
	note: bold,
	caret: inverse,
};

const fullLooks: Readonly<Record<Tone, Look | undefined>> = {
	...monoLooks,
	error: red,
	write: yellow,
	told: cyan,
	breakpoint: red,
	added: green,
	removed: red,
	addedWord: both(green, inverse),
	removedWord: both(red, inverse),
	changed: yellow,
	note: yellow,
};

const looksOf = (theme: Theme): Readonly<Record<Tone, Look | undefined>> | undefined => {
	if (theme === 'none') {
		return undefined;
	}

	return theme === 'mono' ? monoLooks : fullLooks;
};

/** A row as text with SGR sequences: as few as its tones need. The row's texts are already sanitized. */
export const styledText = (spans: Row, theme: Theme): string => {
	const looks = looksOf(theme);
	let result = '';
	let open: Look | undefined;
	for (const {text, tone} of spans) {
		const look = looks?.[tone];
		if (look !== open) {
			result += `${open?.[1] ?? ''}${look?.[0] ?? ''}`;
			open = look;
		}

		result += text;
	}

	return result + (open?.[1] ?? '');
};
