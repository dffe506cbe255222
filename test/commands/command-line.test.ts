import {describe, expect, test} from 'vitest';
import type {FlagSpec} from '../../source/commands/command.js';
import {parseArguments} from '../../source/commands/parse-arguments.js';
import {spellOutFlags} from '../../source/commands/spell-out-flags.js';

const specs: readonly FlagSpec[] = [
	{name: 'at', value: 'STEP', help: ''},
	{
		name: 'output', short: 'o', aliases: ['format'], value: 'FORM', choices: ['table', 'json', 'yaml'], help: '',
	},
	{
		name: 'namespace', short: 'n', value: 'NAMESPACE', help: '',
	},
	{name: 'all-namespaces', short: 'A', help: ''},
	{name: 'redact', isOnByDefault: true, help: ''},
];

const parse = (line: string) => {
	const {positionals, flags} = parseArguments(line.split(' ').filter(word => word !== ''), specs, 'get');
	return {positionals, flags: Object.fromEntries(flags)};
};

describe('flags', () => {
	test.each([
		['pods -A', {positionals: ['pods'], flags: {'all-namespaces': true}}],
		['-A pods', {positionals: ['pods'], flags: {'all-namespaces': true}}],
		['pods -oyaml', {positionals: ['pods'], flags: {output: 'yaml'}}],
		['pods -o=yaml', {positionals: ['pods'], flags: {output: 'yaml'}}],
		['pods -o yaml -nshop', {positionals: ['pods'], flags: {output: 'yaml', namespace: 'shop'}}],
		['pods -Aojson', {positionals: ['pods'], flags: {'all-namespaces': true, output: 'json'}}],
		['pods --format json', {positionals: ['pods'], flags: {output: 'json'}}],
		['pods --output=json --at=50%', {positionals: ['pods'], flags: {output: 'json', at: '50%'}}],
		['--at 12.5s pods web', {positionals: ['pods', 'web'], flags: {at: '12.5s'}}],
		['--at -1 pods', {positionals: ['pods'], flags: {at: '-1'}}],
		['--no-redact -', {positionals: ['-'], flags: {redact: false}}],
		['007', {positionals: ['007'], flags: {}}],
		['', {positionals: [], flags: {}}],
	])('"%s" is understood', (line, expected) => {
		expect(parse(line)).toEqual(expected);
	});

	test.each([
		['pods --outptu json', 'get has no flag --outptu; did you mean --output? (kubestep get --help lists them)'],
		['pods --all-namespace', 'get has no flag --all-namespace; did you mean --all-namespaces? (kubestep get --help lists them)'],
		['pods -x', 'get has no flag -x (kubestep get --help lists them)'],
		['pods --__proto__ x', 'get has no flag --__proto__ (kubestep get --help lists them)'],
		['pods --at', 'get: --at needs a value: --at STEP'],
		['pods --at -A', 'get: --at needs a value: --at STEP'],
		['pods --at=', 'get: --at needs a value: --at STEP'],
		['pods -o jsn', 'get: --output cannot be "jsn"; did you mean json? (it takes table, json, yaml)'],
		['pods --at 5 --at 6', 'get: --at is given 2 times; once is enough'],
		['pods --all-namespaces=yes', 'get: --all-namespaces is a switch and takes no value ("yes" given)'],
	])('"%s" is refused with what to do instead', (line, message) => {
		expect(() => parse(line)).toThrow(expect.objectContaining({message, exitCode: 2}));
	});

	test('are spelled out under their long names', () => {
		expect(spellOutFlags(['-Aojson', '--format', 'yaml', 'x'], specs, 'get')).toEqual(['--all-namespaces', '--output=json', '--output=yaml', 'x']);
	});
});
