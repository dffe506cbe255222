import {Buffer} from 'node:buffer';
import {resourceName} from '../../model/object-key.js';
import {isWriteVerb, type Operation} from '../../model/operation.js';

/** Bytes a terminal takes into its clipboard in one sequence: xterm and others stop at 100,000 with base64. */
export const maximumYank = 74_000;

const quote = (text: string): string => /^[\w%,\-.\/:=@]+$/v.test(text) ? text : `'${text.replaceAll('\'', String.raw`'\''`)}'`;

const methods: Readonly<Record<string, string>> = {
	get: 'GET', list: 'GET', watch: 'GET', create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE',
};

const methodOf = (operation: Operation): string => {
	if (operation.kind === 'event') {
		return 'GET';
	}

	return Object.hasOwn(methods, operation.verb) ? methods[operation.verb]! : operation.verb.toUpperCase();
};

const resourcePath = (operation: Operation): string => {
	const {group = '', version = 'v1', resource = '', subresource = '', namespace = '', name = ''} = operation;
	const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
	const scope = namespace === '' || resource === 'namespaces' ? '' : `namespaces/${namespace}`;
	// A create is posted to the collection.
	const isCreate = operation.kind === 'request' && operation.verb === 'create' && subresource === '';
	return [root, scope, resource, isCreate ? '' : name, subresource].filter(part => part !== '').join('/');
};

/** The URL's path and query. An event's is its object's. */
export const urlOf = (operation: Operation): string => {
	const {resource = '', path = '/', query = '', kind} = operation;
	const target = resource === '' ? path : resourcePath(operation);
	return query === '' || kind === 'event' ? target : `${target}?${query}`;
};

const patchTypes: ReadonlyArray<readonly [string, string]> = [['strategic', 'strategic'], ['merge-patch', 'merge'], ['json-patch', 'json']];

const patchCommand = (operation: Operation): string => {
	const {group = '', resource = '', name = '', namespace = '', subresource = '', patchType = ''} = operation;
	const type = patchTypes.find(([part]) => patchType.includes(part))?.[1] ?? 'merge';
	const parts = [
		`kubectl patch ${quote(resourceName({group, resource}))} ${quote(name)}`,
		namespace === '' ? '' : `-n ${quote(namespace)}`,
		subresource === '' ? '' : `--subresource=${quote(subresource)}`,
		`--type=${type} --patch-file patch.json`,
	];
	return parts.filter(part => part !== '').join(' ');
};

/** The operation as a kubectl command; bodies are read from a file. */
export const kubectlCommand = (operation: Operation): string => {
	const url = quote(urlOf(operation));
	const method = methodOf(operation);
	if (method === 'PATCH') {
		const isApply = operation.patchType?.includes('apply') === true;
		return isApply ? `kubectl apply --server-side --field-manager=${quote(operation.fieldManager ?? 'kubectl')} -f object.yaml` : patchCommand(operation);
	}

	return method === 'POST' || method === 'PUT' ? `kubectl ${method === 'POST' ? 'create' : 'replace'} --raw ${url} -f object.json` : `kubectl ${method === 'DELETE' ? 'delete' : 'get'} --raw ${url}`;
};

/** The operation as a curl command against `$APISERVER`, credentials left to the reader. */
export const curlCommand = (operation: Operation): string => {
	const method = methodOf(operation);
	const type = operation.requestContentType ?? 'application/json';
	const hasBody = isWriteVerb(operation.verb) && method !== 'DELETE';
	const body = hasBody ? ` -H ${quote(`Content-Type: ${type}`)} --data-binary @object.json` : '';
	return `curl -H "Authorization: Bearer $TOKEN"${method === 'GET' ? '' : ` -X ${method}`}${body} "$APISERVER"${quote(urlOf(operation))}`;
};

/** OSC 52: puts a text into the clipboard of the terminal in front of the person, through SSH. */
export const clipboardSequence = (text: string): string => `\u{1B}]52;c;${Buffer.from(text).toString('base64')}\u{7}`;
