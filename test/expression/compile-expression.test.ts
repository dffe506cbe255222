import {expect, test} from 'vitest';
import {compileExpression, maximumComprehensions, maximumExpressionLength} from '../../source/expression/compile-expression.js';
import {variables} from '../../source/expression/variables.js';
import type {JsonObject} from '../../source/model/json.js';
import {KubestepError} from '../../source/model/kubestep-error.js';
import {operationWith} from './arbitrary-operation.js';

const messageOf = (source: string): string => {
	try {
		compileExpression(source);
	} catch (error) {
		expect(error).toBeInstanceOf(KubestepError);
		expect((error as KubestepError).exitCode).toBe(2);
		return (error as KubestepError).message;
	}

	return expect.unreachable(`${source} compiles`);
};

test.each(variables.map(variable => [variable.name, variable.example] as const))('the example of %s compiles', (name, example) => {
	const compiled = compileExpression(example);
	expect(compiled.source).toBe(example);
	expect(example).toContain(name);
	expect(typeof compiled.test(operationWith({}))).toBe('boolean');
});

test('no two variables have one name', () => {
	expect(new Set(variables.map(({name}) => name)).size).toBe(variables.length);
});

test('an unknown name is answered with the nearest variable', () => {
	expect(messageOf('vreb == "get"')).toBe('condition \'vreb == "get"\': there is no variable vreb; did you mean verb? (at character 1)');
	expect(messageOf('status == 409 && nmespace == "x"')).toContain('there is no variable nmespace; did you mean namespace? (at character 18)');
	expect(messageOf('name == webserver_1')).toContain('a text is written in quotes');
	expect(messageOf('name.startswith("a")')).toContain('there is no function startswith; did you mean startsWith?');
});

test('a syntax error is one line that says where', () => {
	expect(messageOf('verb == "get" &&')).toBe('condition \'verb == "get" &&\': it ends too early (at character 17)');
	expect(messageOf('verb = "get"')).toBe('condition \'verb = "get"\': a comparison is written == (at character 6)');
	for (const source of ['verb == "get', '(verb', 'verb ==\n\n"get" &&', '\u{1B}[31m', '"', '\'\'\'', 'a.b.', '[', 'has(', String.raw`verb == "\q"`, '1..2', 'r"', 'namespace']) {
		const message = messageOf(source);
		expect(message, source).not.toMatch(/\p{Control}/v);
		expect(message.length).toBeLessThan(250);
	}
});

test('a condition that is not a bool, or compares what cannot be compared, is refused', () => {
	expect(messageOf('status')).toContain('it gives int, not true or false');
	expect(messageOf('verb == 3')).toContain('string == int');
	expect(messageOf('namespace + 1 == "x"')).not.toContain('namespac_');
	expect(messageOf('')).toContain('it is empty');
	expect(messageOf(' ')).toContain('it is empty');
	expect(messageOf('duration > duration("soon")')).toContain('Invalid duration');
});

test('an expression has bounds: length, depth, comprehensions in each other', () => {
	expect(messageOf(`verb == "${'x'.repeat(maximumExpressionLength)}"`)).toContain(`longer than ${maximumExpressionLength} characters`);
	expect(messageOf(`${'('.repeat(500)}error${')'.repeat(500)}`)).toMatch(/depth/iv);
	expect(messageOf(`${'!'.repeat(3000)}error`)).toMatch(/depth|nodes/iv);
	const nested = (levels: number): string => `${'changed.exists(x, '.repeat(levels)}error${')'.repeat(levels)}`;
	expect(compileExpression(nested(maximumComprehensions)).exact).toBe(false);
	expect(messageOf(nested(maximumComprehensions + 1))).toContain('stand in each other');
});

test('only the bodies an expression mentions are needed', () => {
	expect([...compileExpression('verb == "get"').needs]).toEqual([]);
	expect([...compileExpression('before.spec != after.spec && request != null').needs].toSorted()).toEqual(['after', 'before', 'request']);
	expect([...compileExpression('changed.exists(p, p == object.kind)').needs]).toEqual(['object']);
});

