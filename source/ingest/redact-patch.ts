import {isJsonObject, type JsonValue} from '../model/json.js';
import {mapEntries} from './redact-json.js';

/** Whether a body is a JSON patch (RFC 6902) in form. */
export const isJsonPatch = (value: JsonValue): boolean =>
	Array.isArray(value) && value.every(item => isJsonObject(item) && typeof item.op === 'string' && typeof item.path === 'string');

/** The segments of a JSON pointer (RFC 6901). */
export const pathSegments = (path: string): readonly string[] =>
	path.split('/').slice(1).map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** One operation of a JSON patch with its value rewritten (`add`, `replace` and `test` have one). */
export const redactPatchOperation = (operation: JsonValue, rewrite: (path: string, value: JsonValue) => JsonValue): JsonValue => {
	if (!isJsonObject(operation) || typeof operation.path !== 'string') {
		return operation;
	}

	const {path} = operation;
	return mapEntries(operation, (value, field) => field === 'value' ? rewrite(path, value) : value);
};
