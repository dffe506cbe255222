/**
`npm run demo`: opens the debugger on a copy of a demo recording, for breakpoints are kept with the session and the one in the repository should stay as it is.
*/
import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..');
const directory = mkdtempSync(path.join(tmpdir(), 'kubestep-demo-'));
const copy = path.join(directory, 'hot-loops.db');
copyFileSync(path.join(root, 'recordings/hot-loops.db'), copy);
// The debugger answers ^C itself.
process.on('SIGINT', () => {});
const {status} = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'tui', copy, ...process.argv.slice(2)], {stdio: 'inherit'});
rmSync(directory, {recursive: true, force: true});
process.exitCode = status ?? 1;
