import {strict as assert} from 'node:assert';
import {
	classEscapes,
	complementOf,
	foldCase,
	maximumCodePoint,
	posixClasses,
} from './regex-classes.js';
import {
	assertionOf,
	either,
	repeat,
	sequence,
	setOf,
	type Assertion,
	type CodeRange,
	type Piece,
} from './regex-program.js';

/** Characters of a pattern. */
export const maximumPatternLength = 1000;
const maximumRepetitions = 1000;

type Flags = {readonly ignoreCase: boolean; readonly multiLine: boolean; readonly dotAll: boolean};

/** A group being read: what its alternatives are so far, the current one, and its last atom, which a quantifier would repeat. */
type Group = {readonly flags: Flags; done: Piece | undefined; before: Piece; atom: Piece | undefined};

type Reader = {readonly characters: readonly string[]; position: number};

const controlEscapes: ReadonlyMap<string, number> = new Map([['a', 7], ['f', 12], ['n', 10], ['r', 13], ['t', 9], ['v', 11]]);
const assertionEscapes: ReadonlyMap<string, Assertion> = new Map([
	['A', 'textStart'], ['z', 'textEnd'], ['b', 'wordBoundary'], ['B', 'notWordBoundary'],
] as const);
const newline: CodeRange = [0x0A, 0x0A];
const quantifierPattern = /^(?:[*+?]|\{(?<least>\d{1,4})(?<comma>,(?<most>\d{0,4}))?\})\??/v;
const groupPattern = /^\((?:\?(?:P?<\w{1,64}>|(?<on>[ims]{0,3})(?:-(?<off>[ims]{1,3}))?(?<end>[\):])))?/v;
const windowLength = 80;

const fail = (reader: Reader, what: string): never => {
	throw new SyntaxError(`${what} at its character ${reader.position + 1}`);
};

const peek = (reader: Reader): string | undefined => reader.characters[reader.position];

const take = (reader: Reader): string => {
	const character = peek(reader) ?? fail(reader, 'it ends too early');
	reader.position++;
	return character;
};

/** The next characters as a text, to match a short token against. */
const ahead = (reader: Reader): string => reader.characters.slice(reader.position, reader.position + windowLength).join('');

const point = (codePoint: number): readonly CodeRange[] => [[codePoint, codePoint]];

const readHexadecimal = (reader: Reader): readonly CodeRange[] => {
	const digits = /^(?:\{[\da-f]{1,6}\}|[\da-f]{2})/iv.exec(ahead(reader));
	const codePoint = Number.parseInt(digits === null ? '' : digits[0].replace('{', ''), 16);
	if (digits === null || codePoint > maximumCodePoint) {
		return fail(reader, String.raw`it has \x without a character code`);
	}

	reader.position += digits[0].length;
	return point(codePoint);
};

/** What stands after a backslash, as a set of characters. */
const readEscape = (reader: Reader): readonly CodeRange[] => {
	const letter = take(reader);
	const lower = letter.toLowerCase();
	const ranges = classEscapes.get(lower);
	if (ranges !== undefined) {
		return letter === lower ? ranges : complementOf(ranges);
	}

	const control = controlEscapes.get(letter);
	if (control !== undefined) {
		return point(control);
	}

	if (letter === 'x') {
		return readHexadecimal(reader);
	}

	return /[\da-z]/iv.test(letter) ? fail(reader, `it has \\${letter}, which is not supported,`) : point(letter.codePointAt(0)!);
};

const readClassItem = (reader: Reader): readonly CodeRange[] => {
	const posix = /^\[:(?<not>\^?)(?<name>[a-z]{1,8}):\]/v.exec(ahead(reader));
	if (posix?.groups !== undefined) {
		const ranges = posixClasses.get(posix.groups.name!) ?? fail(reader, 'it has an unknown class name');
		reader.position += posix[0].length;
		return posix.groups.not === '' ? ranges : complementOf(ranges);
	}

	const character = take(reader);
	return character === '\\' ? readEscape(reader) : point(character.codePointAt(0)!);
};

/** `[…]`, after the opening bracket. */
const readClass = (reader: Reader, flags: Flags): Piece => {
	const isNegated = peek(reader) === '^';
	reader.position += isNegated ? 1 : 0;
	const ranges: CodeRange[] = [];
	for (let isFirst = true; isFirst || peek(reader) !== ']'; isFirst = false) {
		const item = readClassItem(reader);
		const isRange = peek(reader) === '-' && reader.characters[reader.position + 1] !== ']' && reader.characters[reader.position + 1] !== undefined;
		if (!isRange) {
			ranges.push(...item);
			continue;
		}

		reader.position++;
		const [from] = item[0]!;
		const [to] = readClassItem(reader)[0]!;
		ranges.push(from <= to ? [from, to] : fail(reader, 'it has a range that runs backwards'));
	}

	assert.equal(take(reader), ']', 'a class ends with its bracket');
	return setOf(flags.ignoreCase ? foldCase(ranges) : ranges, isNegated);
};

const literal = (ranges: readonly CodeRange[], flags: Flags): Piece => setOf(flags.ignoreCase ? foldCase(ranges) : ranges);

