/**
Builds `dist/`: the executable and the library as one esbuild bundle (split so that a command loads only the rooms it needs), and the library's types.
Runs under the Node that npm puts first in PATH.
*/
import {execFileSync} from 'node:child_process';
import {chmodSync, rmSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {build} from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** A native addon; a CommonJS package that needs our own Ink (its loader hands it over); what only a later command needs. */
const external = ['better-sqlite3', 'ink-table', 'mongodb', '@kubernetes/client-node'];

const bundle = async () => {
	await build({
		absWorkingDir: root,
		entryPoints: {cli: 'source/cli.ts', index: 'source/index.ts', 'store-worker': 'source/store/store-worker.ts'},
		outdir: 'dist',
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22.19',
		jsx: 'automatic',
		chunkNames: 'chunks/[name]-[hash]',
		minifySyntax: true,
		minifyWhitespace: true,
		legalComments: 'none',
		external,
		// Ink's debugger is for Ink's developers.
		alias: {'react-devtools-core': './scripts/no-devtools.js'},
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		banner: {
			// CommonJS dependencies in the bundle ask for Node's own modules.
			js: 'import {createRequire as createBundleRequire} from "node:module";const require=createBundleRequire(import.meta.url);',
		},
		logLevel: 'warning',
	});
	chmodSync(path.join(root, 'dist/cli.js'), 0o755);
};

const emitTypes = () => {
	const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
	execFileSync(process.execPath, [compiler, '--project', 'tsconfig.build.json'], {cwd: root, stdio: 'inherit'});
};

rmSync(path.join(root, 'dist'), {recursive: true, force: true});
await bundle();
emitTypes();
