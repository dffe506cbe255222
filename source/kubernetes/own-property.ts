import {strict as assert} from 'node:assert';
import type {JsonObject, JsonValue} from '../model/json.js';

/** Sets an own property, also one called `__proto__`. */
export const setOwn = (object: JsonObject, key: string, value: JsonValue): void => {
	assert.ok(Object.isExtensible(object), 'the object is being made');
	if (key === '__proto__') {
		Object.defineProperty(object, key, {
			value, enumerable: true, configurable: true, writable: true,
		});
		return;
	}

	object[key] = value;
};

/** An own property of untrusted data, or undefined. */
export const getOwn = (object: JsonObject, key: string): JsonValue => Object.hasOwn(object, key) ? object[key] : undefined;
