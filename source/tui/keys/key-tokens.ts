import type {Key} from 'ink';

/*
A key as the keymap spells it: the character itself, or `Down`, `PgUp`, `Enter`, `Esc`, `Tab`, `S-Tab`, `Backspace`, `Space`, `^D`.
*/

const named: ReadonlyArray<readonly [keyof Key, string]> = [
	['upArrow', 'Up'],
	['downArrow', 'Down'],
	['leftArrow', 'Left'],
	['rightArrow', 'Right'],
	['pageUp', 'PgUp'],
	['pageDown', 'PgDn'],
	['home', 'Home'],
	['end', 'End'],
	['return', 'Enter'],
	['escape', 'Esc'],
	['backspace', 'Backspace'],
	['delete', 'Delete'],
];

const controlNames: Readonly<Record<string, string>> = {
	'\r': 'Enter',
	'\n': 'Enter',
	'\t': 'Tab',
	' ': 'Space',
	'\u{1B}': 'Esc',
	'\u{7F}': 'Backspace',
	'\b': 'Backspace',
};

/** The token of one character as it came from the terminal. */
export const characterToken = (character: string): string => {
	const name = controlNames[character];
	if (name !== undefined) {
		return name;
	}

	const code = character.codePointAt(0)!;
	return code < 0x20 ? `^${String.fromCodePoint(code + 0x40)}` : character;
};

/** An arrow key that the network split after its Escape arrives as this text. */
const splitKeys: Readonly<Record<string, string>> = {
	'[A': 'Up',
	'[B': 'Down',
	'[C': 'Right',
	'[D': 'Left',
	'[H': 'Home',
	'[F': 'End',
	'[5~': 'PgUp',
	'[6~': 'PgDn',
};

/** Keys in one packet that are looked at; a paste longer than this is cut. */
export const maximumBurst = 4096;

/** The keys of one of Ink's input calls, in order: `10j` in one packet is three. `last` is the key before it. */
export const keyTokens = (input: string, key: Key, last: string | undefined): readonly string[] => {
	const split = last === 'Esc' ? splitKeys[input] : undefined;
	if (split !== undefined) {
		return [split];
	}

	if (key.tab) {
		return [key.shift ? 'S-Tab' : 'Tab'];
	}

	const special = named.find(([flag]) => key[flag] === true);
	if (special !== undefined) {
		return [special[1]];
	}

	if (key.ctrl && input.length === 1) {
		return [`^${input.toUpperCase()}`];
	}

	const tokens = [...input.slice(0, maximumBurst)].map(character => characterToken(character));
	// Alt and a letter is Escape and the letter, as vim has it.
	return key.meta ? ['Esc', ...tokens] : tokens;
};
