import {strict as assert} from 'node:assert';
import type {Assertion, CodeRange, Instruction} from './regex-program.js';
import {parseRegex} from './regex-syntax.js';

/** A pattern that is tested in time proportional to the text, whatever the pattern: recordings and the conditions in them are untrusted. */
export type LinearRegex = {test(text: string): boolean};

const asciiLength = 128;
const isWordCode = (code: number | undefined): boolean => code !== undefined
	&& ((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5A) || (code >= 0x61 && code <= 0x7A) || code === 0x5F);

type CharacterTest = (code: number) => boolean;

const isInRanges = (ranges: readonly CodeRange[], code: number): boolean => ranges.some(([from, to]) => code >= from && code <= to);

/** A set's test: ASCII by table. */
const compileSet = ({ranges, negated}: Extract<Instruction, {op: 'set'}>): CharacterTest => {
	const table = Uint8Array.from({length: asciiLength}, (_, code) => Number(isInRanges(ranges, code) !== negated));
	return code => code < asciiLength ? table[code] === 1 : isInRanges(ranges, code) !== negated;
};

/** Whether an assertion holds between two characters; undefined is outside of the text. */
const isTrueBetween = (assertion: Assertion, before: number | undefined, after: number | undefined): boolean => {
	switch (assertion) {
		case 'textStart': {
			return before === undefined;
		}

		case 'textEnd': {
			return after === undefined;
		}

		case 'lineStart': {
			return before === undefined || before === 0x0A;
		}

		case 'lineEnd': {
			return after === undefined || after === 0x0A;
		}

		case 'wordBoundary': {
			return isWordCode(before) !== isWordCode(after);
		}

		case 'notWordBoundary': {
			return isWordCode(before) === isWordCode(after);
		}
	}
};

/** Where a run stands: the instructions alive at one place in the text, each once. */
type Threads = {readonly list: number[]; readonly since: Uint32Array};

type Program = {readonly instructions: readonly Instruction[]; readonly tests: ReadonlyArray<CharacterTest | undefined>};

/** Between two characters of the text. */
type Place = {readonly generation: number; readonly before: number | undefined; readonly after: number | undefined};

/** The instructions that follow without a character. */
const nextOf = (instruction: Instruction, counter: number, {before, after}: Place): readonly number[] => {
	switch (instruction.op) {
		case 'set': {
			return [];
		}

		case 'jump': {
			return [counter + instruction.by];
		}

		case 'split': {
			return [counter + instruction.second, counter + instruction.first];
		}

		case 'assert': {
			return isTrueBetween(instruction.assertion, before, after) ? [counter + 1] : [];
		}
	}
};

/** Adds an instruction and everything that is reached from it without a character. True: the end of the program is. */
const isEndReached = ({instructions}: Program, threads: Threads, start: number, place: Place): boolean => {
	const pending = [start];
	for (let counter = pending.pop(); counter !== undefined; counter = pending.pop()) {
		const instruction = instructions[counter];
		if (instruction === undefined) {
			assert.equal(counter, instructions.length, 'a program ends behind its last instruction');
			return true;
		}

		if (threads.since[counter] === place.generation) {
			continue;
		}

		threads.since[counter] = place.generation;
		if (instruction.op === 'set') {
			threads.list.push(counter);
		}

		pending.push(...nextOf(instruction, counter, place));
	}

	return false;
};

/** Pike's machine (Thompson 1968): all alternatives advance together, one character at a time. */
const isFoundIn = (program: Program, text: string): boolean => {
	const {instructions, tests} = program;
	const since = new Uint32Array(instructions.length);
	let alive: readonly number[] = [];
	let before: number | undefined;
	let generation = 0;
	for (let index = 0; index <= text.length;) {
		const after = text.codePointAt(index);
		generation++;
		const threads: Threads = {list: [], since};
		const place = {generation, before, after};
		for (const counter of alive) {
			if (isEndReached(program, threads, counter, place)) {
				return true;
			}
		}

		if (isEndReached(program, threads, 0, place)) {
			return true;
		}

		if (after === undefined) {
			return false;
		}

		alive = threads.list.filter(counter => tests[counter]!(after)).map(counter => counter + 1);
		before = after;
		index += after > 0xFF_FF ? 2 : 1;
	}

	return false;
};

/**
Compiles a pattern of RE2's syntax.

@throws SyntaxError or RangeError
*/
export const compileRegex = (pattern: string): LinearRegex => {
	const instructions = parseRegex(pattern);
	const tests = instructions.map(instruction => instruction.op === 'set' ? compileSet(instruction) : undefined);
	return {test: text => isFoundIn({instructions, tests}, text)};
};
