import {Buffer} from 'node:buffer';
import process from 'node:process';
import {expect, test} from 'vitest';
import {
	buildWatchFrame,
	createWatchFrameSplitter,
	maximumFrameBytes,
	type WatchFrame,
} from '../../source/kubernetes/watch-frames.js';
import {createRandom, everyExchange} from './recorded-traffic.js';

const json = 'application/json';
const protobuf = 'application/vnd.kubernetes.protobuf;stream=watch';

const split = (contentType: string | undefined, chunks: readonly Uint8Array[]) => {
	const splitter = createWatchFrameSplitter(contentType);
	const frames = chunks.flatMap(chunk => [...splitter.push(chunk)]);
	return {frames, rest: splitter.rest, broken: splitter.broken};
};

/** The same bytes cut elsewhere: pieces of 1 to `longest` bytes. */
const recut = (bytes: Uint8Array, longest: number, random: () => number): readonly Uint8Array[] => {
	const pieces: Uint8Array[] = [];
	for (let at = 0; at < bytes.length;) {
		const size = 1 + Math.floor(random() * longest);
		pieces.push(bytes.subarray(at, at + size));
		at += size;
	}

	return pieces;
};

const isSame = (left: WatchFrame, right: WatchFrame): boolean =>
	left.type === right.type && left.wholeFrame === right.wholeFrame && Buffer.compare(left.object, right.object) === 0;

const asText = ({type, object, wholeFrame}: WatchFrame) => ({type, object: Buffer.from(object).toString('latin1'), wholeFrame});

test('every watch of the captures gives the same frames whatever the chunking, and its frames rebuild its bytes', () => {
	const random = createRandom(17);
	let streams = 0;
	let events = 0;
	let whole = 0;
	for (const {exchange: {chunks, responseType, status}} of everyExchange()) {
		if (chunks === undefined || status !== 200) {
			continue;
		}

		const wire = Buffer.concat(chunks);
		const recorded = split(responseType, chunks);
		expect(recorded.broken).toBeUndefined();
		for (const longest of [...(wire.length < 200_000 ? [1] : []), 7, 2048, 100_000]) {
			const again = split(responseType, recut(wire, longest, random));
			expect(again.rest).toBe(recorded.rest);
			expect(again.frames.length).toBe(recorded.frames.length);
			expect(again.frames.every((frame, index) => isSame(frame, recorded.frames[index]!))).toBe(true);
		}

		const rebuilt = recorded.frames.map(frame => frame.wholeFrame ? frame.object : buildWatchFrame(responseType, frame.type, frame.object));
		expect(Buffer.compare(Buffer.concat(rebuilt), wire.subarray(0, wire.length - recorded.rest))).toBe(0);
		streams++;
		events += recorded.frames.length;
		whole += recorded.frames.filter(({wholeFrame}) => wholeFrame).length;
	}

	process.stdout.write(`watch streams ${streams}, frames ${events}, of them not framed as kube-apiserver does ${whole}\n`);
	expect(events).toBeGreaterThan(1000);
	expect(whole).toBe(0);
}, 120_000);

const added = '{"type":"ADDED","object":{"kind":"Foo","metadata":{"name":"a}\\"{"}}}\n';

test('the object of a JSON event is its text and one newline', () => {
	const {frames} = split(json, [Buffer.from(added)]);
	expect(frames.map(frame => asText(frame))).toEqual([{type: 'ADDED', object: '{"kind":"Foo","metadata":{"name":"a}\\"{"}}\n', wholeFrame: false}]);
});

test('an event is there with its last byte, not before', () => {
	const splitter = createWatchFrameSplitter(json);
	const start = Buffer.from(added.slice(0, -1));
	expect(splitter.push(start)).toEqual([]);
	expect(splitter.rest).toBe(added.length - 1);
	expect(splitter.push(Buffer.from('\n')).length).toBe(1);
	expect(splitter.rest).toBe(0);
});

