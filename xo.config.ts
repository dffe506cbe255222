import type {FlatXoConfig} from 'xo';

const config: FlatXoConfig = [
	{ignores: ['dist/**', 'recordings/**', 'test/fixtures/**']},
	{
		semicolon: true,
		rules: {
			// One-line docstrings read better on one line.
			'unicorn/single-line-block-comment-style': 'off',
			'max-lines-per-function': ['error', {max: 60, skipBlankLines: true, skipComments: true}],
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
