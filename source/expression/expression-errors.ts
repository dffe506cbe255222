import {nearestName} from '../model/nearest-name.js';
import {usageError, type KubestepError} from '../model/kubestep-error.js';
import {toUserWords} from './source-text.js';
import {variables} from './variables.js';

/** Characters of an expression that a message repeats. */
const quotedLength = 60;
const controlPattern = /[\p{Control}\p{Format}\u{2028}\u{2029}]/gv;

/** One line of printable characters. */
const printable = (text: string): string => text.replaceAll(controlPattern, ' ').trim();

const quoted = (source: string): string => {
	const line = printable(source);
	const characters = [...line];
	return characters.length > quotedLength ? `${characters.slice(0, quotedLength).join('')}…` : line;
};

export const invalidExpression = (source: string, problem: string, position?: number): KubestepError =>
	usageError(printable(`condition '${quoted(source)}': ${problem}${position === undefined ? '' : ` (at character ${position + 1})`}`));

/** What is known of an error of the CEL library. */
export type LibraryError = {readonly code: string; readonly summary: string; readonly start: number | undefined};

const suggestion = (name: string, candidates: readonly string[]): string => {
	const nearest = nearestName(name, candidates);
	return nearest === undefined ? '' : `; did you mean ${nearest}?`;
};

const unknownName = (name: string): string => {
	const nearest = suggestion(name, variables.map(variable => variable.name));
	return `there is no variable ${name}${nearest === '' ? '; a text is written in quotes' : nearest}`;
};

/** `'dyn.startswith(string)'` of the library's message. */
const calledPattern = /'(?:[^'\(]*\.)?\w+\(/v;

const unknownCall = (summary: string, functions: readonly string[]): string => {
	const call = calledPattern.exec(summary);
	const name = call === null ? undefined : call[0].replaceAll(/^'(?:[^'\(]*\.)?|\($/gv, '');
	return name === undefined || functions.includes(name) ? summary : `there is no function ${name}${suggestion(name, functions)}`;
};

/** A problem the CEL library found, in a person's words. */
export const describeProblem = ({code, summary, start}: LibraryError, source: string, functions: readonly string[]): KubestepError => {
	const words = toUserWords(summary);
	switch (code) {
		case 'unknown_variable': {
			return invalidExpression(source, unknownName(words.replace(/^Unknown variable: /v, '')), start);
		}

		case 'unexpected_character': {
			return invalidExpression(source, words.endsWith(': =') ? 'a comparison is written ==' : words, start);
		}

		case 'unexpected_token': {
			return invalidExpression(source, words.endsWith('EOF') ? 'it ends too early' : words, start);
		}

		case 'no_matching_overload': {
			return invalidExpression(source, unknownCall(words, functions.map(name => toUserWords(name))), start);
		}

		default: {
			return invalidExpression(source, words, start);
		}
	}
};
