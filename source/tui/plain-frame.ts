import type {Timeline} from '../timeline/timeline-types.js';
import {createController} from './controller/controller.js';
import {screenOf, screenRows} from './render/screen.js';
import {plainText} from './text/row.js';

export type PlainFrameOptions = {
	/** Step; default: the first operation. */
	readonly at?: number;
	readonly columns: number;
	readonly rows: number;
};

/** The footer of keys and the status line are for a person at a keyboard. */
const interactiveRows = 2;

const doNothing = (): void => undefined;

/** What the debugger would show, as plain text of at most `rows` lines: for a pipe, a log, a script. No escapes. */
export const plainFrame = async (timeline: Timeline, {at, columns, rows}: PlainFrameOptions): Promise<string> => {
	const size = {columns: Math.max(20, columns), rows: Math.max(12, rows + interactiveRows)};
	const controller = await createController({
		timeline, at, follow: false, size, terminal: {
			copy: undefined, redraw: doNothing, suspend: doNothing, quit: doNothing, fail: doNothing,
		},
	});
	try {
		await controller.idle();
		const state = controller.store.get();
		const shown = screenRows(state).slice(0, -screenOf(state).below.length);
		const lines = shown.slice(0, Math.max(1, rows)).map(row => plainText(row).trimEnd());
		return `${lines.join('\n').trimEnd()}\n`;
	} finally {
		controller.dispose();
	}
};
