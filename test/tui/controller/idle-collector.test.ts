import process from 'node:process';
import {expect, test} from 'vitest';
import {createIdleCollector} from '../../../source/tui/controller/idle-collector.js';
import {until} from '../../support/terminal.js';

/** Garbage that V8 has no reason yet to collect; gives how much is in use with it. */
const makeGarbage = (): number => {
	const held = Array.from({length: 3_000_000}, (_, index) => ({index}));
	const used = process.memoryUsage().heapUsed;
	expect(held).toHaveLength(3_000_000);
	return used;
};

test('memory goes back while nothing happens on the screen', async () => {
	const collector = createIdleCollector();
	const used = makeGarbage();
	collector.touch();
	await until(() => process.memoryUsage().heapUsed < used - (50 * 1024 * 1024), () => `${used} bytes in use`);
	collector.dispose();
});
