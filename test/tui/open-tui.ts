import {setImmediate as nextTurn} from 'node:timers/promises';
import {createElement} from 'react';
import {render} from 'ink';
import {App, type Hooks} from '../../source/tui/components/app.js';
import {createController, type Controller} from '../../source/tui/controller/controller.js';
import type {State} from '../../source/tui/state/state.js';
import type {Theme} from '../../source/tui/text/theme.js';
import type {Timeline} from '../../source/timeline/timeline-types.js';
import {createTerminal, type FakeTerminal} from '../support/terminal.js';

/** The debugger on a fake terminal: the vocabulary the screen tests are written in. */
export type OpenTui = {
	readonly terminal: FakeTerminal;
	readonly controller: Controller;
	readonly state: () => State;
	/** Keys in one packet; settles when everything they started is drawn. */
	press(keys: string): Promise<void>;
	resize(columns: number, rows: number): Promise<void>;
	/** Settles when nothing is under way and everything is drawn. */
	settle(): Promise<void>;
	screen(): string;
	row(index: number): string;
	readonly copied: readonly string[];
	readonly isClosed: () => boolean;
	close(): Promise<void>;
};

const keyNames: Readonly<Record<string, string>> = {
	Up: '\u{1B}[A', Down: '\u{1B}[B', Right: '\u{1B}[C', Left: '\u{1B}[D', Home: '\u{1B}[H', End: '\u{1B}[F', PgUp: '\u{1B}[5~', PgDn: '\u{1B}[6~',
	Enter: '\r', Esc: '\u{1B}', Tab: '\t', 'S-Tab': '\u{1B}[Z', Space: ' ', Backspace: '\u{7F}', Delete: '\u{1B}[3~',
};

const controlKey = (letter: string): string => String.fromCodePoint(letter.codePointAt(0)! - 0x40);

/** `<Down>`, `<^D>` in a text of keys. */
const keyBytes = (keys: string): string => keys
	.replaceAll(/<\^(?<letter>.)>/gv, (_whole, letter: string) => controlKey(letter))
	.replaceAll(/<(?<name>[\-A-Za-z]+)>/gv, (whole, name: string) => keyNames[name] ?? whole);

export const openTui = async (timeline: Timeline, options: {
	readonly columns?: number; readonly rows?: number; readonly at?: number; readonly theme?: Theme; readonly follow?: boolean;
} = {}): Promise<OpenTui> => {
	const {columns = 80, rows = 24, at, theme = 'full', follow = false} = options;
	const terminal = createTerminal(columns, rows);
	const copied: string[] = [];
	let hooks: Hooks | undefined;
	let isClosed = false;
	const controller = await createController({
		timeline,
		at,
		follow,
		size: {columns, rows},
		terminal: {
			copy(sequence) {
				copied.push(sequence);
			},
			redraw() {
				terminal.stdout.write('\u{1B}[2J\u{1B}[H');
				app.clear();
				terminal.stdout.emit('resize');
			},
			suspend: () => undefined,
			quit() {
				hooks?.quit();
			},
			fail(error) {
				hooks?.quit(error as Error);
			},
		},
	});
	terminal.stdout.on('resize', () => {
		controller.resize({columns: terminal.stdout.columns, rows: terminal.stdout.rows});
	});
	const app = render(createElement(App, {
		controller,
		theme,
		onReady(ready: Hooks) {
			hooks = ready;
		},
	}), {
		stdin: terminal.stdin, stdout: terminal.stdout, alternateScreen: true, incrementalRendering: true, maxFps: 60, patchConsole: false, interactive: true, exitOnCtrlC: false,
	});
	const ended = app.waitUntilExit().then(() => {
		isClosed = true;
	});

	const settle = async (): Promise<void> => {
		await nextTurn();
		await controller.idle();
		await nextTurn();
		await controller.idle();
		await app.waitUntilRenderFlush();
		await nextTurn();
	};

	await settle();
	return {
		terminal,
		controller,
		state: () => controller.store.get(),
		async press(keys) {
			terminal.type(keyBytes(keys));
			if (keys.endsWith('<Esc>')) {
				// Ink waits 20 ms for the rest of a sequence.
				await new Promise(resolve => {
					setTimeout(resolve, 30);
				});
			}

			await settle();
		},
		async resize(newColumns, newRows) {
			terminal.resize(newColumns, newRows);
			await settle();
		},
		settle,
		screen: terminal.screen,
		row: index => terminal.rows()[index] ?? '',
		copied,
		isClosed: () => isClosed,
		async close() {
			app.unmount();
			controller.dispose();
			await ended;
		},
	};
};
