import {stringAt, type JsonObject, type JsonValue} from '../../model/json.js';
import {
	ageColumn,
	firstText,
	listAt,
	nameColumn,
	textAt,
	type Column,
} from './columns.js';
import {ageAt} from './human-duration.js';
import {findByJsonPath, parseJsonPath} from './json-path.js';

/** Columns a custom resource may declare, before we stop. */
const maximumColumns = 30;

const scalarText = (value: JsonValue): string =>
	typeof value === 'object' && value !== null
		? JSON.stringify(value, (_key, inner: unknown) => typeof inner === 'bigint' ? String(inner) : inner)
		: String(value);

const columnOf = (declared: JsonObject): Column | undefined => {
	const steps = parseJsonPath(textAt(declared, 'jsonPath'));
	const header = stringAt(declared, 'name')?.toUpperCase();
	if (steps === undefined || header === undefined) {
		return undefined;
	}

	const isDate = textAt(declared, 'type') === 'date';
	return {
		header,
		isWide: Number(firstText(textAt(declared, 'priority'), '0')) > 0,
		cell(object, nowMs) {
			// As kubectl: the first of several.
			const found = findByJsonPath(object, steps).find(value => value !== undefined && value !== null);
			const text = found === undefined ? '' : scalarText(found);
			return isDate && text !== '' ? ageAt(text, nowMs) : text;
		},
	};
};

/** What the CustomResourceDefinition asks `kubectl get` to show for a version of its kind; NAME and AGE where it says nothing. */
export const crdColumnsFor = (definition: JsonObject, version: string): readonly Column[] => {
	const versions = listAt(definition, 'spec', 'versions');
	const declared = versions.find(candidate => textAt(candidate, 'name') === version) ?? versions.find(candidate => textAt(candidate, 'storage') === 'true');
	const columns = listAt(declared, 'additionalPrinterColumns').slice(0, maximumColumns)
		.map(column => columnOf(column))
		.filter(column => column !== undefined);
	return columns.length === 0 ? [nameColumn, ageColumn] : [nameColumn, ...columns];
};
