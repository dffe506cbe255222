import {expect, test} from 'vitest';
import {findByJsonPath, parseJsonPath} from '../../../source/commands/printers/json-path.js';

const object = {
	metadata: {labels: {'a.b/c': 'label'}},
	spec: {replicas: 3, ports: [{name: 'http', port: 80}, {name: 'tls', port: 443}], 'odd key': 'odd'},
	status: {conditions: [{type: 'Synced', status: 'False'}, {type: 'Ready', status: 'True', reason: 'Fine'}]},
};

test.each([
	['.spec.replicas', [3]],
	['spec.replicas', [3]],
	['{.spec.replicas}', [3]],
	['$.spec.replicas', [3]],
	['.spec.ports[0].port', [80]],
	['.spec.ports[-1].name', ['tls']],
	['.spec.ports[*].port', [80, 443]],
	['.spec[\'odd key\']', ['odd']],
	[String.raw`.metadata.labels.a\.b/c`, ['label']],
	['.metadata.labels[\'a.b/c\']', ['label']],
	['.status.conditions[?(@.type=="Ready")].status', ['True']],
	['.status.conditions[?(@.type==\'Ready\')].reason', ['Fine']],
	['.status.conditions[?(@.type!="Ready")].status', ['False']],
	['.spec.absent.deep', []],
	['.__proto__.x', []],
	['.constructor', []],
])('%s finds %j', (path, values) => {
	const steps = parseJsonPath(path);
	expect(steps).toBeDefined();
	expect(findByJsonPath(object, steps ?? [])).toEqual(values);
});

test.each(['.a[', '..a', '.a[1:2]', '.a[?(@.b>1)]', '.a[(@.length-1)]', '.a'.repeat(40)])('%s is not understood rather than guessed', path => {
	expect(parseJsonPath(path)).toBeUndefined();
});
