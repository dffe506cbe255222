import {setImmediate as nextTurn} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {createLoader} from '../../../source/tui/controller/loader.js';

/** A loader over a number somebody wants; loads are let through one by one. */
const harness = () => {
	const made = {wanted: 1 as number | undefined, loaded: [] as number[], waiting: [] as Array<() => void>};
	const loader = createLoader(
		() => made.wanted === undefined ? undefined : {key: String(made.wanted), value: made.wanted},
		async ({value}) => {
			await new Promise<void>(resolve => {
				made.waiting.push(resolve);
			});
			made.loaded.push(value);
		},
	);
	return {
		made, loader, async finish() {
			made.waiting.shift()?.();
			await nextTurn();
		},
	};
};

test('one thing is loaded at a time, and always the latest: what was wanted in between is never asked for', async () => {
	const {made, loader, finish} = harness();
	loader.poke();
	for (const wanted of [2, 3, 4]) {
		made.wanted = wanted;
		loader.poke();
	}

	expect(made.waiting).toHaveLength(1);
	await finish();
	await finish();
	await loader.idle();
	expect(made.loaded).toEqual([1, 4]);
});

test('what is still wanted after it was loaded is not asked for again until something else was', async () => {
	const {made, loader, finish} = harness();
	loader.poke();
	await finish();
	loader.poke();
	expect(made.waiting).toHaveLength(0);
	made.wanted = 2;
	loader.poke();
	await finish();
	made.wanted = 1;
	loader.poke();
	await finish();
	expect(made.loaded).toEqual([1, 2, 1]);
});

test('a wish in the very turn a load ends is not lost', async () => {
	const {made, loader, finish} = harness();
	loader.poke();
	made.waiting.shift()?.();
	for (let turn = 0; turn < 10; turn++) {
		made.wanted = 10 + turn;
		loader.poke();
		await Promise.resolve();
	}

	await nextTurn();
	await finish();
	await finish();
	await loader.idle();
	expect(made.loaded.at(-1)).toBe(19);
});

test('nothing wanted: nothing runs', async () => {
	const {made, loader} = harness();
	made.wanted = undefined;
	loader.poke();
	await loader.idle();
	expect(made.waiting).toHaveLength(0);
});
