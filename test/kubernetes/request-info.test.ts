import {expect, test} from 'vitest';
import {parseRequestInfo} from '../../source/kubernetes/request-info.js';
import {everyExchange, readAudits} from './recorded-traffic.js';

/** `verb group/version resource/subresource namespace name`, with - for empty. */
const line = (method: string, url: string): string => {
	const info = parseRequestInfo(method, url);
	const shown = (text: string): string => text === '' ? '-' : text;
	return info.isResource
		? [info.verb, `${info.group}/${info.version}`, `${info.resource}${info.subresource === '' ? '' : `/${info.subresource}`}`, info.namespace, info.name].map(text => shown(text)).join(' ')
		: `${info.verb} ${info.path}`;
};

test.each([
	['GET', '/', 'get /'],
	['GET', '', 'get '],
	['GET', '/api', 'get /api'],
	['GET', '/api/v1', 'get /api/v1'],
	['GET', '/apis/apps', 'get /apis/apps'],
	['GET', '/apis/apps/v1', 'get /apis/apps/v1'],
	['POST', '/healthz/ping?verbose', 'post /healthz/ping'],
	['GET', '/openapi/v3/apis/apps/v1?hash=ABC', 'get /openapi/v3/apis/apps/v1'],
	['GET', '/.well-known/openid-configuration', 'get /.well-known/openid-configuration'],
	['GET', '/api/v1/pods', 'list /v1 pods - -'],
	['HEAD', '/api/v1/pods', 'list /v1 pods - -'],
	['GET', '/api/v1/pods/', 'list /v1 pods - -'],
	['GET', '/api/v1/pods?watch=true', 'watch /v1 pods - -'],
	['GET', '/api/v1/pods?watch', 'watch /v1 pods - -'],
	['GET', '/api/v1/pods?watch=1', 'watch /v1 pods - -'],
	['GET', '/api/v1/pods?watch=no', 'watch /v1 pods - -'],
	['GET', '/api/v1/pods?watch=0', 'list /v1 pods - -'],
	['GET', '/api/v1/pods?watch=FALSE', 'list /v1 pods - -'],
	['GET', '/api/v1/pods?watch=false&watch=true', 'list /v1 pods - -'],
	['GET', '/api/v1/namespaces', 'list /v1 namespaces - -'],
	['GET', '/api/v1/namespaces/foo', 'get /v1 namespaces foo foo'],
	['PUT', '/api/v1/namespaces/foo/finalize', 'update /v1 namespaces/finalize foo foo'],
	['PATCH', '/api/v1/namespaces/foo/status', 'patch /v1 namespaces/status foo foo'],
	['GET', '/api/v1/namespaces/foo/pods', 'list /v1 pods foo -'],
	['POST', '/api/v1/namespaces/foo/pods', 'create /v1 pods foo -'],
	['DELETE', '/api/v1/namespaces/foo/pods', 'deletecollection /v1 pods foo -'],
	['DELETE', '/api/v1/namespaces/foo/pods/bar', 'delete /v1 pods foo bar'],
	['GET', '/api/v1/namespaces/foo/pods/bar/log?follow=true', 'get /v1 pods/log foo bar'],
	['POST', '/api/v1/namespaces/foo/pods/bar/exec?command=ls', 'create /v1 pods/exec foo bar'],
	['GET', '/api/v1/namespaces/foo/services/https:web:443/proxy/a/b', 'get /v1 services/proxy foo https:web:443'],
	['PATCH', '/apis/apps/v1/namespaces/foo/deployments/web/scale', 'patch apps/v1 deployments/scale foo web'],
	['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aadmin', 'get rbac.authorization.k8s.io/v1 clusterroles - system:admin'],
	['GET', '/api/v1/watch/pods', 'watch /v1 pods - -'],
	['GET', '/api/v1/watch/namespaces/foo/pods/bar', 'watch /v1 pods foo bar'],
	['GET', '/api/v1/watch/namespaces', 'watch /v1 namespaces - -'],
	['GET', '/api/v1/proxy/namespaces/foo/pods/bar/x', 'proxy /v1 pods foo bar'],
	['GET', '/api/v1/watch', 'get /api/v1/watch'],
	['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dweb', 'list /v1 pods - web'],
	['GET', '/api/v1/namespaces/foo/pods?fieldSelector=spec.nodeName%3Dn,metadata.name%3D%3Dweb&watch=true', 'watch /v1 pods foo web'],
	['GET', '/api/v1/pods?fieldSelector=metadata.name%21%3Dweb', 'list /v1 pods - -'],
	['GET', '/api/v1/pods?fieldSelector=metadata.name%3Da%2Fb', 'list /v1 pods - -'],
	['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dweb&limit=many', 'list /v1 pods - -'],
	['GET', '/api/v1/pods?fieldSelector=nonsense', 'list /v1 pods - -'],
	['DELETE', '/api/v1/pods?fieldSelector=metadata.name%3Dweb', 'deletecollection /v1 pods - -'],
	['OPTIONS', '/api/v1/pods', '- /v1 pods - -'],
	['GET', '/apis/x.io/v1/things/%zz%41', 'get x.io/v1 things - %zzA'],
	['GET', 'http://127.0.0.1:6443/api/v1/pods?watch=true#top', 'watch /v1 pods - -'],
])('%s %s is %s', (method, url, expected) => {
	expect(line(method, url)).toBe(expected);
});

test('every request of the captures is what the apiserver logged', () => {
	let compared = 0;
	const audit = readAudits();
	for (const {exchange: {method, url, auditId = ''}} of everyExchange()) {
		const logged = audit.get(auditId);
		if (logged?.verb === undefined) {
			continue;
		}

		compared++;
		const info = parseRequestInfo(method, url);
		expect(info.verb, url).toBe(logged.verb);
		expect(info.isResource, url).toBe(logged.objectRef !== undefined);
		if (!info.isResource || logged.objectRef === undefined) {
			continue;
		}

		const {apiGroup: group = '', apiVersion: version = '', resource, subresource = '', namespace = '', name = ''} = logged.objectRef;
		expect({
			group: info.group, version: info.version, resource: info.resource, subresource: info.subresource, namespace: info.namespace,
		}, url).toEqual({
			group, version, resource, subresource, namespace,
		});
		// Of a create, the log takes the name from the body.
		expect(info.name, url).toBe(info.verb === 'create' && info.name === '' ? '' : name);
	}

	expect(compared).toBeGreaterThan(1000);
});

test('hostile URLs are no exception', () => {
	for (const url of [
		'%',
		'/%%%/%ff%fe/%',
		'/api/v1/%2e%2e/%00',
		`/api/v1/${'/'.repeat(10_000)}`,
		'?'.repeat(1000),
		'#'.repeat(100_000),
		`/apis/${'a/'.repeat(100_000)}`,
		'/api/v1/pods?%zz=%&watch=%',
	]) {
		expect(parseRequestInfo('GET', url)).toBeDefined();
	}
});
