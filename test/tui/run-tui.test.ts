import {PassThrough} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import {
	beforeAll,
	expect,
	test,
} from 'vitest';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {runTui} from '../../source/tui/run-tui.js';
import {createTerminal, until} from '../support/terminal.js';
import {clipboardTexts, controlSequences} from './escapes.js';
import {openCapture} from './tui-session.js';

const environment = {noColor: false, term: 'xterm-256color'};

let timeline: Timeline;

beforeAll(async () => {
	timeline = await openCapture('sample-controller');
});

test('runTui draws, follows the window, and resolves on q with the terminal as it was', async () => {
	const terminal = createTerminal();
	const {stdin, stdout} = terminal;
	const running = runTui({
		timeline, at: 56, stdin, stdout, environment,
	});
	await until(() => terminal.screen().includes('replicas: 3'), terminal.screen);
	terminal.resize(130, 40);
	await until(() => terminal.screen().includes('history of'), terminal.screen);
	terminal.type('q');
	await running;
	expect(terminal.isAlternate).toBe(false);
	expect(terminal.isRaw).toBe(false);
	expect(terminal.written).toContain('\u{1B}[?25h');
});

test('^C quits, Esc does not', async () => {
	const terminal = createTerminal();
	let isOver = false;
	const running = runTui({
		timeline, stdin: terminal.stdin, stdout: terminal.stdout, environment,
	}).then(() => {
		isOver = true;
	});
	await until(() => terminal.screen().includes('step 1 of 135'), terminal.screen);
	terminal.type('\u{1B}');
	await sleep(60);
	expect(isOver).toBe(false);
	terminal.type('\u{3}');
	await running;
	expect(isOver).toBe(true);
});

test('what a key cannot do is said, and the debugger goes on', async () => {
	const terminal = createTerminal();
	const broken = Object.create(timeline) as Timeline;
	Object.defineProperty(broken, 'breakpoints', {
		value: {
			...timeline.breakpoints,
			patternFor() {
				throw new Error('planted');
			},
		},
	});
	const running = runTui({
		timeline: broken, at: 56, stdin: terminal.stdin, stdout: terminal.stdout, environment,
	});
	await until(() => terminal.screen().includes('replicas: 3'), terminal.screen);
	terminal.type('b');
	await until(() => terminal.screen().includes('planted'), terminal.screen);
	terminal.type('jq');
	await running;
});

test('an error while drawing leaves the screen first and comes back to the caller', async () => {
	const terminal = createTerminal();
	const broken = Object.create(timeline) as Timeline;
	Object.defineProperty(broken, 'operations', {
		async value(from: number, to: number) {
			const operations = await timeline.operations(from, to);
			return operations.map(operation => Object.defineProperty({...operation}, 'verb', {
				get() {
					throw new Error('cannot be drawn');
				},
			}));
		},
	});
	await expect(runTui({
		timeline: broken, at: 56, stdin: terminal.stdin, stdout: terminal.stdout, environment,
	})).rejects.toThrow('cannot be drawn');
	expect(terminal.isAlternate).toBe(false);
	expect(terminal.isRaw).toBe(false);
});

test('a yank goes to the terminal past the screen and leaves it whole', async () => {
	const terminal = createTerminal();
	const running = runTui({
		timeline, at: 56, stdin: terminal.stdin, stdout: terminal.stdout, environment,
	});
	await until(() => terminal.screen().includes('replicas: 3'), terminal.screen);
	terminal.type('yy');
	await until(() => terminal.screen().includes('bytes of YAML'), terminal.screen);
	expect(clipboardTexts(terminal.written).at(-1)).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/v);
	expect(terminal.screen()).toContain('replicas: 3');
	terminal.type('Q');
	await running;
});

test('a dumb terminal gets neither colours nor a clipboard', async () => {
	const terminal = createTerminal();
	const running = runTui({
		timeline, at: 56, stdin: terminal.stdin, stdout: terminal.stdout, environment: {noColor: false, term: 'dumb'},
	});
	await until(() => terminal.screen().includes('replicas: 3'), terminal.screen);
	terminal.type('Y');
	await until(() => terminal.screen().includes('kubectl replace --raw'), terminal.screen);
	terminal.type('q');
	await running;
	expect(controlSequences(terminal.written).filter(sequence => /^\d+m/v.test(sequence))).toEqual([]);
	expect(terminal.written).not.toContain('\u{1B}]52');
});

test('without a keyboard it says so before it touches the screen', async () => {
	const terminal = createTerminal();
	const stdin = Object.assign(new PassThrough(), {isTTY: false}) as unknown as NodeJS.ReadStream;
	await expect(runTui({
		timeline, stdin, stdout: terminal.stdout, environment,
	})).rejects.toThrow('standard input is no terminal');
	expect(terminal.written).toBe('');
});
