import {expect, test} from 'vitest';
import type {JsonObject} from '../../../source/model/json.js';
import type {ObjectVersion} from '../../../source/model/object-version.js';
import type {ObjectState, StepChange} from '../../../source/timeline/timeline-types.js';
import {diffDocument, maximumObjectLines, type DocumentOptions} from '../../../source/tui/diff/diff-document.js';
import {operation} from '../made-operation.js';

const place = {
	group: 'apps', resource: 'deployments', namespace: 'default', name: 'foo-3-dep',
};

const version = (parts: Partial<ObjectVersion> = {}): ObjectVersion => ({
	number: 1, key: {...place, uid: 'u'}, kind: 'whole', apiVersion: 'apps/v1', objectKind: 'Deployment', step: 55, storageEpoch: 1, redacted: false, ...parts,
});

const state = (object: JsonObject, parts: Partial<ObjectVersion> = {}, isWhole = true): ObjectState => ({version: version(parts), object, whole: isWhole});

const options: DocumentOptions = {mode: 'diff', isUnfolded: false, unfoldKey: 'z'};

const deployment = (replicas: number, resourceVersion: string): JsonObject => ({
	metadata: {name: 'foo-3-dep', resourceVersion, managedFields: [{manager: 'a', time: resourceVersion}, {manager: 'b'}]}, spec: {replicas},
});

const changed: StepChange = {
	type: 'changed',
	place,
	before: state(deployment(9, '243'), {resourceVersion: '243', generation: 2}),
	after: state(deployment(3, '244'), {resourceVersion: '244', generation: 3, step: 56}),
	note: undefined,
};

test('a change names its object and its versions, folds managedFields, and shows the field before the bookkeeping', () => {
	const document = diffDocument(56, operation(), changed, options);
	expect(document.title).toBe('deployments.apps default/foo-3-dep');
	expect(document.versions).toBe('rv 243 > 244 -- gen 2 > 3');
	expect(document.lines.map(({mark, text}) => `${mark} ${text}`)).toEqual([
		'  metadata:',
		'~   managedFields: 2 entries (z to unfold)',
		'    name: foo-3-dep',
		'-   resourceVersion: "243"',
		'+   resourceVersion: "244"',
		'  spec:',
		'-   replicas: 9',
		'+   replicas: 3',
	]);
	expect(document.firstChange).toBe(6);
});

test('unfolded managedFields are compared line by line', () => {
	const document = diffDocument(56, operation(), changed, {...options, isUnfolded: true});
	expect(document.lines.some(({text, mark}) => mark === '+' && text.includes('time: "244"'))).toBe(true);
});

test('what a value was set by stands beside it', () => {
	const document = diffDocument(56, operation(), changed, {...options, blame: path => path === 'spec.replicas' ? 'set at 55, outside this recording' : undefined});
	expect(document.lines.find(({text, mark}) => mark === '-' && text.includes('replicas'))?.comment).toBe('set at 55, outside this recording');
	expect(document.lines.filter(({comment}) => comment !== undefined)).toHaveLength(1);
});

test('a new object is all new, a deleted one all gone', () => {
	const created = diffDocument(1, operation(), {...changed, before: undefined}, options);
	expect(created.versions).toBe('rv - > 244 -- gen - > 3');
	expect(created.lines.every(({mark}) => mark === '+')).toBe(true);
	const deleted = diffDocument(1, operation(), {...changed, after: undefined, note: 'deleted'}, options);
	expect(deleted.lines.every(({mark}) => mark === '-')).toBe(true);
	expect(deleted.notes).toEqual(['deleted']);
});

test('an object of which only metadata is known says so', () => {
	const partial = {...changed, after: state(deployment(3, '244'), {rest: {step: 40, body: 1}}, false)};
	expect(diffDocument(56, operation(), partial, options).notes).toContain('metadata is new, the rest is as of step 40');
});

test('the whole object has no marks', () => {
	const document = diffDocument(56, operation(), changed, {...options, mode: 'object'});
	expect(document.lines.every(({mark}) => mark === ' ')).toBe(true);
	expect(document.lines.map(({text}) => text)).toContain('  replicas: 3');
});

test('a step that changed nothing shows the object and says why', () => {
	const document = diffDocument(9, operation(), {
		type: 'nothing', place, object: {spec: {replicas: 3}}, note: 'refused: 409 Conflict',
	}, options);
	expect(document.notes).toEqual(['refused: 409 Conflict']);
	expect(document.lines.map(({text}) => text)).toEqual(['spec:', '  replicas: 3']);
	expect(document.firstChange).toBeUndefined();
});

test('a list names what it brought', () => {
	const document = diffDocument(9, operation({verb: 'list', name: undefined}), {
		type: 'many', entered: [version({resourceVersion: '7'}), version({kind: 'end'})], note: 'list of 2 items',
	}, options);
	expect(document.title).toBe('list deployments.apps in default');
	expect(document.lines.map(({mark, text}) => `${mark} ${text}`)).toEqual(['+ deployments.apps default/foo-3-dep  rv 7', '- deployments.apps default/foo-3-dep  gone']);
});

test('a huge object is shown up to the limit and says so', () => {
	const huge = {items: Array.from({length: 50_000}, (_, index) => index)};
	const document = diffDocument(9, operation(), {
		type: 'read', place, object: huge, note: undefined,
	}, options);
	expect(document.lines).toHaveLength(maximumObjectLines);
	expect(document.notes).toContain('too long: only its first 20000 lines are shown');
});