test('a missing text is "", a missing number is -1, a missing body is null, as filters have it', () => {
	const event = operationWith({kind: 'event', verb: 'ADDED'});
	for (const source of ['name == ""', 'namespace == ""', 'status == -1', 'cause == -1', 'object == null', 'changed.size() == 0', 'hx == ""', 'duration < duration("0s")', 'durationMs < 0.0']) {
		expect(compileExpression(source).test(event), source).toBe(true);
	}
});

test('namespace is a variable although CEL reserves the word, and still a field and a part of texts', () => {
	const operation = operationWith({namespace: 'default', message: 'no namespace matches'});
	const bodies = {object: {metadata: {namespace: 'default', labels: {namespace: 'x'}}}};
	for (const source of [
		'namespace == "default"',
		'object.metadata.namespace == namespace',
		'object.metadata . namespace == "default"',
		'object.metadata.?namespace.orValue("") == "default"',
		'has(object.metadata.namespace)',
		'message == "no namespace matches"',
		'message == \'no namespace matches\'',
		'message == """no namespace matches"""',
		'message == r"no namespace matches"',
		'"namespace" in object.metadata.labels',
		'true // a namespace',
		'error ? name == "" : namespace == "default"',
		'!error ? namespace == "default" : false',
		'message.matches("namespace (matches)$")',
		'["a"].exists(namespace, namespace == "a")',
		'object.metadata.labels["namespace"] == "x"',
	]) {
		expect(compileExpression(source).test(operation, bodies), source).toBe(true);
	}
});

test('integers of a body compare and compute as integers, of any size', () => {
	const bodies = {
		object: {
			spec: {replicas: 3, ratio: 0.5}, big: 9_007_199_254_740_993n, list: [1, 2], none: null,
		},
	};
	for (const source of [
		'object.spec.replicas == 3',
		'object.spec.replicas > 2 && object.spec.replicas <= 3',
		'object.spec.replicas + 1 == 4',
		'object.spec.replicas % 2 == 1',
		'object.spec.replicas == 3.0',
		'object.spec.ratio < 1',
		'object.big == 9007199254740993',
		'object.big != 9007199254740992',
		'object.list == [1, 2]',
		'1 in object.list',
		'object.list.all(x, x > 0)',
		'object.none == null',
		'object.spec == {"replicas": 3, "ratio": 0.5}',
	]) {
		expect(compileExpression(source).test(operationWith({}), bodies), source).toBe(true);
	}
});

test('a field that is missing, or of another type, does not match, and neither does its negation', () => {
	const bodies = {object: {spec: {replicas: 'three'}}};
	for (const source of [
		'object.spec.size == 1', '!(object.spec.size == 1)', 'object.spec.replicas > 2', 'object.spec.replicas.x.y == 1', 'object.spec[3] == 1', 'object.status', 'before.spec == 1',
	]) {
		expect(compileExpression(source).test(operationWith({}), bodies), source).toBe(false);
	}
});

test('keys of a body that mean something to JavaScript are only keys', () => {
	const object = JSON.parse('{"constructor": "c", "__proto__": {"a": 1}, "toString": 5}') as Record<string, never>;
	const isMatch = (source: string): boolean => compileExpression(source).test(operationWith({}), {object});
	expect(isMatch('object.constructor == "c"')).toBe(true);
	expect(isMatch('object["__proto__"].a == 1')).toBe(true);
	expect(isMatch('object.toString == 5')).toBe(true);
	expect(isMatch('has(object.hasOwnProperty)')).toBe(false);
	expect(isMatch('object.size() == 3')).toBe(true);
	expect(isMatch('"valueOf" in object')).toBe(false);
});

test('a test of a wide or deep body neither recurses nor changes the body', () => {
	let deep: JsonObject = {leaf: 1};
	for (let level = 0; level < 20_000; level++) {
		deep = {inner: deep};
	}

	const object: JsonObject = {deep, wide: Array.from({length: 10_000}, (_, index) => index)};
	expect(compileExpression('object.wide.exists(x, x == 9999) && has(object.deep.inner)').test(operationWith({}), {object})).toBe(true);
	expect(object.wide).toHaveProperty('1', 1);
});
