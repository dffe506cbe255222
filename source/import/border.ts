import {type JsonObject, type JsonValue, isJsonObject} from '../model/json.js';

/** Parts of untrusted JSON as our own types: a part of another type counts as absent. */
export const textOf = (object: JsonObject, key: string): string | undefined => {
	const value = Object.hasOwn(object, key) ? object[key] : undefined;
	return typeof value === 'string' ? value : undefined;
};

export const numberOf = (object: JsonObject, key: string): number | undefined => {
	const value = Object.hasOwn(object, key) ? object[key] : undefined;
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

export const objectOf = (object: JsonObject, key: string): JsonObject | undefined => {
	const value: JsonValue = Object.hasOwn(object, key) ? object[key] : undefined;
	return isJsonObject(value) ? value : undefined;
};

export const listOf = (object: JsonObject, key: string): readonly JsonValue[] => {
	const value = Object.hasOwn(object, key) ? object[key] : undefined;
	return Array.isArray(value) ? value : [];
};
