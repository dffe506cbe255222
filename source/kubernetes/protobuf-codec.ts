import type {JsonObject} from '../model/json.js';
import {hasProtobufMagic} from './protobuf-envelope.js';
import {decodeEnvelope} from './protobuf-decode.js';
import {createReader} from './protobuf-reader.js';

export {encodeProtobuf} from './protobuf-encode.js';
export {splitProtobufList} from './protobuf-list.js';

/**
Decodes a whole protobuf body (`k8s\0` + runtime.Unknown) to the JSON kube-apiserver would send. For a kind that is not in the table: apiVersion, kind and metadata
only, with `partial` true.

@throws RangeError or TypeError on malformed bytes.
*/
export type DecodedProtobuf = {readonly value: JsonObject; readonly unknownFields: number; readonly partial: boolean};

export const decodeProtobuf = (bytes: Uint8Array): DecodedProtobuf => {
	if (!hasProtobufMagic(bytes)) {
		throw new TypeError(String.raw`not a Kubernetes protobuf body: it does not begin with k8s\0`);
	}

	const reader = createReader(bytes);
	const {value, isPartial} = decodeEnvelope(reader);
	return {value, unknownFields: reader.unknownFields, partial: isPartial};
};
