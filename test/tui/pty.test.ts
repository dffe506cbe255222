import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {expect, test} from 'vitest';
import {capturePath} from '../support/captures.js';
import {until} from '../support/terminal.js';

const executable = path.resolve(import.meta.dirname, '../../dist/cli.js');
const isBuilt = existsSync(executable);
if (!isBuilt) {
	console.warn('skipped: dist/cli.js is not built (npm run build)');
}

test.skipIf(!isBuilt)('the executable in a real terminal: opens, steps, breaks, continues, is silent when idle, and leaves the terminal as it was', async () => {
	const home = mkdtempSync(path.join(tmpdir(), 'kubestep-pty-'));
	const file = path.join(home, 'session.db');
	execFileSync(process.execPath, [executable, 'import', capturePath('sample-controller.har.gz')!, '-d', file], {cwd: home, stdio: 'pipe'});
	const terminal = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true});
	const child = spawn(process.execPath, [executable, 'tui', file], {
		cols: 80, rows: 24, cwd: home, env: {
			...process.env, TERM: 'xterm-256color', HOME: home, NO_COLOR: '',
		},
	});
	let output = '';
	let exitCode: number | undefined;
	child.onData(data => {
		output += data;
		terminal.write(data);
	});
	child.onExit(event => {
		({exitCode} = event);
	});
	const screen = (): string => Array.from({length: 24}, (_, row) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.translateToString(true) ?? '').join('\n');
	const sees = async (text: string): Promise<void> => until(() => screen().includes(text), screen, 20_000);
	try {
		await sees('step 1 of 135');
		child.write('55j');
		await sees('replicas: 3');
		child.write('b');
		await sees('hit 1 of 1');
		child.write('G');
		await sees('step 135 of 135');
		child.write('C');
		await sees('step 56 of 135');
		await sleep(300);
		const before = output.length;
		await sleep(1500);
		expect(output.length).toBe(before);
		child.resize(130, 40);
		terminal.resize(130, 40);
		await until(() => output.includes('history of'), screen, 20_000);
		child.write('q');
		await until(() => exitCode !== undefined, screen, 20_000);
		expect(exitCode).toBe(0);
		expect(output).toContain('\u{1B}[?1049l');
		expect(output.lastIndexOf('\u{1B}[?25h')).toBeGreaterThan(output.lastIndexOf('\u{1B}[?25l'));
	} finally {
		child.kill();
		rmSync(home, {recursive: true, force: true});
	}
});
