import {Buffer} from 'node:buffer';
import process from 'node:process';
import {expect, test} from 'vitest';
import {decodeBody} from '../../source/kubernetes/decode-body.js';
import {decodeProtobuf, encodeProtobuf, splitProtobufList} from '../../source/kubernetes/protobuf-codec.js';
import {hasProtobufMagic} from '../../source/kubernetes/protobuf-envelope.js';
import {createWatchFrameSplitter} from '../../source/kubernetes/watch-frames.js';
import {createRandom, everyExchange} from './recorded-traffic.js';

/** A few real bodies of each kind. */
const seeds = (): readonly Uint8Array[] => {
	const byKind = new Map<string, Uint8Array[]>();
	const names: ReadonlySet<string> = new Set(['kubectl-session', 'protocol-tour', 'must-gather-operator', 'sample-controller']);
	const bodies = everyExchange().filter(({name}) => names.has(name)).flatMap(({exchange}) => [exchange.requestBody, exchange.responseBody]);
	for (const body of bodies) {
		if (body === undefined || !hasProtobufMagic(body) || body.length > 50_000) {
			continue;
		}

		const kind = Buffer.from(body.subarray(4, 40)).toString('latin1');
		const known = byKind.get(kind) ?? [];
		byKind.set(kind, known);
		known.push(body);
	}

	return byKind.values().flatMap(known => known.slice(0, 3)).toArray();
};

const mutate = (body: Uint8Array, random: () => number): Uint8Array => {
	const bytes = Buffer.from(body);
	const place = (): number => 4 + Math.floor(random() * (bytes.length - 4));
	switch (Math.floor(random() * 5)) {
		case 0: {
			return bytes.subarray(0, place());
		}

		case 1: {
			return Buffer.concat([bytes.subarray(0, place()), bytes.subarray(place())]);
		}

		case 2: {
			const at = place();
			const inserted = [Math.floor(random() * 256), 0xFF, 0x80];
			return Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at)]);
		}

		default: {
			for (let count = 0; count < 1 + Math.floor(random() * 6); count++) {
				bytes[place()] = Math.floor(random() * 256);
			}

			return bytes;
		}
	}
};

const isExpected = (error: unknown): boolean => error instanceof RangeError || error instanceof TypeError;

/** What came of it; anything but an answer, a RangeError or a TypeError is thrown on. */
const attempt = (action: () => void): 'done' | 'refused' => {
	try {
		action();
		return 'done';
	} catch (error) {
		if (!isExpected(error)) {
			throw error;
		}

		return 'refused';
	}
};

test('mutated protobuf bodies are decoded or refused, and nothing else', () => {
	const random = createRandom(4711);
	const tally = {done: 0, refused: 0};
	const bodies = seeds();
	expect(bodies.length).toBeGreaterThan(20);
	for (let round = 0; round < 300; round++) {
		for (const body of bodies) {
			const mutated = mutate(body, random);
			tally[attempt(() => {
				const {value} = decodeProtobuf(mutated);
				attempt(() => {
					encodeProtobuf(value);
				});
			})]++;
			attempt(() => {
				splitProtobufList(mutated);
			});
		}
	}

	process.stdout.write(`mutated protobuf bodies: ${tally.done} decoded, ${tally.refused} refused\n`);
	expect(tally.done).toBeGreaterThan(100);
	expect(tally.refused).toBeGreaterThan(100);
});

test('mutated and random bytes never make decodeBody or the frame splitter throw', () => {
	const random = createRandom(99);
	const bodies = seeds();
	for (let round = 0; round < 100; round++) {
		for (const body of bodies) {
			const mutated = mutate(body, random);
			for (const type of [undefined, 'application/json', 'application/apply-patch+yaml', 'application/vnd.kubernetes.protobuf', 'text/plain']) {
				decodeBody(mutated, type);
			}

			for (const type of ['application/json', 'application/vnd.kubernetes.protobuf;stream=watch', undefined]) {
				createWatchFrameSplitter(type).push(mutated);
			}
		}
	}

	const noise = Buffer.from(Array.from({length: 5000}, () => Math.floor(random() * 256)));
	for (let at = 0; at < noise.length; at += 50) {
		expect(decodeBody(noise.subarray(at, at + 50), 'application/json')).toBeUndefined();
	}
});
