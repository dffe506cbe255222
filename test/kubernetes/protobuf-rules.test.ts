/* eslint-disable unicorn/max-nested-calls -- messages lie in messages */
import {Buffer} from 'node:buffer';
import {expect, test} from 'vitest';
import {stringifyJson} from '../../source/kubernetes/decode-body.js';
import {maximumDepth} from '../../source/kubernetes/json-text.js';
import {decodeProtobuf, encodeProtobuf, splitProtobufList} from '../../source/kubernetes/protobuf-codec.js';
import type {JsonObject} from '../../source/model/json.js';

/* Messages written by hand: the reader must not depend on what the writer can write. */
const varint = (value: number): number[] => value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const field = (number: number, content: string | readonly number[]): number[] => {
	const bytes = typeof content === 'string' ? [...Buffer.from(content)] : [...content];
	return [...varint((number * 8) + 2), ...varint(bytes.length), ...bytes];
};

const number = (fieldNumber: number, value: number): number[] => [...varint(fieldNumber * 8), ...varint(value)];
const body = (apiVersion: string, kind: string, raw: readonly number[]): Uint8Array =>
	Uint8Array.from([0x6B, 0x38, 0x73, 0, ...field(1, [...field(1, apiVersion), ...field(2, kind)]), ...field(2, raw)]);
const textOf = (bytes: Uint8Array): string => stringifyJson(decodeProtobuf(bytes).value);

test('absent fields print as Go prints them: structs always, kept lists as null, root items as an empty list', () => {
	expect(textOf(body('v1', 'Pod', []))).toBe('{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{"containers":null},"status":{}}');
	expect(textOf(body('v1', 'PodList', []))).toBe('{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[]}');
	expect(textOf(body('meta.k8s.io/v1', 'PartialObjectMetadataList', []))).toBe('{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{},"items":null}');
	expect(textOf(body('v1', 'Status', []))).toBe('{"kind":"Status","apiVersion":"v1","metadata":{}}');
	expect(textOf(body('v1', 'Event', []))).toBe(JSON.stringify({
		kind: 'Event', apiVersion: 'v1', metadata: {}, involvedObject: {}, source: {}, firstTimestamp: null, lastTimestamp: null, eventTime: null, reportingComponent: '',
		reportingInstance: '',
	}));
});

test('zero values on the wire disappear, except those of pointers and kept fields', () => {
	const deploymentSpec = [...number(1, 0), ...number(5, 0), ...number(7, 0)];
	const {value} = decodeProtobuf(body('apps/v1', 'Deployment', field(2, deploymentSpec)));
	expect((value.spec as JsonObject).replicas).toBe(0);
	expect(Object.hasOwn(value.spec as JsonObject, 'paused')).toBe(false);
	expect(Object.hasOwn(value.spec as JsonObject, 'minReadySeconds')).toBe(false);
});

test('a kind that the table lacks gives its identity and metadata, and says so', () => {
	const raw = [...field(1, [...field(1, 'web'), ...field(6, '77')]), ...field(2, [1, 2, 3])];
	expect(decodeProtobuf(body('apps/v9', 'Thing', raw))).toEqual({
		value: {kind: 'Thing', apiVersion: 'apps/v9', metadata: {name: 'web', resourceVersion: '77'}}, unknownFields: 1, partial: true,
	});
	expect(decodeProtobuf(body('apps/v9', 'ThingList', field(1, field(2, '78')))).value).toEqual({kind: 'ThingList', apiVersion: 'apps/v9', metadata: {resourceVersion: '78'}});
	expect(decodeProtobuf(body('apps/v9', 'Review', field(1, [0xFF]))).value).toEqual({kind: 'Review', apiVersion: 'apps/v9'});
	expect(() => encodeProtobuf({apiVersion: 'apps/v9', kind: 'Thing'})).toThrow(TypeError);
});

