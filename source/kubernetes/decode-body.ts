import type {JsonValue} from '../model/json.js';

/**
A body as the JSON the apiserver would print: by its content type, else by its first bytes (`k8s\0` is protobuf). Big integers stay exact.
Undefined: not decodable (text, cut off, too deep, CBOR). `unknownFields` counts protobuf fields the table lacks.
Bounds: `maximumDepth` levels, `maximumBodyBytes` bytes.
*/
export type DecodedBody = {readonly value: JsonValue; readonly format: 'json' | 'yaml' | 'protobuf'; readonly unknownFields: number};

export declare function decodeBody(bytes: Uint8Array, contentType?: string): DecodedBody | undefined;

/** Exact JSON text (BigInt as digits), keys in the object's order; `indent` as JSON.stringify's. */
export declare function stringifyJson(value: JsonValue, indent?: number): string;
