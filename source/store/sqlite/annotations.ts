import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {isJsonObject} from '../../model/json.js';
import type {Breakpoint, BreakpointPattern, Mark} from '../../model/breakpoint.js';
import type {Column} from './encodings.js';
import type {SessionRow} from './sessions.js';
import {damagedError, isWriteRefusal} from './store-error.js';

/** Breakpoints and marks: what a person adds to a session while reading it. */
export type Annotations = {
	breakpoints(session: SessionRow): readonly Breakpoint[];
	saveBreakpoint(session: SessionRow, breakpoint: Breakpoint): void;
	deleteBreakpoint(session: SessionRow, id: number): void;
	marks(session: SessionRow): readonly Mark[];
	saveMark(session: SessionRow, mark: Mark): void;
	/** The medium refused a write: they live in memory from then on. */
	readonly isInMemory: boolean;
};

/** Makes a change where the file can be written, or throws what the medium answers. */
export type WriteChange = (change: (writable: Database.Database) => void) => void;

/** Breakpoints, and marks, of one session that are kept. */
const maximumAnnotations = 10_000;

const patternKeys = ['verb', 'group', 'resource', 'subresource', 'namespace', 'name', 'status', 'condition'] as const;

/** Of one session, in order. */
type Held = {readonly breakpoints: readonly Breakpoint[]; readonly marks: readonly Mark[]};

const parsePattern = (text: string): BreakpointPattern => {
	const value: unknown = JSON.parse(text);
	if (!isJsonObject(value)) {
		throw new TypeError('a pattern is no object');
	}

	return Object.fromEntries(patternKeys.filter(key => Object.hasOwn(value, key) && typeof value[key] === 'string').map(key => [key, value[key]]));
};

const withBreakpoint = (breakpoints: readonly Breakpoint[], breakpoint: Breakpoint): readonly Breakpoint[] =>
	[...breakpoints.filter(({id}) => id !== breakpoint.id), breakpoint].toSorted((left, right) => left.id - right.id);

const withMark = (marks: readonly Mark[], mark: Mark): readonly Mark[] =>
	[...marks.filter(({letter}) => letter !== mark.letter), mark].toSorted((left, right) => left.letter.localeCompare(right.letter, 'en'));

/** Reads what a file holds. */
const createStored = (database: Database.Database, locator: string): ((session: SessionRow) => Held) => {
	const selectBreakpoints = database.prepare('SELECT id, enabled, pattern FROM breakpoints WHERE session = ? ORDER BY id LIMIT ?').raw();
	const selectMarks = database.prepare('SELECT letter, step FROM marks WHERE session = ? ORDER BY letter LIMIT ?').raw();

	return ({number}) => {
		const breakpoints = selectBreakpoints.all(number, maximumAnnotations) as ReadonlyArray<readonly Column[]>;
		const marks = selectMarks.all(number, maximumAnnotations) as ReadonlyArray<readonly Column[]>;
		assert.ok(breakpoints.length <= maximumAnnotations, 'a bounded number of breakpoints is read');
		assert.ok(marks.length <= maximumAnnotations, 'a bounded number of marks is read');
		try {
			return {
				breakpoints: breakpoints.map(([id, enabled, pattern]) => ({id: Number(id), enabled: enabled === 1, pattern: parsePattern(String(pattern))})),
				marks: marks.map(([letter, step]) => ({letter: String(letter), step: Number(step)})),
			};
		} catch (error) {
			throw damagedError(locator, 'a breakpoint cannot be read', error);
		}
	};
};

export const createAnnotations = (database: Database.Database, locator: string, write: WriteChange): Annotations => {
	const stored = createStored(database, locator);
	/** Per session, once the medium refused: begun with what the file holds. */
	const memory = new Map<number, Held>();
	let isInMemory = false;

	const current = (session: SessionRow): Held => memory.get(session.number) ?? stored(session);

	const change = (session: SessionRow, inFile: (writable: Database.Database) => void, inMemory: (held: Held) => Held): void => {
		assert.ok(isInMemory || memory.size === 0, 'nothing is held in memory while the file takes it');
		if (!isInMemory) {
			try {
				write(inFile);
				return;
			} catch (error) {
				if (!isWriteRefusal(error)) {
					throw error;
				}

				isInMemory = true;
			}
		}

		const changed = inMemory(current(session));
		assert.ok(changed.breakpoints.length <= maximumAnnotations && changed.marks.length <= maximumAnnotations, `at most ${maximumAnnotations} breakpoints and marks`);
		memory.set(session.number, changed);
	};

	return {
		breakpoints: session => current(session).breakpoints,
		marks: session => current(session).marks,
		saveBreakpoint(session, breakpoint) {
			assert.ok(Number.isSafeInteger(breakpoint.id), 'a breakpoint has a whole number');
			assert.ok(Object.keys(breakpoint.pattern).every(key => (patternKeys as readonly string[]).includes(key)), 'every part of a pattern can be read back');
			const columns = [session.number, breakpoint.id, Number(breakpoint.enabled), JSON.stringify(breakpoint.pattern)];
			change(session, writable => {
				writable.prepare('INSERT OR REPLACE INTO breakpoints (session, id, enabled, pattern) VALUES (?, ?, ?, ?)').run(...columns);
			}, held => ({...held, breakpoints: withBreakpoint(held.breakpoints, breakpoint)}));
		},
		deleteBreakpoint(session, id) {
			assert.ok(Number.isSafeInteger(id), 'a breakpoint has a whole number');
			change(session, writable => {
				writable.prepare('DELETE FROM breakpoints WHERE session = ? AND id = ?').run(session.number, id);
			}, held => ({...held, breakpoints: held.breakpoints.filter(breakpoint => breakpoint.id !== id)}));
		},
		saveMark(session, mark) {
			assert.ok(mark.step >= 0, 'a mark is on a step');
			assert.ok(Number.isSafeInteger(mark.step), 'steps are whole');
			assert.ok(mark.letter !== '', 'a mark has a letter');
			change(session, writable => {
				writable.prepare('INSERT OR REPLACE INTO marks (session, letter, step) VALUES (?, ?, ?)').run(session.number, mark.letter, mark.step);
			}, held => ({...held, marks: withMark(held.marks, mark)}));
		},
		get isInMemory() {
			return isInMemory;
		},
	};
};
