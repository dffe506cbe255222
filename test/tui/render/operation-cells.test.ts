import {expect, test} from 'vitest';
import type {Operation} from '../../../source/model/operation.js';
import {operationCells, type OperationCells} from '../../../source/tui/render/operation-cells.js';
import {operation} from '../made-operation.js';

const cases: ReadonlyArray<readonly [string, Partial<Operation>, Partial<OperationCells>]> = [
	['a read', {}, {
		time: '12.455', actor: 'operator', verb: 'get', object: 'deploy web', code: '200', ms: '3.2', tone: 'plain',
	}],
	['a write', {verb: 'update'}, {verb: 'update', tone: 'write'}],
	['a write that changed nothing', {verb: 'update', flags: new Set(['noop'])}, {verb: 'update ='}],
	['a dry run', {verb: 'create', flags: new Set(['dryRun'])}, {verb: 'create ='}],
	['a conflict', {verb: 'update', status: 409, reason: 'Conflict'}, {verb: 'update !', code: '409', tone: 'error'}],
	['a write nobody answered', {verb: 'update', status: undefined, end: 'client-abort'}, {verb: 'update ?', code: 'abort'}],
	['a broken connection', {status: undefined, end: 'transport-error'}, {verb: 'get !', code: 'error', tone: 'error'}],
	['a request under way', {status: undefined, end: undefined, endedAt: undefined}, {code: '...', ms: '...'}],
	['a list', {verb: 'list', name: undefined, objectKind: 'DeploymentList'}, {object: 'deployments in default'}],
	['a list of everything', {verb: 'list', name: undefined, namespace: ''}, {object: 'deployments'}],
	['a subresource', {verb: 'update', subresource: 'status'}, {object: 'deploy web /status'}],
	['a list\'s subresource-like kind', {
		resource: 'foos', group: 'example.com', objectKind: 'Foo', name: 'foo-3',
	}, {object: 'foo foo-3'}],
	['a custom resource of unknown kind', {resource: 'foos', group: 'example.com', objectKind: undefined}, {object: 'foos web'}],
	['an answer of another kind', {
		resource: 'pods', group: '', objectKind: 'Status', verb: 'delete',
	}, {object: 'pod web'}],
	['a URL of no object', {resource: undefined, name: undefined, path: '/openapi/v3'}, {object: '/openapi/v3'}],
	['a collection deleted', {verb: 'deletecollection', name: undefined}, {verb: 'delete-all', object: 'deployments in default'}],
	['an event told', {
		kind: 'event', verb: 'MODIFIED', status: undefined, cause: 56, actor: 'operator',
	}, {
		actor: '<- told', verb: 'MODIFIED', code: 'by 56', ms: '', tone: 'told',
	}],
	['an event of unknown cause', {kind: 'event', verb: 'ADDED', status: undefined}, {code: ''}],
	['a reconstructed event', {kind: 'event', verb: 'ADDED', flags: new Set(['synthetic'])}, {actor: '<~ told'}],
	['a bookmark', {kind: 'event', verb: 'BOOKMARK', name: undefined}, {object: 'deployments'}],
	['the bookmark that ends initial events', {
		kind: 'event', verb: 'BOOKMARK', name: undefined, flags: new Set(['initialEventsEnd']),
	}, {object: 'deployments (all told)'}],
	['an ERROR event', {
		kind: 'event', verb: 'ERROR', name: undefined, reason: 'Expired', status: 410,
	}, {verb: 'ERROR !', object: 'deployments Expired', tone: 'error'}],
	['noise', {flags: new Set(['noise']), resource: 'leases', group: 'coordination.k8s.io'}, {object: 'lease web', tone: 'dim'}],
	['an error among noise', {flags: new Set(['noise']), status: 500}, {tone: 'error'}],
	['a version that changed', {resourceVersionBefore: '243', resourceVersion: '244'}, {version: '243>244'}],
	['a version read', {resourceVersion: '244'}, {version: '244'}],
	['a field manager', {fieldManager: 'kubectl'}, {manager: 'kubectl'}],
];

test.each(cases)('the list shows %s', (_what, parts, expected) => {
	expect(operationCells(operation(parts))).toMatchObject(expected);
});
