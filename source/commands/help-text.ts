import type {Command, FlagSpec} from './command.js';
import {commonFlags} from './shared-flags.js';

/** Help is read on a jump host in an 80 column pane. */
const width = 80;
const leftWidth = 26;

/** Words in lines of at most `columns`. A longer word has a line of its own. */
const wrapWords = (words: readonly string[], columns: number): readonly string[] => {
	const lines: string[] = [];
	for (const word of words) {
		const last = lines.at(-1);
		if (last === undefined || last.length + 1 + word.length > columns) {
			lines.push(word);
		} else {
			lines[lines.length - 1] = `${last} ${word}`;
		}
	}

	return lines;
};

const wrap = (text: string, columns: number): readonly string[] => wrapWords(text.split(' '), columns);

const paragraph = (text: string): string => text.split('\n').map(line => wrap(line, width).join('\n')).join('\n');

const flagNames = ({name, short, value, isOnByDefault}: FlagSpec): string => {
	const long = isOnByDefault === true ? `--no-${name}` : `--${name}`;
	return `${short === undefined ? ' '.repeat(4) : `-${short}, `}${long}${value === undefined ? '' : ` ${value}`}`;
};

const flagHelp = ({help, choices}: FlagSpec): string => choices === undefined ? help : `${help}: ${choices.join(', ')}`;

const row = (left: string, right: string, columns: number): string => {
	const [first = '', ...rest] = wrap(right, width - columns - 4);
	const head = left.length > columns ? [`  ${left}`, `  ${' '.repeat(columns)}  ${first}`] : [`  ${left.padEnd(columns)}  ${first}`];
	return [...head, ...rest.map(line => `  ${' '.repeat(columns)}  ${line}`)].join('\n');
};

const twoColumns = (rows: ReadonlyArray<readonly [string, string]>): string => {
	const columns = Math.min(leftWidth, Math.max(...rows.map(([left]) => left.length)));
	return rows.map(([left, right]) => row(left, right, columns)).join('\n');
};

/** `[-n NAMESPACE | -A]` stays in one piece. */
const usageWords = (usage: string): readonly string[] => usage.match(/\[[^\[\]]*\]|[^\s\[]+/gv) ?? [];

const usageLine = ({name, usage}: Command): string => {
	const head = `Usage: kubestep ${name} `;
	return head + wrapWords(usageWords(usage), width - head.length).join(`\n${' '.repeat(head.length)}`);
};

/** `kubestep COMMAND --help`. */
export const commandHelp = (command: Command): string => `${[
	usageLine(command),
	paragraph(command.description),
	`Examples:\n${command.examples.map(({line, does}) => `  # ${does}\n  ${line}`).join('\n')}`,
	`Flags:\n${twoColumns([...command.flags, ...commonFlags].map(flag => [flagNames(flag), flagHelp(flag)]))}`,
].join('\n\n')}\n`;

/** `kubestep --help`. */
export const generalHelp = (commands: readonly Command[]): string => `${[
	'kubestep: a time-travel debugger for Kubernetes operators',
	'Usage: kubestep COMMAND [ARGUMENTS] [FLAGS]',
	`Commands:\n${twoColumns(commands.map(({name, summary}) => [name, summary]))}`,
	[
		'Start here:',
		'  # bring recorded traffic in',
		'  kubestep import operator.har.gz -d session.db',
		'  # step through it: j and k step, ? shows all keys',
		'  kubestep tui session.db',
	].join('\n'),
	paragraph('A store is a session file (default ./recordings.db) or a URI. Where it holds several sessions, name one: as a second argument, with --session, or as LOCATOR#SESSION.'),
	paragraph('Exit codes: 0 fine, 1 not found, 2 wrong usage, 3 input that cannot be read, 4 a backend that cannot be reached, 5 our own failure or the disk\'s.'),
	'kubestep COMMAND --help tells more, with examples; --version prints the version.',
].join('\n\n')}\n`;
