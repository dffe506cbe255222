/**
RequestInfo of kube-apiserver (wire.md §1; apiserver pkg/endpoints/request/requestinfo.go).
`verb` is get, list, watch, create, update, patch, delete, deletecollection, proxy, or for non-resource URLs the method in lower case.
*/
export type RequestInfo =
	| {readonly isResource: false; readonly verb: string; readonly path: string}
	| {
		readonly isResource: true; readonly verb: string; readonly group: string; readonly version: string; readonly resource: string;
		readonly subresource: string; readonly namespace: string; readonly name: string;
	};

/** `url` is path and query as on the wire (a leading proxy prefix is already gone). Never throws. */
export declare function parseRequestInfo(method: string, url: string): RequestInfo;