test('kinds of every group version are known in any', () => {
	for (const apiVersion of ['apps/v1', 'example.com/v1', 'v1', '']) {
		expect(decodeProtobuf(body(apiVersion, 'DeleteOptions', field(4, 'Foreground')))).toMatchObject({value: {propagationPolicy: 'Foreground'}, partial: false});
		expect(decodeProtobuf(body(apiVersion, 'Status', field(2, 'Failure')))).toMatchObject({value: {status: 'Failure'}, partial: false});
		expect(decodeProtobuf(body(apiVersion, 'PartialObjectMetadata', field(1, field(1, 'x'))))).toMatchObject({value: {metadata: {name: 'x'}}, partial: false});
	}

	expect(textOf(body('', 'Pod', []))).toBe('{"kind":"Pod","metadata":{},"spec":{"containers":null},"status":{}}');
});

test('fields the table lacks are skipped and counted, groups included', () => {
	const raw = [...field(1, [...field(1, 'web'), ...field(200, 'new')]), ...number(999, 5), 0xDB, 0x3E, ...number(1, 1), 0xDC, 0x3E, 0xE1, 0x3E, 1, 2, 3, 4, 5, 6, 7, 8];
	expect(decodeProtobuf(body('v1', 'ConfigMap', raw))).toMatchObject({value: {metadata: {name: 'web'}}, unknownFields: 4});
});

