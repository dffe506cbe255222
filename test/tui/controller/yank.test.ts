import {expect, test} from 'vitest';
import type {Operation} from '../../../source/model/operation.js';
import {
	clipboardSequence,
	curlCommand,
	kubectlCommand,
	urlOf,
} from '../../../source/tui/controller/yank.js';
import {clipboardTexts} from '../escapes.js';
import {operation} from '../made-operation.js';

const cases: ReadonlyArray<readonly [string, Partial<Operation>, string, string]> = [
	['a read', {}, 'kubectl get --raw /apis/apps/v1/namespaces/default/deployments/web', 'curl -H "Authorization: Bearer $TOKEN" "$APISERVER"/apis/apps/v1/namespaces/default/deployments/web'],
	[
		'a list with a query',
		{verb: 'list', name: undefined, query: 'limit=500&labelSelector=a%3Db'},
		'kubectl get --raw \'/apis/apps/v1/namespaces/default/deployments?limit=500&labelSelector=a%3Db\'',
		'curl -H "Authorization: Bearer $TOKEN" "$APISERVER"\'/apis/apps/v1/namespaces/default/deployments?limit=500&labelSelector=a%3Db\'',
	],
	[
		'a create',
		{
			verb: 'create', group: '', resource: 'configmaps', name: 'made',
		},
		'kubectl create --raw /api/v1/namespaces/default/configmaps -f object.json',
		'curl -H "Authorization: Bearer $TOKEN" -X POST -H \'Content-Type: application/json\' --data-binary @object.json "$APISERVER"/api/v1/namespaces/default/configmaps',
	],
	[
		'a patch',
		{
			verb: 'patch', patchType: 'application/merge-patch+json', requestContentType: 'application/merge-patch+json', subresource: 'status',
		},
		'kubectl patch deployments.apps web -n default --subresource=status --type=merge --patch-file patch.json',
		'curl -H "Authorization: Bearer $TOKEN" -X PATCH -H \'Content-Type: application/merge-patch+json\' --data-binary @object.json '
		+ '"$APISERVER"/apis/apps/v1/namespaces/default/deployments/web/status',
	],
	[
		'a server-side apply',
		{
			verb: 'patch', patchType: 'application/apply-patch+yaml', requestContentType: 'application/apply-patch+yaml', fieldManager: 'me',
		},
		'kubectl apply --server-side --field-manager=me -f object.yaml',
		'curl -H "Authorization: Bearer $TOKEN" -X PATCH -H \'Content-Type: application/apply-patch+yaml\' --data-binary @object.json "$APISERVER"/apis/apps/v1/namespaces/default/deployments/web',
	],
	[
		'a cluster-scoped delete',
		{
			verb: 'delete', group: '', resource: 'nodes', namespace: '', name: 'n1',
		},
		'kubectl delete --raw /api/v1/nodes/n1',
		'curl -H "Authorization: Bearer $TOKEN" -X DELETE "$APISERVER"/api/v1/nodes/n1',
	],
	[
		'an event\'s object',
		{kind: 'event', verb: 'MODIFIED', query: 'watch=true'},
		'kubectl get --raw /apis/apps/v1/namespaces/default/deployments/web',
		'curl -H "Authorization: Bearer $TOKEN" "$APISERVER"/apis/apps/v1/namespaces/default/deployments/web',
	],
	['a URL of no object', {resource: undefined, path: '/openapi/v3'}, 'kubectl get --raw /openapi/v3', 'curl -H "Authorization: Bearer $TOKEN" "$APISERVER"/openapi/v3'],
	[
		'a name made to break out of the shell',
		{name: '$(reboot)\'; x'},
		String.raw`kubectl get --raw '/apis/apps/v1/namespaces/default/deployments/$(reboot)'\''; x'`,
		String.raw`curl -H "Authorization: Bearer $TOKEN" "$APISERVER"'/apis/apps/v1/namespaces/default/deployments/$(reboot)'\''; x'`,
	],
];

test.each(cases)('%s is copied as kubectl and as curl', (_what, parts, kubectl, curl) => {
	expect(kubectlCommand(operation(parts))).toBe(kubectl);
	expect(curlCommand(operation(parts))).toBe(curl);
});

test('a namespace is not below itself', () => {
	expect(urlOf(operation({
		group: '', resource: 'namespaces', namespace: 'default', name: 'default',
	}))).toBe('/api/v1/namespaces/default');
});

test('whatever is copied, the sequence holds nothing but base64', () => {
	const text = '\u{7}\u{1B}\\ 漢字';
	expect(clipboardTexts(clipboardSequence(text))).toEqual([text]);
});
