import {Buffer} from 'node:buffer';
import process from 'node:process';
import {expect, test} from 'vitest';
import {decodeProtobuf, encodeProtobuf, splitProtobufList} from '../../source/kubernetes/protobuf-codec.js';
import {hasProtobufMagic} from '../../source/kubernetes/protobuf-envelope.js';
import {createWatchFrameSplitter} from '../../source/kubernetes/watch-frames.js';
import {
	arrayAt,
	objectAt,
	stringAt,
	type JsonObject,
} from '../../source/model/json.js';
import {capturePath} from '../support/captures.js';
import {
	everyExchange,
	readAudits,
	streamCapture,
	type Exchange,
} from './recorded-traffic.js';

const print = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

const protobufBodies = ({requestBody, responseBody, chunks, responseType}: Exchange): readonly Uint8Array[] => {
	const splitter = createWatchFrameSplitter(responseType);
	const events = (chunks ?? []).flatMap(chunk => splitter.push(chunk).map(frame => frame.object));
	return [requestBody, responseBody, ...events].filter(body => body !== undefined).filter(body => hasProtobufMagic(body));
};

const textAt = (value: JsonObject, key: string): string => stringAt(value, key) ?? '';
const kindOf = (value: JsonObject): string => `${textAt(value, 'apiVersion')}/${textAt(value, 'kind')}`;

type Tally = {bodies: number; unknownFields: number; readonly partial: Map<string, number>; readonly different: string[]};

const checkRoundTrip = (tally: Tally, body: Uint8Array): void => {
	const {value, unknownFields, partial} = decodeProtobuf(body);
	tally.bodies++;
	tally.unknownFields += unknownFields;
	if (partial) {
		const kind = kindOf(value);
		tally.partial.set(kind, (tally.partial.get(kind) ?? 0) + 1);
		return;
	}

	// The same bytes decode to the same value.
	if (Buffer.compare(encodeProtobuf(value), body) !== 0) {
		tally.different.push(`${kindOf(value)}: ${JSON.stringify(value).slice(0, 300)}`);
	}
};

const newTally = (): Tally => ({
	bodies: 0, unknownFields: 0, partial: new Map(), different: [],
});

test('every protobuf body of the captures survives decoding and encoding byte for byte', () => {
	const tally = newTally();
	for (const body of everyExchange().flatMap(({exchange}) => protobufBodies(exchange))) {
		checkRoundTrip(tally, body);
	}

	print(`protobuf bodies decoded and encoded: ${tally.bodies}, unknown fields ${tally.unknownFields}, different ${tally.different.length}, partial ${JSON.stringify([...tally.partial])}`);
	expect(tally.different).toEqual([]);
	expect(tally.bodies).toBeGreaterThan(1000);
	expect(tally.unknownFields).toBe(0);
	expect([...tally.partial]).toEqual([]);
});

test('every protobuf body of the large capture does, too', async context => {
	const path = capturePath('large.har.gz');
	if (path === undefined) {
		print('skipped: large.har.gz is not here');
		context.skip();
		return;
	}

	const tally = newTally();
	for await (const exchange of streamCapture(path)) {
		for (const body of protobufBodies(exchange)) {
			checkRoundTrip(tally, body);
		}
	}

	print(`large: protobuf bodies decoded and encoded: ${tally.bodies}, different ${tally.different.length}`);
	expect(tally.different).toEqual([]);
	expect(tally.bodies).toBeGreaterThan(50_000);
	expect(tally.unknownFields).toBe(0);
}, 300_000);

test('decoded protobuf responses equal what the apiserver logged as JSON', () => {
	const perKind = new Map<string, {compared: number; equal: number}>();
	const different: string[] = [];
	let unlogged = 0;
	const audit = readAudits();
	for (const {name, exchange: {auditId = '', responseBody, url}} of everyExchange()) {
		if (responseBody === undefined || !hasProtobufMagic(responseBody)) {
			continue;
		}

		const logged = audit.get(auditId)?.responseObject;
		if (logged === undefined) {
			unlogged++;
			continue;
		}

		const {value} = decodeProtobuf(responseBody);
		const kind = kindOf(value);
		const count = perKind.get(kind) ?? {compared: 0, equal: 0};
		perKind.set(kind, count);
		count.compared++;
		// Text, so that the order of fields counts as well.
		if (JSON.stringify(value) === JSON.stringify(logged)) {
			count.equal++;
		} else {
			different.push(`${name} ${url} ${auditId}\n${JSON.stringify(value).slice(0, 400)}\n${JSON.stringify(logged).slice(0, 400)}`);
		}
	}

	for (const [kind, {compared, equal}] of [...perKind].toSorted(([left], [right]) => left < right ? -1 : 1)) {
		print(`  ${kind}: ${equal} of ${compared} equal`);
	}

	print(`protobuf responses without a logged object: ${unlogged}`);
	expect(different).toEqual([]);
	expect(perKind.size).toBeGreaterThan(10);
});

test('a protobuf list splits into bodies that a get of each item would have', () => {
	let lists = 0;
	let items = 0;
	for (const {exchange: {responseBody}} of everyExchange()) {
		const split = responseBody === undefined ? undefined : splitProtobufList(responseBody);
		if (responseBody === undefined || split === undefined) {
			continue;
		}

		const {value} = decodeProtobuf(responseBody);
		const metadata = objectAt(value, 'metadata') ?? {};
		expect(split.resourceVersion).toBe(textAt(metadata, 'resourceVersion'));
		expect(split.continue).toBe(textAt(metadata, 'continue'));
		const type = {kind: textAt(value, 'kind').replace(/List$/v, ''), apiVersion: value.apiVersion};
		const listed = arrayAt(value, 'items').map(item => ({...type, ...item as JsonObject}));
		expect(split.items.map(item => decodeProtobuf(item).value)).toEqual(listed);
		lists++;
		items += split.items.length;
	}

	print(`protobuf lists split: ${lists}, items ${items}`);
	expect(lists).toBeGreaterThan(5);
});
