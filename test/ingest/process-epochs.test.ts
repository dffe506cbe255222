import {expect, test} from 'vitest';
import {createProcessEpochs} from '../../source/ingest/process-epochs.js';

const watch = (resourceVersion?: string) => ({process: 'p', verb: 'watch', resourceVersion});
const list = (resourceVersion?: string) => ({process: 'p', verb: 'list', resourceVersion});

test('a life begins when all watches have ended and the next start without a version', () => {
	const epochs = createProcessEpochs();
	expect([epochs.arrive(watch()), epochs.arrive(watch())]).toEqual([1, 1]);
	epochs.endWatch('p', true);
	expect(epochs.arrive(watch())).toBe(1);
	epochs.endWatch('p', true);
	epochs.endWatch('p', true);
	expect([epochs.arrive(watch()), epochs.arrive(watch())]).toEqual([2, 2]);
});

test('resuming with a version is an outage, not a restart', () => {
	const epochs = createProcessEpochs();
	epochs.arrive(watch());
	epochs.endWatch('p', true);
	expect([epochs.arrive(watch('120')), epochs.arrive(list('120'))]).toEqual([1, 1]);
});

test('an informer that lists at 0 and watches from there has started anew', () => {
	const epochs = createProcessEpochs();
	epochs.arrive(watch('7'));
	epochs.endWatch('p', true);
	expect(epochs.arrive(list('0'))).toBe(2);
	expect(epochs.arrive(watch('90'))).toBe(2);
});

test('an informer that lists without a version has started when it watches from the answer; a list alone says nothing', () => {
	const epochs = createProcessEpochs();
	epochs.arrive(watch('7'));
	epochs.endWatch('p', true);
	expect(epochs.arrive(list())).toBe(1);
	epochs.endList(list(), '91');
	expect(epochs.arrive(watch('91'))).toBe(2);
});

test('a watch that was refused and is repeated is no restart', () => {
	const epochs = createProcessEpochs();
	epochs.arrive(watch());
	epochs.endWatch('p', false);
	expect(epochs.arrive(watch())).toBe(1);
});

test('processes live apart', () => {
	const epochs = createProcessEpochs();
	epochs.arrive(watch());
	epochs.endWatch('p', true);
	expect(epochs.arrive({...watch(), process: 'q'})).toBe(1);
	expect(epochs.arrive(watch())).toBe(2);
});
