#!/usr/bin/env node
import process from 'node:process';

/** Node's first release that all our dependencies run on; better-sqlite3 crashes older ones. */
const oldest = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
	process.stderr.write(`kubestep: Node ${oldest.join('.')} or later is needed, this is ${process.versions.node}; install it, or use npm scripts in a clone (npm run demo), which bring their own\n`);
	process.exitCode = 2;
} else {
	const {enableCompileCache} = await import('node:module');
	enableCompileCache();
	const {runFromCommandLine} = await import('./commands/run-from-command-line.js');
	await runFromCommandLine();
}
