import {Buffer} from 'node:buffer';
import {Readable, Writable} from 'node:stream';
import {setImmediate as nextTurn} from 'node:timers/promises';
import xterm from '@xterm/headless';

/*
A terminal without a window: what an app writes goes to @xterm/headless through the same bytes a real one would get, and is counted.
*/

class FakeStdout extends Writable {
	isTTY = true;
	bytes = 0;
	written = '';
	columns = 80;
	rows = 24;
	onText: (text: string, done: () => void) => void = (_text, done) => {
		done();
	};

	override _write(chunk: string | Uint8Array, _encoding: string, done: () => void): void {
		const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
		this.bytes += Buffer.byteLength(text);
		this.written += text;
		this.onText(text, done);
	}
}

class FakeStdin extends Readable {
	isTTY = true;
	isRaw = false;

	override _read(): void {
		// Keys come by push.
	}

	setRawMode(isRaw: boolean): this {
		this.isRaw = isRaw;
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}
}

export type FakeTerminal = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	/** Keys as one packet, as typed fast or held down. */
	type(text: string): void;
	resize(columns: number, rows: number): void;
	/** The screen's rows, as a person sees them; never stale cells past the window. */
	rows(): readonly string[];
	screen(): string;
	/** Whether a cell is drawn inverse. */
	isInverse(row: number, column: number): boolean;
	/** Bytes written since the last call. */
	takeBytes(): number;
	/** Everything written so far. */
	readonly written: string;
	readonly isRaw: boolean;
	readonly isAlternate: boolean;
};

export const createTerminal = (columns = 80, rows = 24): FakeTerminal => {
	const terminal = new xterm.Terminal({
		cols: columns, rows, allowProposedApi: true, convertEol: true, scrollback: 0,
	});
	const stdout = new FakeStdout({decodeStrings: false});
	Object.assign(stdout, {columns, rows});
	stdout.onText = (text, done) => {
		terminal.write(text, done);
	};

	const stdin = new FakeStdin();
	let taken = 0;
	const lines = (): readonly string[] => Array.from({length: terminal.rows}, (_, row) => {
		const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
		return line?.translateToString(true, 0, terminal.cols) ?? '';
	});
	return {
		stdin: stdin as unknown as NodeJS.ReadStream,
		stdout: stdout as unknown as NodeJS.WriteStream,
		type(text) {
			stdin.push(text);
		},
		resize(newColumns, newRows) {
			stdout.columns = newColumns;
			stdout.rows = newRows;
			terminal.resize(newColumns, newRows);
			stdout.emit('resize');
		},
		rows: lines,
		screen: () => lines().map(line => line.trimEnd()).join('\n'),
		isInverse: (row, column) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.getCell(column)?.isInverse() !== 0,
		takeBytes() {
			const bytes = stdout.bytes - taken;
			taken = stdout.bytes;
			return bytes;
		},
		get written() {
			return stdout.written;
		},
		get isRaw() {
			return stdin.isRaw;
		},
		get isAlternate() {
			return terminal.buffer.active.type === 'alternate';
		},
	};
};

/** Waits until a condition holds, with a deadline: never for quiet. */
export const until = async (isReached: () => boolean, what: () => string, deadline = 5000): Promise<void> => {
	const end = performance.now() + deadline;
	while (!isReached()) {
		if (performance.now() > end) {
			throw new Error(`not within ${deadline} ms: ${what()}`);
		}

		await nextTurn();
	}
};
