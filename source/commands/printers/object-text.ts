import {Document, type ToStringOptions} from 'yaml';
import {isJsonObject, type JsonObject, type JsonValue} from '../../model/json.js';

/** As kubectl writes YAML: sequences not indented, no folded lines. */
const yamlOptions: ToStringOptions = {
	indentSeq: false, lineWidth: 0, blockQuote: 'literal', minContentWidth: 0,
};

const sortKeys = (value: unknown): unknown =>
	isJsonObject(value)
		? Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).toSorted(([left], [right]) => left < right ? -1 : 1))
		: value;

// TypeScript does not know it yet; Node has it from 21 on.
const {rawJSON: rawNumber} = JSON as unknown as {readonly rawJSON: (text: string) => unknown}; // eslint-disable-line @typescript-eslint/naming-convention -- JavaScript's name

/** C1 controls, which a terminal may obey; JSON and YAML can both say them otherwise. */
const escapeControls = (text: string, prefix: string, digits: number): string =>
	text.replaceAll(/[\u{7F}-\u{9F}]/gv, character => `${prefix}${(character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0')}`);

/** JSON as kubectl writes it: keys in order, four blanks, integers of any size exactly. Ends in a newline. */
export const jsonText = (value: unknown): string => {
	const text = JSON.stringify(value, (_key, inner: unknown) => typeof inner === 'bigint' ? rawNumber(String(inner)) : sortKeys(inner), 4);
	return `${escapeControls(text, String.raw`\u`, 4)}\n`;
};

/** YAML as kubectl writes it: keys in order. Ends in a newline. */
export const yamlText = (value: JsonValue): string => {
	const document = new Document(value, {
		version: '1.1', sortMapEntries: true, aliasDuplicateObjects: false, compat: 'core',
	} as const);
	return escapeControls(document.toString(yamlOptions), String.raw`\x`, 2);
};

/** A copy without `metadata.managedFields`, which kubectl leaves out unless asked. */
export const withoutManagedFields = (object: JsonObject): JsonObject => {
	const {metadata} = object;
	if (!isJsonObject(metadata) || !Object.hasOwn(metadata, 'managedFields')) {
		return object;
	}

	const {managedFields: _, ...rest} = metadata;
	return {...object, metadata: rest};
};
