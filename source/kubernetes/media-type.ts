/** A Content-Type, or one clause of an Accept header, lower-cased type with its parameters. */
export type MediaType = {
	/** `application/json`, `application/vnd.kubernetes.protobuf`, … */
	readonly type: string;
	readonly parameters: Readonly<Record<string, string>>;
};

export type BodyFormat = 'json' | 'protobuf' | 'yaml' | 'cbor' | 'text' | 'unknown';

export declare function parseMediaType(value: string): MediaType | undefined;
/** `application/json;as=Table` and `application/merge-patch+json` are json; `application/apply-patch+yaml` is yaml (its text often is JSON). */
export declare function bodyFormat(contentType: string | undefined): BodyFormat;