test('integers keep all their digits', () => {
	const generation = [0x38, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
	const {value} = decodeProtobuf(body('v1', 'ConfigMap', field(1, generation)));
	expect(value.metadata).toEqual({generation: 9_223_372_036_854_775_807n});
	expect(stringifyJson(value)).toBe('{"kind":"ConfigMap","apiVersion":"v1","metadata":{"generation":9223372036854775807}}');
	const minusOne = [0x38, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
	expect(decodeProtobuf(body('v1', 'ConfigMap', field(1, minusOne))).value.metadata).toEqual({generation: -1});
});

test('map keys are sorted by their bytes, and __proto__ is one of them', () => {
	const entry = (key: string, value: string): number[] => field(2, [...field(1, key), ...field(2, value)]);
	const {value} = decodeProtobuf(body('v1', 'ConfigMap', [
		...entry('b', '2'),
		...entry('\u{10000}', '5'),
		...entry('\u{FFFD}', '4'),
		...entry('__proto__', '3'),
		...entry('a', '1'),
		...field(2, []),
	]));
	expect(Object.keys(value.data as JsonObject)).toEqual(['', '__proto__', 'a', 'b', '\u{FFFD}', '\u{10000}']);
	expect(Object.getPrototypeOf(value.data)).toBe(Object.prototype);
	expect(decodeProtobuf(encodeProtobuf(value)).value).toEqual(value);
});

test('special types have the JSON of their own', () => {
	const intstr = (type: number, int: number, text: string): number[] => [...number(1, type), ...number(2, int), ...field(3, text)];
	const port = field(1, [...field(1, 'http'), ...number(3, 80), ...field(4, intstr(1, 0, 'web'))]);
	const spec = decodeProtobuf(body('v1', 'Service', field(2, [...port, ...field(1, field(4, intstr(0, 8080, '')))]))).value.spec as {ports: unknown[]};
	expect(spec.ports).toEqual([{name: 'http', port: 80, targetPort: 'web'}, {port: 0, targetPort: 8080}]);
	const meta = (seconds: number[]): unknown => (decodeProtobuf(body('v1', 'ConfigMap', field(1, field(8, seconds)))).value.metadata as JsonObject).creationTimestamp;
	expect(meta(number(1, 1_700_000_000))).toBe('2023-11-14T22:13:20Z');
	expect(meta([])).toBeUndefined();
	expect(meta([0x08, 0x80, 0x92, 0xB8, 0xC3, 0x98, 0xFE, 0xFF, 0xFF, 0xFF, 0x01])).toBeUndefined();
	const lease = decodeProtobuf(body('coordination.k8s.io/v1', 'Lease', field(2, field(4, [...number(1, 1), ...number(2, 123_456_789)])))).value.spec;
	expect(lease).toEqual({renewTime: '1970-01-01T00:00:01.123456Z'});
});

test('an extension holds JSON or a protobuf body of its own', () => {
	const inner = body('v1', 'ConfigMap', field(1, field(1, 'inner')));
	const list = body('v1', 'List', [...field(2, field(1, [...inner])), ...field(2, field(1, '{"kind":"Foo","n":12345678901234567890}'))]);
	expect(decodeProtobuf(list).value.items).toEqual([{kind: 'ConfigMap', apiVersion: 'v1', metadata: {name: 'inner'}}, {kind: 'Foo', n: 12_345_678_901_234_567_890n}]);
	expect(() => decodeProtobuf(body('v1', 'List', field(2, field(1, '{broken'))))).toThrow(TypeError);
	const split = splitProtobufList(body('v1', 'List', field(2, field(1, [...inner]))));
	expect(split?.items.map(item => Buffer.compare(item, inner))).toEqual([0]);
});

test('a split list takes its fields from the table, not from habit', () => {
	const list = body('meta.k8s.io/v1beta1', 'PartialObjectMetadataList', [...field(2, field(2, '9')), ...field(1, field(1, field(1, 'one')))]);
	const split = splitProtobufList(list);
	expect(split?.resourceVersion).toBe('9');
	expect(split?.items.map(item => decodeProtobuf(item).value)).toEqual([{kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1beta1', metadata: {name: 'one'}}]);
	expect(splitProtobufList(body('v1', 'Pod', []))).toBeUndefined();
	expect(splitProtobufList(body('apps/v9', 'ThingList', []))).toBeUndefined();
	expect(splitProtobufList(Buffer.from('{}'))).toBeUndefined();
});

test('malformed bytes are refused', () => {
	const refused = [
		Buffer.from('{}'),
		Buffer.from([0x6B, 0x38, 0x73]),
		body('v1', 'ConfigMap', field(1, [0x0A, 0x05, 0x61])),
		body('v1', 'ConfigMap', [0x0A]),
		body('v1', 'ConfigMap', [0x00]),
		body('v1', 'ConfigMap', [0x0F]),
		body('v1', 'ConfigMap', number(1, 5)),
		body('v1', 'ConfigMap', [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
		body('v1', 'ConfigMap', [0xDB, 0x3E]),
		body('v1', 'ConfigMap', Array.from({length: 1000}, () => [0xDB, 0x3E]).flat()),
	];
	for (const bytes of refused) {
		expect(() => decodeProtobuf(bytes)).toThrow(/protobuf/v);
	}
});

test('schemas that nest too deep are refused, in both directions', () => {
	let schema: number[] = field(2, 'deep');
	let object: JsonObject = {type: 'deep'};
	for (let level = 0; level < maximumDepth; level++) {
		schema = field(28, schema);
		object = {not: object};
	}

	const raw = field(2, field(7, [...field(1, 'v1'), ...field(4, field(1, schema))]));
	expect(() => decodeProtobuf(body('apiextensions.k8s.io/v1', 'CustomResourceDefinition', raw))).toThrow(RangeError);
	expect(() => encodeProtobuf({apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec: {versions: [{schema: {openAPIV3Schema: object}}]}})).toThrow(RangeError);
});

test('values a field cannot hold are refused', () => {
	const configMap = (value: JsonObject): (() => Uint8Array) => () => encodeProtobuf({apiVersion: 'v1', kind: 'ConfigMap', ...value});
	for (const value of [
		{metadata: 'x'},
		{metadata: {generation: 'x'}},
		{metadata: {generation: 1.5}},
		{metadata: {finalizers: {}}},
		{metadata: {labels: []}},
		{metadata: {creationTimestamp: 'yesterday'}},
		{data: {a: 5}},
		{immutable: 'yes'},
	]) {
		expect(configMap(value)).toThrow(TypeError);
	}

	expect(decodeProtobuf(configMap({unheardOf: 1, data: {a: null}})()).value).toEqual({
		kind: 'ConfigMap', apiVersion: 'v1', metadata: {}, data: {a: ''},
	});
});

test('packed lists are read as Go reads them', () => {
	const securityContext = field(2, field(14, field(4, [0x05, 0x80, 0x01])));
	expect(decodeProtobuf(body('v1', 'Pod', securityContext)).value.spec).toEqual({containers: null, securityContext: {supplementalGroups: [5, 128]}});
});
