/** A decoded body. Integers beyond 2^53 are BigInt, so that int64 fields keep every digit. */
export type JsonValue = undefined | null | boolean | number | bigint | string | JsonValue[] | JsonObject; // eslint-disable-line @typescript-eslint/no-restricted-types
export type JsonObject = {[key: string]: JsonValue};

export const isJsonObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at `key` of untrusted data, or undefined: only own keys, so that `__proto__` tricks find nothing. */
export const objectAt = (value: JsonValue, key: string): JsonObject | undefined => {
	if (!isJsonObject(value) || !Object.hasOwn(value, key)) {
		return undefined;
	}

	const inner = value[key];
	return isJsonObject(inner) ? inner : undefined;
};

/** The non-empty string at `key` of untrusted data, or undefined. */
export const stringAt = (value: JsonValue, key: string): string | undefined => {
	if (!isJsonObject(value) || !Object.hasOwn(value, key)) {
		return undefined;
	}

	const inner = value[key];
	return typeof inner === 'string' && inner !== '' ? inner : undefined;
};

/** The array at `key` of untrusted data, or an empty one. */
export const arrayAt = (value: JsonValue, key: string): readonly JsonValue[] => {
	if (!isJsonObject(value) || !Object.hasOwn(value, key)) {
		return [];
	}

	const inner = value[key];
	return Array.isArray(inner) ? inner : [];
};
