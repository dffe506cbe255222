import {
	arrayAt,
	isJsonObject,
	objectAt,
	stringAt,
	type JsonObject,
	type JsonValue,
} from '../../model/json.js';
import {ageAt} from './human-duration.js';

/** One column of `kubectl get`: `isWide` shows with `-o wide` only. `nowMs` is the wall clock at the step. */
export type Column = {
	readonly header: string;
	readonly isWide?: boolean;
	readonly cell: (object: JsonObject, nowMs: number) => string;
};

/** The value at a path of own keys; undefined where a part is missing. */
export const valueAt = (object: JsonValue, ...path: readonly string[]): JsonValue => {
	let value: JsonValue = object;
	for (const key of path) {
		value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
	}

	return value;
};

/** The text of a scalar at a path; '' where it is missing. */
export const textAt = (object: JsonValue, ...path: readonly string[]): string => {
	const value = valueAt(object, ...path);
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : '';
};

/** The first text that is not empty, else ''. */
export const firstText = (...texts: readonly string[]): string => texts.find(text => text !== '') ?? '';

/** A count at a path; 0 where it is missing, as Go's zero value. */
export const countAt = (object: JsonValue, ...path: readonly string[]): string => firstText(textAt(object, ...path), '0');

export const orNone = (text: string): string => text === '' ? '<none>' : text;

/** The objects in the array at a path. */
export const listAt = (object: JsonValue, ...path: readonly string[]): readonly JsonObject[] => {
	const value = valueAt(object, ...path);
	return Array.isArray(value) ? value.filter(item => isJsonObject(item)) : [];
};

export const keyCount = (object: JsonValue, ...path: readonly string[]): number => {
	const value = valueAt(object, ...path);
	return isJsonObject(value) ? Object.keys(value).length : 0;
};

export const nameColumn: Column = {header: 'NAME', cell: object => stringAt(objectAt(object, 'metadata'), 'name') ?? '<unknown>'};

export const ageColumn: Column = {
	header: 'AGE', cell: (object, nowMs) => ageAt(stringAt(objectAt(object, 'metadata'), 'creationTimestamp'), nowMs),
};

/** A column that shows a scalar of the object. */
export const textColumn = (header: string, path: readonly string[], options: {readonly isWide?: boolean; readonly missing?: string} = {}): Column =>
	({header, isWide: options.isWide ?? false, cell: object => firstText(textAt(object, ...path), options.missing ?? '<none>')});

export const countColumn = (header: string, path: readonly string[]): Column => ({header, cell: object => countAt(object, ...path)});

/** `a=b,c in (d)`: a label selector as kubectl prints it. */
export const selectorText = (selector: JsonValue): string => {
	const labels = isJsonObject(valueAt(selector, 'matchLabels')) ? valueAt(selector, 'matchLabels') : undefined;
	const pairs = isJsonObject(labels) ? Object.keys(labels).map(key => `${key}=${textAt(labels, key)}`) : [];
	const expressions = arrayAt(selector, 'matchExpressions').filter(item => isJsonObject(item)).map(item => {
		const values = arrayAt(item, 'values').filter(value => typeof value === 'string').join(',');
		const operator = textAt(item, 'operator');
		const key = textAt(item, 'key');
		if (operator === 'Exists') {
			return key;
		}

		return operator === 'DoesNotExist' ? `!${key}` : `${key} ${operator === 'In' ? 'in' : 'notin'} (${values})`;
	});
	return orNone([...pairs.toSorted(), ...expressions].join(','));
};

/** Names and images of the containers of a pod template. */
export const containerColumns = (path: readonly string[]): readonly Column[] => [
	{header: 'CONTAINERS', isWide: true, cell: object => orNone(listAt(object, ...path, 'containers').map(container => textAt(container, 'name')).join(','))},
	{header: 'IMAGES', isWide: true, cell: object => orNone(listAt(object, ...path, 'containers').map(container => textAt(container, 'image')).join(','))},
];
