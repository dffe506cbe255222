import {expect, test} from 'vitest';
import {createActorNames, processOf} from '../../source/ingest/actors.js';

const none = {fieldManager: undefined, user: undefined, kubectlCommand: undefined};

test('a process is the user agent up to its first space', () => {
	expect(processOf('kube-controller-manager/v1.36.2 (linux/amd64) kubernetes/98b3519/deployment-controller')).toBe('kube-controller-manager/v1.36.2');
	expect(processOf('curl/7.88.1')).toBe('curl/7.88.1');
	expect(processOf(undefined)).toBe('unknown');
});

test.each([
	['kube-controller-manager/v1.36.2 (linux/amd64) kubernetes/98b3519/deployment-controller', 'kube-controller-manager/deployment-controller'],
	['manager/v0.0.0 (linux/amd64) kubernetes/$Format/leader-election', 'manager/leader-election'],
	['sample-controller/v1.36.2 (linux/amd64) kubernetes/98b3519', 'sample-controller'],
	['OpenAPI-Generator/36.0.3/python', 'OpenAPI-Generator'],
	['', 'unknown'],
])('the actor of %s is %s', (userAgent, actor) => {
	expect(createActorNames()({...none, userAgent})).toBe(actor);
});

test('kubectl is told apart by its command', () => {
	expect(createActorNames()({
		...none, userAgent: 'kubectl/v1.36.2 (linux/amd64) kubernetes/98b3519', kubectlCommand: 'kubectl apply', fieldManager: 'kubectl-client-side-apply',
	})).toBe('kubectl apply');
});

test('a field manager or user splits a user agent only from the second one on', () => {
	const nameOf = createActorNames();
	const by = (fieldManager: string | undefined, user?: string) => nameOf({
		...none, userAgent: 'operator/v1', fieldManager, user,
	});
	expect([by(undefined), by('one'), by('two'), by('one'), by(undefined)]).toEqual(['operator', 'operator', 'operator:two', 'operator', 'operator']);
	expect([by(undefined, 'alice'), by(undefined, 'bob')]).toEqual(['operator', 'operator@bob']);
});
