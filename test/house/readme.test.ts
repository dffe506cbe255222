import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {withKeys} from '../../scripts/readme-keys.js';
import {commands} from '../../source/commands/main.js';
import {exitCodes} from '../../source/model/kubestep-error.js';
import {kubestep, scratchFile} from '../commands/support/run-command.js';

const root = path.resolve(import.meta.dirname, '../..');
const readme = readFileSync(path.join(root, 'readme.md'), 'utf8');

describe('the readme', () => {
	test('has the keys of the keymap (npm run readme writes them)', () => {
		expect(withKeys(readme)).toBe(readme);
	});

	test('links to files that are there', () => {
		const links = readme.matchAll(/\]\((?<target>[^\)]+)\)/gv).map(match => match.groups?.target ?? '').toArray();
		expect(links.length).toBeGreaterThan(2);
		expect(links.filter(link => !link.startsWith('http') && !existsSync(path.join(root, link)))).toEqual([]);
	});

	test('names every exit code', () => {
		for (const code of Object.values(exitCodes)) {
			expect(readme).toContain(`| ${code} |`);
		}
	});

	test('begins with the two commands that show it and test it', () => {
		expect(readme.slice(0, readme.indexOf('##'))).toMatch(/\$ npm ci && npm run demo\n\$ npm test/v);
	});

	test('shows what its commands really print', async () => {
		const place = scratchFile('session.db');
		const shown = readme.matchAll(/\$ kubestep (?<line>[^\n]+)\n(?<output>[^$`]+)(?=\$|```)/gv).toArray();
		expect(shown.length).toBeGreaterThan(3);
		for (const {groups} of shown) {
			const words = (groups?.line ?? '').split(' ').map(word => word === 'session.db' ? place : word);
			const ran = await kubestep(...words);
			expect(ran.code).toBe(0);
			expect(ran.stdout).toBe(groups?.output);
		}
	});

	test('knows every command', () => {
		expect(commands.filter(({name}) => !readme.includes(`kubestep ${name} `)).map(({name}) => name)).toEqual([]);
	});
});
