import type {FlatXoConfig} from 'xo';
import {housePlugin} from './scripts/lint-rules/plugin.ts';

/** Rules for tests of node:test, which would have the product's assertions written as tests write theirs. */
const productAssertions = Object.fromEntries([
	'node-test/consistent-assert-style',
	'node-test/no-compound-assertion',
	'node-test/prefer-equality-assertion',
].map(rule => [rule, 'off' as const]));

const config: FlatXoConfig = [
	{ignores: ['dist/**', 'recordings/**', 'test/fixtures/**']},
	{
		semicolon: true,
		rules: {
			// One-line docstrings read better on one line.
			'unicorn/single-line-block-comment-style': 'off',
			// The type says what a generator yields.
			'jsdoc/require-yields': 'off',
			// Its fix breaks BigInt, which Math.max does not take.
			'unicorn/prefer-math-min-max': 'off',
			// It takes test/support for tests of node:test.
			'node-test/no-import-test-files': 'off',
			'max-lines-per-function': ['error', {max: 60, skipBlankLines: true, skipComments: true}],
			'max-params': ['error', {max: 5}],
			// A flat reading of many optional fields counts each as a branch.
			complexity: ['error', {max: 25}],
		},
	},
	{
		// The rules of ten and the rooms (docs/architecture.md).
		files: ['source/**/*.{ts,tsx}'],
		plugins: {house: housePlugin},
		rules: {
			'house/bounded-loops': 'error',
			'house/no-module-state': 'error',
			'house/no-recursion': 'error',
			'house/one-optional-link': 'error',
			'house/room-imports': 'error',
			'max-lines': ['error', {max: 400, skipBlankLines: true, skipComments: true}],
			// Assertions of the product are no test's.
			...productAssertions,
			'no-eval': 'error',
			'no-implied-eval': 'error',
			'no-new-func': 'error',
			'@typescript-eslint/no-floating-promises': ['error', {checkThenables: true}],
		},
	},
	{
		// Visitors are named after the nodes they visit.
		files: ['scripts/lint-rules/**', 'scripts/assertion-density.ts'],
		rules: {'@typescript-eslint/naming-convention': 'off'},
	},
	{
		// A test's describe is one function, however many tests it holds.
		files: ['test/**'],
		rules: {
			'max-lines-per-function': 'off',
			// Tests do things one after the other.
			'no-await-in-loop': 'off',
			// Sentences as titles.
			'@stylistic/max-len': 'off',
			// One for each column of a table of cases.
			'max-params': 'off',
			// Kubernetes' names: columns, fields, environment variables.
			'@typescript-eslint/naming-convention': 'off',
		},
	},
	{
		files: ['package.json'],
		rules: {
			// The overrides are for our own lint tools; whoever installs the package does not need them.
			'package-json/no-overrides-in-published-package': 'off',
		},
	},
];

export default config;
