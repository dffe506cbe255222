/**
Measures what design limits, on a made session that looks like the captures: `npm run bench -- [--operations N] [--json FILE]`. Figures of one run belong together:
the machine is shared, so read them as ratios to the limits and to the bare Node of the same run.
*/
import {writeFileSync} from 'node:fs';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {generateSession} from './generate-session.js';
import {measureScreen} from './measure-screen.js';
import {measureTimeline} from './measure-timeline.js';
import type {Measurement} from './measurement.js';

const {values} = parseArgs({options: {operations: {type: 'string', default: '1000000'}, json: {type: 'string', default: 'bench.json'}}});
const operations = Number(values.operations);
if (!Number.isSafeInteger(operations) || operations < 100) {
	throw new RangeError('--operations takes a number from 100');
}

const allowed = ({limit, atLeast, unit}: Measurement): string => {
	if (limit !== undefined) {
		return `at most ${limit} ${unit}`;
	}

	return atLeast === undefined ? '' : `at least ${atLeast} ${unit}`;
};

const row = (measurement: Measurement): string =>
	`${measurement.what.padEnd(70)} ${measurement.value.toFixed(measurement.value < 100 ? 2 : 0).padStart(10)} ${measurement.unit.padEnd(6)} ${allowed(measurement)}`;

const session = await generateSession(operations);
const measurements: readonly Measurement[] = [
	...(session.operationsPerSecond === undefined
		? []
		: [{
			what: 'ingest and store, one core', unit: 'op/s', value: session.operationsPerSecond, limit: undefined, atLeast: 5000,
		}]),
	...await measureTimeline(session.file),
	...await measureScreen(session.file, 80, 24),
	...await measureScreen(session.file, 200, 60),
];
process.stdout.write(`${operations} operations, Node ${process.versions.node}\n${measurements.map(measurement => row(measurement)).join('\n')}\n`);
writeFileSync(values.json, `${JSON.stringify({operations, node: process.versions.node, measurements}, undefined, '\t')}\n`);
