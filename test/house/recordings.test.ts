import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {makeRecording, recordings} from '../../scripts/make-recordings.js';
import {scratchFile} from '../commands/support/run-command.js';

const committed = (name: string): string => path.resolve(import.meta.dirname, '../../recordings', `${name}.db`);

test.each(recordings)('the demo $name is made again byte for byte from its capture', async recording => {
	const made = await makeRecording(recording, scratchFile('again.db'));
	if (made === undefined) {
		console.log(`skipped: no capture of ${recording.name} here`);
		return;
	}

	const bytes = readFileSync(committed(recording.name));
	expect(readFileSync(made).equals(bytes)).toBe(true);
});

test('the demos are small enough to be in the repository', () => {
	const sizes = recordings.map(({name}) => statSync(committed(name)).size);
	expect(Math.max(...sizes)).toBeLessThan(300_000);
});
