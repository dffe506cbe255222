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

/** Breakpoints, and marks, of one session that are kept. */
const maximumAnnotations = 10_000;

const patternKeys = ['verb', 'group', 'resource', 'subresource', 'namespace', 'name', 'status', 'condition'] as const;

type Held = {readonly breakpoints: Map<number, Breakpoint>; readonly marks: Map<string, Mark>};

const parsePattern = (text: string): BreakpointPattern => {
	const value: unknown = JSON.parse(text);
	if (!isJsonObject(value)) {
		throw new TypeError('a pattern is no object');
	}

	return Object.fromEntries(patternKeys.filter(key => Object.hasOwn(value, key) && typeof value[key] === 'string').map(key => [key, value[key]]));
};

/** @param write runs a change on a connection that can write, or throws what the medium answers. */
export const createAnnotations = (database: Database.Database, locator: string, write: (change: (writable: Database.Database) => void) => void): Annotations => {
	const held = new Map<number, Held>();
	let isInMemory = false;
	const selectBreakpoints = database.prepare('SELECT id, enabled, pattern FROM breakpoints WHERE session = ? ORDER BY id LIMIT ?').raw();
	const selectMarks = database.prepare('SELECT letter, step FROM marks WHERE session = ? ORDER BY letter LIMIT ?').raw();

	const storedBreakpoints = (session: SessionRow): readonly Breakpoint[] => {
		const rows = selectBreakpoints.all(session.number, maximumAnnotations) as ReadonlyArray<readonly Column[]>;
		try {
			return rows.map(([id, enabled, pattern]) => ({id: Number(id), enabled: enabled === 1, pattern: parsePattern(String(pattern))}));
		} catch (error) {
			throw damagedError(locator, 'a breakpoint cannot be read', error);
		}
	};

	const storedMarks = (session: SessionRow): readonly Mark[] =>
		(selectMarks.all(session.number, maximumAnnotations) as ReadonlyArray<readonly Column[]>).map(([letter, step]) => ({letter: String(letter), step: Number(step)}));

	/** What is in memory of a session, begun with what the file holds. */
	const memoryOf = (session: SessionRow): Held => {
		const known = held.get(session.number);
		if (known !== undefined) {
			return known;
		}

		const begun: Held = {
			breakpoints: new Map(storedBreakpoints(session).map(breakpoint => [breakpoint.id, breakpoint])),
			marks: new Map(storedMarks(session).map(mark => [mark.letter, mark])),
		};
		held.set(session.number, begun);
		return begun;
	};

	const change = (session: SessionRow, inFile: (writable: Database.Database) => void, inMemory: (memory: Held) => void): void => {
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

		const memory = memoryOf(session);
		inMemory(memory);
		assert(memory.breakpoints.size <= maximumAnnotations && memory.marks.size <= maximumAnnotations, `at most ${maximumAnnotations} breakpoints and marks`);
	};

	return {
		breakpoints: session => (isInMemory ? [...memoryOf(session).breakpoints.values()].toSorted((left, right) => left.id - right.id) : storedBreakpoints(session)),
		marks: session => (isInMemory ? [...memoryOf(session).marks.values()].toSorted((left, right) => (left.letter < right.letter ? -1 : 1)) : storedMarks(session)),
		saveBreakpoint(session, breakpoint) {
			assert(Number.isSafeInteger(breakpoint.id), 'a breakpoint has a whole number');
			change(session, writable => {
				writable.prepare('INSERT OR REPLACE INTO breakpoints (session, id, enabled, pattern) VALUES (?, ?, ?, ?)')
					.run(session.number, breakpoint.id, Number(breakpoint.enabled), JSON.stringify(breakpoint.pattern));
			}, memory => {
				memory.breakpoints.set(breakpoint.id, breakpoint);
			});
		},
		deleteBreakpoint(session, id) {
			change(session, writable => {
				writable.prepare('DELETE FROM breakpoints WHERE session = ? AND id = ?').run(session.number, id);
			}, memory => {
				memory.breakpoints.delete(id);
			});
		},
		saveMark(session, mark) {
			assert(mark.step >= 0, 'a mark is on a step');
			change(session, writable => {
				writable.prepare('INSERT OR REPLACE INTO marks (session, letter, step) VALUES (?, ?, ?)').run(session.number, mark.letter, mark.step);
			}, memory => {
				memory.marks.set(mark.letter, mark);
			});
		},
		get isInMemory() {
			return isInMemory;
		},
	};
};