test('events that are framed otherwise are kept whole, with the type they state', () => {
	const odd = [
		'{"object":{"kind":"Foo"},"type":"ADDED"}\n',
		'{ "type": "MODIFIED", "object": {} }\n',
		'{\n  "type": "DELETED",\n  "object": {\n    "kind": "Foo"\n  }\n}\n',
		'{"type":"ADDED","object":{},"extra":{"a":1}}\n',
		'{"type":"ADDED","object":null}\n',
		'{"type":"ADDED","object":{}}\r\n',
		'{"type":"A\\u0044DED","object":{}}\n',
	];
	const {frames, broken} = split(json, [Buffer.from(odd.join(''))]);
	expect(broken).toBeUndefined();
	expect(frames.map(({type}) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED', 'ADDED', 'ADDED', 'ADDED', 'ADDED']);
	expect(frames.every(({wholeFrame}) => wholeFrame)).toBe(true);
	expect(frames.map(frame => asText(frame).object)).toEqual(odd);
});

test('blank lines between events are no frames, and events without newlines end where the next begins', () => {
	const {frames, rest} = split(json, [Buffer.from(`\n\n${added}\n{"type":"A","object":{}}{"type":"B","object":{}}\n`)]);
	expect(frames.map(({type, wholeFrame}) => [type, wholeFrame])).toEqual([['ADDED', false], ['A', true], ['B', false]]);
	expect(rest).toBe(0);
});

test('bytes that are no watch event end the stream', () => {
	for (const [type, bytes] of [
		[json, Buffer.from('404 page not found\n')],
		[json, Buffer.from('{"kind":"Status"}\n')],
		[json, Buffer.from('{"type":7,"object":{}}\n')],
		[protobuf, Buffer.from([0, 0, 0, 2, 0x0A, 0x05])],
		[protobuf, Buffer.from([0, 0, 0, 1, 0xFF])],
		[protobuf, Buffer.from([0xFF, 0xFF, 0xFF, 0xFF])],
		['application/cbor-seq', Buffer.from([0xA0])],
	] as const) {
		const splitter = createWatchFrameSplitter(type);
		expect(splitter.push(bytes)).toEqual([]);
		expect(splitter.broken).toBeTypeOf('string');
		expect(splitter.push(Buffer.from(added))).toEqual([]);
	}
});

test('frames before the broken one are still given', () => {
	const splitter = createWatchFrameSplitter(json);
	expect(splitter.push(Buffer.from(`${added}nonsense\n`)).length).toBe(1);
	expect(splitter.broken).toBeTypeOf('string');
});

test('a protobuf event that is not exactly type and raw object is kept whole', () => {
	const object = Buffer.from([0x6B, 0x38, 0x73, 0x00, 0x0A, 0x04, 0x0A, 0x02, 0x76, 0x31]);
	const exact = Buffer.from(buildWatchFrame(protobuf, 'ADDED', object));
	expect(asText(split(protobuf, [exact]).frames[0]!)).toEqual({type: 'ADDED', object: object.toString('latin1'), wholeFrame: false});
	const extended = Buffer.concat([exact, Buffer.from([0x18, 0x01])]);
	extended.writeUInt32BE(extended.length - 4);
	expect(asText(split(protobuf, [extended]).frames[0]!)).toEqual({type: 'ADDED', object: extended.toString('latin1'), wholeFrame: true});
	const plain = Buffer.from(buildWatchFrame(protobuf, 'ADDED', Buffer.from('{}')));
	expect(split(protobuf, [plain]).frames[0]!.wholeFrame).toBe(true);
});

test('without a content type the first byte decides', () => {
	expect(split(undefined, [Buffer.from(added)]).frames.length).toBe(1);
	const object = Buffer.from([0x6B, 0x38, 0x73, 0x00]);
	expect(split(undefined, [buildWatchFrame(protobuf, 'ADDED', object)]).frames.length).toBe(1);
});

test('an event of 3 MB in chunks of 2 KiB is copied a bounded number of times', () => {
	const object = Buffer.from(`{"data":"${'x'.repeat(3 * 1024 * 1024)}"}\n`);
	for (const type of [json, protobuf]) {
		const content = type === json ? object : Buffer.concat([Buffer.from([0x6B, 0x38, 0x73, 0x00]), object]);
		const frame = buildWatchFrame(type, 'ADDED', content);
		const splitter = createWatchFrameSplitter(type);
		let frames: readonly WatchFrame[] = [];
		for (let at = 0; at < frame.length; at += 2048) {
			expect(frames).toEqual([]);
			frames = splitter.push(frame.subarray(at, at + 2048));
		}

		expect(Buffer.compare(frames[0]!.object, content)).toBe(0);
		expect(splitter.rest).toBe(0);
	}
});

test('a frame that never ends is given up at the limit', () => {
	const splitter = createWatchFrameSplitter(json);
	const chunk = Buffer.alloc(8 * 1024 * 1024, 'x');
	splitter.push(Buffer.from('{"type":"'));
	for (let sent = 0; sent <= maximumFrameBytes && splitter.broken === undefined; sent += chunk.length) {
		splitter.push(chunk);
	}

	expect(splitter.broken).toMatch(/more than/v);
});

test('an event may not nest without end', () => {
	const {broken, frames} = split(json, [Buffer.from(`{"type":"ADDED","object":${'['.repeat(5000)}`)]);
	expect(frames).toEqual([]);
	expect(broken).toMatch(/deeper/v);
});
