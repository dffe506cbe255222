import type {JsonObject} from '../model/json.js';

/**
Decodes a whole protobuf body (`k8s\0` + runtime.Unknown) to the JSON kube-apiserver would send. For a kind that is not in the table: apiVersion, kind and metadata
only, with `partial` true.

@throws RangeError or TypeError on malformed bytes.
*/
export type DecodedProtobuf = {readonly value: JsonObject; readonly unknownFields: number; readonly partial: boolean};

export declare function decodeProtobuf(bytes: Uint8Array): DecodedProtobuf;
/**
Encodes an object of a kind in the table, byte-identical to Go's encoding.

@throws TypeError for a kind that is not in it.
*/
export declare function encodeProtobuf(value: JsonObject): Uint8Array;
/** Splits a protobuf list into self-contained protobuf bodies (each item in its own envelope), its ListMeta aside. Undefined: not a list of the table. */
export declare function splitProtobufList(bytes: Uint8Array): {readonly resourceVersion: string; readonly continue: string; readonly items: readonly Uint8Array[]} | undefined;