/** One atom that is neither a group nor a quantifier. */
const readAtom = (reader: Reader, flags: Flags): Piece => {
	const character = take(reader);
	switch (character) {
		case '.': {
			return setOf(flags.dotAll ? [] : [newline], true);
		}

		case '^': {
			return assertionOf(flags.multiLine ? 'lineStart' : 'textStart');
		}

		case '$': {
			return assertionOf(flags.multiLine ? 'lineEnd' : 'textEnd');
		}

		case '[': {
			return readClass(reader, flags);
		}

		case '\\': {
			const assertion = assertionEscapes.get(peek(reader) ?? '');
			if (assertion === undefined) {
				return literal(readEscape(reader), flags);
			}

			reader.position++;
			return assertionOf(assertion);
		}

		case '*':
		case '+':
		case '?': {
			return fail(reader, `it has ${character} with nothing to repeat`);
		}

		default: {
			return literal(point(character.codePointAt(0)!), flags);
		}
	}
};

const closeAlternative = (group: Group): Piece => group.atom === undefined ? group.before : sequence(group.before, group.atom);

const closeGroup = (group: Group): Piece => {
	const last = closeAlternative(group);
	return group.done === undefined ? last : either(group.done, last);
};

const openGroup = (flags: Flags): Group => ({
	flags, done: undefined, before: [], atom: undefined,
});

const symbolCounts: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([['*', [0, Infinity]], ['+', [1, Infinity]], ['?', [0, 1]]] as const);
const upperCount = (digits: string | undefined): number => digits === undefined || digits === '' ? Infinity : Number(digits);

/** A quantifier, if one is next, applied to the group's last atom. */
const isQuantified = (reader: Reader, group: Group): boolean => {
	const found = quantifierPattern.exec(ahead(reader));
	if (found === null) {
		return false;
	}

	const atom = group.atom ?? fail(reader, `it has ${found[0]} with nothing to repeat`);
	const {least, comma, most} = found.groups!;
	const symbol = found[0][0]!;
	const [from, to] = least === undefined ? symbolCounts.get(symbol)! : [Number(least), comma === undefined ? Number(least) : upperCount(most)];
	if (to < from || from > maximumRepetitions || (to !== Infinity && to > maximumRepetitions)) {
		return fail(reader, `it has ${found[0]}, which is no repetition,`);
	}

	reader.position += found[0].length;
	group.before = sequence(group.before, repeat(atom, from, to));
	group.atom = undefined;
	return true;
};

const withFlags = (flags: Flags, on: string, off: string): Flags => {
	const isSet = (letter: string, wasSet: boolean): boolean => (wasSet || on.includes(letter)) && !off.includes(letter);
	return {ignoreCase: isSet('i', flags.ignoreCase), multiLine: isSet('m', flags.multiLine), dotAll: isSet('s', flags.dotAll)};
};

/** `(`, `(?:`, `(?i)`, `(?i:`, `(?P<name>`: opens a group, or changes the flags of the one it stands in. */
const readOpening = (reader: Reader, groups: Group[]): void => {
	const found = groupPattern.exec(ahead(reader));
	assert.ok(found !== null, 'an opening parenthesis is next');
	const current = groups.at(-1);
	assert.ok(current !== undefined);
	reader.position += found[0].length;
	if (found[0] === '(' && peek(reader) === '?') {
		fail(reader, 'it has a group that is not supported (look-around, atomic, or conditional)');
	}

	const {on = '', off = '', end} = found.groups ?? {};
	const flags = withFlags(current.flags, on, off);
	if (end === ')') {
		groups[groups.length - 1] = {...current, flags};
	} else {
		groups.push(openGroup(flags));
	}
};

/** Gives the group that is open a new last atom. */
const addAtom = (group: Group, atom: Piece): void => {
	group.before = closeAlternative(group);
	group.atom = atom;
};

/** Reads one parenthesis, bar, quantifier or atom into the group that is open. */
const readNext = (reader: Reader, groups: Group[], group: Group): void => {
	switch (peek(reader) ?? '') {
		case '(': {
			readOpening(reader, groups);
			return;
		}

		case ')': {
			reader.position++;
			groups.pop();
			addAtom(groups.at(-1) ?? fail(reader, 'it has a closing parenthesis too many'), closeGroup(group));
			return;
		}

		case '|': {
			reader.position++;
			groups[groups.length - 1] = {...openGroup(group.flags), done: closeGroup(group)};
			return;
		}

		default: {
			if (!isQuantified(reader, group)) {
				addAtom(group, readAtom(reader, group.flags));
			}
		}
	}
};

/**
Compiles a regular expression in RE2's syntax (what CEL's `matches` takes), without Unicode classes.

@throws SyntaxError or RangeError: what is wrong, without the pattern.
*/
export const parseRegex = (pattern: string): Piece => {
	const reader: Reader = {characters: [...pattern], position: 0};
	if (reader.characters.length > maximumPatternLength) {
		throw new RangeError(`it is longer than ${maximumPatternLength} characters`);
	}

	const groups = [openGroup({ignoreCase: false, multiLine: false, dotAll: false})];
	for (let group = groups.at(-1); reader.position < reader.characters.length; group = groups.at(-1)) {
		assert.ok(group !== undefined, 'the outermost group stays open');
		readNext(reader, groups, group);
	}

	const [outermost, ...open] = groups;
	assert.ok(outermost !== undefined);
	return open.length === 0 ? closeGroup(outermost) : fail(reader, 'it lacks a closing parenthesis');
};
