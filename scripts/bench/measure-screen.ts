import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {spawn, type IPty} from '@lydell/node-pty';
import type {Measurement} from './measurement.js';
import {percentile} from './statistics.js';

const executable = path.resolve(import.meta.dirname, '../../dist/cli.js');
const keys = 400;
const warmUp = 100;
const deadline = 20_000;

type Screen = {readonly terminal: IPty; bytes: number; lastAt: number};

/** Ink draws nothing while it believes it is in CI. */
const withoutCi = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'CI'));

const open = (argv: readonly string[], columns: number, rows: number): Screen => {
	const terminal = spawn(process.execPath, [...argv], {
		cols: columns, rows, name: 'xterm-256color', env: withoutCi(),
	});
	const screen: Screen = {terminal, bytes: 0, lastAt: 0};
	terminal.onData(data => {
		screen.bytes += data.length;
		screen.lastAt = performance.now();
	});
	return screen;
};

/** Waits for the first output since `bytes`, in small polls, until the deadline. */
const nextOutput = async (screen: Screen, bytes: number): Promise<void> => {
	const until = performance.now() + deadline;
	while (screen.bytes === bytes && performance.now() < until) {
		await sleep(1); // eslint-disable-line no-await-in-loop -- a poll
	}
};

const settle = async (screen: Screen, quiet: number): Promise<void> => {
	const until = performance.now() + deadline;
	while (performance.now() - screen.lastAt < quiet && performance.now() < until) {
		await sleep(5); // eslint-disable-line no-await-in-loop -- a poll
	}
};

const residentMegabytes = (pid: number): number => {
	const match = /VmHWM:\s+(?<kilobytes>\d+)/v.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
	return Number(match?.groups?.kilobytes ?? NaN) / 1024;
};

/** A bare Node on the same machine at the same time: what first paint is held against. */
const bareStart = async (): Promise<number> => {
	const started = performance.now();
	const screen = open(['-e', 'process.stdout.write("x")'], 80, 24);
	await nextOutput(screen, 0);
	const took = screen.lastAt - started;
	screen.terminal.kill();
	return took;
};

const pressKeys = async (screen: Screen): Promise<{readonly times: readonly number[]; readonly bytes: readonly number[]}> => {
	const times: number[] = [];
	const bytes: number[] = [];
	for (let index = 0; index < keys; index++) {
		const before = screen.bytes;
		const started = performance.now();
		screen.terminal.write('j');
		await nextOutput(screen, before); // eslint-disable-line no-await-in-loop -- one key at a time is what is measured
		const took = performance.now() - started;
		await sleep(25); // eslint-disable-line no-await-in-loop -- the diff follows
		if (!(index >= warmUp)) {
			continue;
		}

		times.push(took);
		bytes.push(screen.bytes - before);
	}

	return {times, bytes};
};

const idleSeconds = 3;

/** Opens the shipped bundle on a session in a real terminal, presses keys, and lets it idle. */
export const measureScreen = async (file: string, columns: number, rows: number): Promise<readonly Measurement[]> => {
	const bare = await bareStart();
	const started = performance.now();
	const screen = open([executable, 'tui', file], columns, rows);
	await nextOutput(screen, 0);
	const firstByte = performance.now() - started;
	await settle(screen, 400);
	const firstFrame = screen.lastAt - started;
	const {times, bytes} = await pressKeys(screen);
	await settle(screen, 400);
	const before = screen.bytes;
	await sleep(idleSeconds * 1000);
	const idle = screen.bytes - before;
	const resident = residentMegabytes(screen.terminal.pid);
	screen.terminal.write('q');
	const size = `${columns}x${rows}`;
	const isSmall = columns <= 80;
	return [
		{
			what: `${size}: first byte of the screen`, unit: 'ms', value: firstByte, limit: undefined,
		},
		{
			what: `${size}: first paint with its diff`, unit: 'ms', value: firstFrame, limit: 300,
		},
		{
			what: `${size}: first paint / a bare Node printing one letter`, unit: 'times', value: firstFrame / bare, limit: undefined,
		},
		{
			what: `${size}: key to first painted bytes, p99`, unit: 'ms', value: percentile(times, 0.99), limit: isSmall ? 16 : 33,
		},
		{
			what: `${size}: bytes a step, its diff included, p99`, unit: 'bytes', value: percentile(bytes, 0.99), limit: 2048,
		},
		{
			what: `${size}: bytes in ${idleSeconds} idle seconds`, unit: 'bytes', value: idle, limit: 0,
		},
		{
			what: `${size}: resident memory at its highest`, unit: 'MB', value: resident, limit: isSmall ? 160 : 250,
		},
	];
};
