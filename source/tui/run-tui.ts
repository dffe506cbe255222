import process from 'node:process';
import {render} from 'ink';
import {createElement} from 'react';
import {usageError} from '../model/kubestep-error.js';
import type {Timeline} from '../timeline/timeline-types.js';
import {App, type Hooks} from './components/app.js';
import {createController, type Controller} from './controller/controller.js';
import {createIdleCollector} from './controller/idle-collector.js';
import type {Size} from './state/state.js';
import {themeFor} from './text/theme.js';

export type TuiOptions = {
	readonly timeline: Timeline;
	/** Step to begin at; default: the first operation, or the end of a session that is followed. */
	readonly at?: number;
	readonly follow?: boolean;
	readonly stdin?: NodeJS.ReadStream;
	readonly stdout?: NodeJS.WriteStream;
	readonly environment?: {readonly noColor: boolean; readonly term: string | undefined};
};

const fallbackSize: Size = {columns: 80, rows: 24};
/** The terminal is looked at no more often while a frame is drawn: frames per second. */
const maximumFrames = 60;
const clearScreen = '\u{1B}[2J\u{1B}[H';

const sizeOf = (stdout: NodeJS.WriteStream): Size => ({
	columns: stdout.columns > 0 ? stdout.columns : fallbackSize.columns,
	rows: stdout.rows > 0 ? stdout.rows : fallbackSize.rows,
});

const environmentOf = (): {readonly noColor: boolean; readonly term: string | undefined} =>
	({noColor: (process.env.NO_COLOR ?? '') !== '', term: process.env.TERM});

/** Stops this process until the shell continues it. */
const stopProcess = async (): Promise<void> => new Promise(resolve => {
	// A stopped process has nothing else that keeps its event loop alive.
	const alive = setInterval(() => undefined, 60_000);
	process.once('SIGCONT', () => {
		clearInterval(alive);
		resolve();
	});
	process.kill(0, 'SIGTSTP');
});

type Screen = {readonly stdout: NodeJS.WriteStream; hooks: Hooks | undefined; clear: () => void};

const terminalOf = (screen: Screen, term: string | undefined) => ({
	copy: term === 'dumb'
		? undefined
		: (sequence: string): void => {
			screen.stdout.write(sequence);
		},
	redraw(): void {
		screen.stdout.write(clearScreen);
		screen.clear();
		// Ink draws everything anew when the window may have changed.
		screen.stdout.emit('resize');
	},
	suspend(): void {
		void screen.hooks?.suspend(stopProcess);
	},
	quit(): void {
		screen.hooks?.quit();
	},
	fail(error: unknown): void {
		screen.hooks?.quit(error instanceof Error ? error : new Error(String(error)));
	},
});

/** Renders until the person quits. */
const show = async (controller: Controller, screen: Screen, stdin: NodeJS.ReadStream, environment: {readonly noColor: boolean; readonly term: string | undefined}): Promise<void> => {
	const {stdout} = screen;
	const onResize = (): void => {
		controller.resize(sizeOf(stdout));
	};

	// Before Ink's own listener: it then draws the new size only.
	stdout.on('resize', onResize);
	const app = render(createElement(App, {
		controller,
		theme: themeFor(environment),
		onReady(hooks: Hooks) {
			screen.hooks = hooks;
		},
	}), {
		stdin,
		stdout,
		alternateScreen: true,
		incrementalRendering: true,
		maxFps: maximumFrames,
		patchConsole: false,
		interactive: true,
		exitOnCtrlC: false,
	});
	screen.clear = () => {
		app.clear();
	};

	try {
		await app.waitUntilExit();
	} finally {
		stdout.off('resize', onResize);
	}
};

/**
The full-screen debugger. Resolves when the person quits; the terminal is restored on every way out.

@throws KubestepError usage when the keyboard is no terminal; whatever drawing threw, after the screen was left.
*/
export const runTui = async (options: TuiOptions): Promise<void> => {
	const {timeline, at, follow = false, stdin = process.stdin, stdout = process.stdout, environment = environmentOf()} = options;
	if (!stdin.isTTY) {
		throw usageError('the debugger needs a keyboard: standard input is no terminal');
	}

	const screen: Screen = {stdout, hooks: undefined, clear: () => undefined};
	const controller = await createController({
		timeline, at, follow, size: sizeOf(stdout), terminal: terminalOf(screen, environment.term),
	});
	const collector = createIdleCollector();
	const unsubscribe = controller.store.subscribe(collector.touch);
	try {
		await show(controller, screen, stdin, environment);
	} finally {
		unsubscribe();
		collector.dispose();
		controller.dispose();
	}
};
