import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {secretForms, type SecretForm} from './redact-forms.js';
import {createScanner, shortestPattern, type Hit} from './redact-scanner.js';

/** Secret values remembered at most; the one not seen for longest goes first. */
export const maximumKnownValues = 4096;
/** Bytes of all remembered values together. */
const maximumKnownBytes = 4 * 1024 * 1024;
/** The scanner is rebuilt when this many forgotten values still stand in it. */
const rebuildAfter = 256;

/** A secret value that is masked wherever it appears. */
export type KnownValue = {readonly bytes: Uint8Array; readonly token: string; readonly isNameLike: boolean};
export type KnownHit = Hit<{readonly value: KnownValue; readonly form: SecretForm['form']}>;

/** The values seen so far, in every form they are written in, with a fast search for all of them. */
export type KnownIndex = {
	readonly size: number;
	get(value: Uint8Array): KnownValue | undefined;
	/** Remembers a value, or that it was seen again. */
	remember(value: KnownValue): void;
	forget(value: KnownValue): void;
	/** The first hit that starts at or after `from`. */
	find(bytes: Uint8Array, from: number): KnownHit | undefined;
};

type State = {
	readonly values: Map<string, KnownValue>;
	scanner: ReturnType<typeof createScanner<KnownHit['label']>>;
	bytes: number;
	forgotten: number;
};

const idOf = (value: Uint8Array): string => Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');

const addToScanner = (state: State, value: KnownValue): void => {
	for (const {bytes, form} of secretForms(value.bytes)) {
		state.scanner.add(bytes, {value, form});
	}
};

/** Starts the scanner anew with what is still known. */
const rebuild = (state: State): void => {
	state.scanner = createScanner();
	state.forgotten = 0;
	for (const value of state.values.values()) {
		addToScanner(state, value);
	}
};

const forget = (state: State, value: KnownValue): void => {
	const isForgotten = state.values.delete(idOf(value.bytes));
	assert.ok(isForgotten, 'only what is known can be forgotten');
	state.bytes -= value.bytes.length;
	state.forgotten++;
	assert.ok(state.bytes >= 0, 'no more is forgotten than was known');
	if (state.forgotten >= rebuildAfter) {
		rebuild(state);
	}

	assert.ok(state.forgotten < rebuildAfter, 'the scanner holds few forgotten values');
};

const remember = (state: State, value: KnownValue): void => {
	assert.ok(value.bytes.length >= shortestPattern && value.bytes.length <= maximumKnownBytes, 'one value fits');
	const id = idOf(value.bytes);
	const seen = state.values.get(id);
	if (seen !== undefined) {
		state.values.delete(id);
		state.values.set(id, seen);
		return;
	}

	for (const oldest of state.values.values()) {
		if (state.values.size < maximumKnownValues && state.bytes + value.bytes.length <= maximumKnownBytes) {
			break;
		}

		forget(state, oldest);
	}

	state.values.set(id, value);
	state.bytes += value.bytes.length;
	addToScanner(state, value);
	assert.ok(state.scanner.patterns >= state.values.size, 'every value is searched for');
	assert.ok(state.values.size <= maximumKnownValues && state.bytes <= maximumKnownBytes, 'known values stay within their caps');
};

const find = (state: State, bytes: Uint8Array, from: number): KnownHit | undefined => {
	for (let hit = state.scanner.find(bytes, from); hit !== undefined; hit = state.scanner.find(bytes, hit.start + 1)) {
		assert.ok(hit.start >= from && hit.end > hit.start && hit.end <= bytes.length, 'a hit lies in what was searched');
		if (state.values.get(idOf(hit.label.value.bytes)) === hit.label.value) {
			return hit;
		}
	}

	return undefined;
};

export const createKnownIndex = (): KnownIndex => {
	const state: State = {
		values: new Map(), scanner: createScanner(), bytes: 0, forgotten: 0,
	};
	assert.equal(state.scanner.patterns, 0, 'nothing is known yet');

	return {
		get size() {
			return state.values.size;
		},
		get: value => state.values.get(idOf(value)),
		remember(value) {
			remember(state, value);
		},
		forget(value) {
			forget(state, value);
		},
		find: (bytes, from) => state.values.size === 0 ? undefined : find(state, bytes, from),
	};
};
