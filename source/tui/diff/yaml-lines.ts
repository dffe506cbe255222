import {
	isJsonObject,
	stringAt,
	type JsonObject,
	type JsonValue,
} from '../../model/json.js';
import {
	blockOf,
	isBlock,
	yamlKey,
	yamlScalar,
} from './yaml-scalar.js';

/** One line of an object as YAML. `path` as in `Operation.changed`. `identity`, where set, is compared instead of the text. */
export type YamlLine = {readonly text: string; readonly path: string; readonly identity?: string};

/** A part printed as one line: what the line says, and what tells two such parts apart. */
export type Fold = {readonly text: string; readonly identity: string};

export type YamlOptions = {
	readonly maximumLines: number;
	/** By path. */
	readonly folds?: ReadonlyMap<string, Fold>;
};

/** Characters of one printed line. */
export const maximumLineLength = 4096;

type Part = {
	readonly value: JsonValue;
	/** Cells before the part's own lines. */
	readonly indent: number;
	/** Start of the first line, where it differs: `  - `. */
	readonly lead?: string;
	readonly key?: string;
	readonly path: string;
};

const shorten = (text: string): string =>
	text.length > maximumLineLength ? `${text.slice(0, maximumLineLength)} (and ${text.length - maximumLineLength} characters more)` : text;

/** As `changedPaths` of the kubernetes room spells them. */
const childPath = (path: string, key: string): string => {
	const isPlain = /^[A-Z_a-z]\w*$/v.test(key);
	if (!isPlain) {
		return `${path}[${JSON.stringify(key)}]`;
	}

	return path === '' ? key : `${path}.${key}`;
};

const startOf = (part: Part): string => part.lead ?? ' '.repeat(part.indent);

const sortedKeys = (value: JsonObject): readonly string[] =>
	Object.keys(value).filter(key => value[key] !== undefined).toSorted((left, right) => (left < right ? -1 : Number(left > right)));

const mapParts = (part: Part, value: JsonObject, limit: number): readonly Part[] => {
	const indent = part.key === undefined ? part.indent : part.indent + 2;
	return sortedKeys(value).slice(0, limit).map((key, index) => ({
		value: value[key],
		indent,
		lead: index === 0 && part.key === undefined ? part.lead : undefined,
		key,
		path: childPath(part.path, key),
	}));
};

/** Items told apart by `name`, where each has one of its own: then their place in the list says little. */
const itemNames = (items: readonly JsonValue[]): readonly string[] | undefined => {
	const names = items.map(item => stringAt(item, 'name'));
	const isNamed = names.length > 0 && names.every(name => name !== undefined) && new Set(names).size === names.length;
	return isNamed ? names : undefined;
};

const itemStep = (name: string | undefined, index: number): string => name === undefined ? `[${index}]` : `[name=${/^[\w\-.]+$/v.test(name) ? name : JSON.stringify(name)}]`;

/** As kubectl prints them: a list's dashes stand below its key, not indented. */
const listParts = (part: Part, value: readonly JsonValue[], limit: number): readonly Part[] => {
	const items = value.slice(0, limit);
	const names = itemNames(items);
	return items.map((item, index) => {
		const start = index === 0 && part.key === undefined ? startOf(part) : ' '.repeat(part.indent);
		return {
			value: item, indent: part.indent + 2, lead: `${start}- `, path: part.path + itemStep(names?.[index], index),
		};
	});
};

const isEmpty = (value: JsonValue): boolean => Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;

/** Lines of a part that holds no others. */
const leafLines = (part: Part, folds: YamlOptions['folds']): readonly YamlLine[] | undefined => {
	const {value, path} = part;
	const label = part.key === undefined ? startOf(part) : `${startOf(part)}${yamlKey(part.key)}: `;
	const fold = folds?.get(path);
	if (fold !== undefined) {
		return [{text: label + fold.text, path, identity: fold.identity}];
	}

	if (isEmpty(value)) {
		return [{text: `${label}${Array.isArray(value) ? '[]' : '{}'}`, path}];
	}

	if (typeof value === 'object' && value !== null) {
		return undefined;
	}

	if (typeof value === 'string' && isBlock(value)) {
		const {header, lines} = blockOf(value);
		const pad = ' '.repeat(part.key === undefined ? part.indent : part.indent + 2);
		return [{text: label + header, path}, ...lines.map(line => ({text: shorten(line === '' ? '' : pad + line), path}))];
	}

	return [{text: shorten(label + yamlScalar(value)), path}];
};

/** An object as YAML, as kubectl prints it: keys in order, lists not indented. Stops at `maximumLines`: `isCut` then. */
export const yamlLines = (value: JsonValue, {maximumLines, folds}: YamlOptions): {readonly lines: readonly YamlLine[]; readonly isCut: boolean} => {
	const lines: YamlLine[] = [];
	const waiting: Part[] = [{value, indent: 0, path: ''}];
	while (waiting.length > 0 && lines.length <= maximumLines) {
		const part = waiting.pop()!;
		const leaf = leafLines(part, folds);
		const room = maximumLines + 1 - lines.length;
		if (leaf !== undefined) {
			for (const line of leaf.slice(0, room)) {
				lines.push(line);
			}

			continue;
		}

		if (part.key !== undefined) {
			lines.push({text: `${startOf(part)}${yamlKey(part.key)}:`, path: part.path});
		}

		const parts = Array.isArray(part.value) ? listParts(part, part.value, room) : mapParts(part, part.value as JsonObject, room);
		for (const child of parts.toReversed()) {
			waiting.push(child);
		}
	}

	return {lines: lines.slice(0, maximumLines), isCut: lines.length > maximumLines};
};
