import {strict as assert} from 'node:assert';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';
import {getOwn} from './own-property.js';

/** Null and absent are the same: a typed server prints null for some empty fields. */
export const isAbsent = (value: JsonValue): value is null | undefined => value === undefined || value === null; // eslint-disable-line @typescript-eslint/no-restricted-types

/** Adds the children of two objects or lists to `pairs`, two by two; false: they differ already. */
const arePaired = (left: JsonObject | JsonValue[], right: JsonObject | JsonValue[], pairs: JsonValue[]): boolean => {
	assert.ok(pairs.length % 2 === 0, 'values wait two by two');
	if (Array.isArray(left) || Array.isArray(right)) {
		if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) {
			return false;
		}

		for (const [index, item] of left.entries()) {
			pairs.push(item, right[index]);
		}

		return true;
	}

	for (const [key, value] of Object.entries(left)) {
		pairs.push(value, getOwn(right, key));
	}

	for (const [key, value] of Object.entries(right)) {
		if (!Object.hasOwn(left, key)) {
			pairs.push(undefined, value);
		}
	}

	assert.equal(pairs.length % 2, 0, 'values are compared two by two');
	return true;
};

/** Whether two values say the same, whatever the order of keys; a null field counts as absent. */
export const isEqualJson = (left: JsonValue, right: JsonValue): boolean => {
	const pairs: JsonValue[] = [left, right];
	while (pairs.length > 0) {
		const second = pairs.pop();
		const first = pairs.pop();
		assert.ok(pairs.length % 2 === 0, 'values wait two by two');
		if (first === second || (isAbsent(first) && isAbsent(second))) {
			continue;
		}

		const areContainers = (isJsonObject(first) || Array.isArray(first)) && (isJsonObject(second) || Array.isArray(second));
		if (!areContainers || !arePaired(first, second, pairs)) {
			return false;
		}
	}

	assert.equal(pairs.length, 0, 'everything is compared');
	return true;
};
