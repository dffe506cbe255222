import type {JsonValue} from '../../model/json.js';

/** Plain texts YAML 1.1 reads as something else than a string (kubectl's printer quotes them). */
const otherTypes = [
	/^(?:null|~|true|false|yes|no|on|off|[ny])?$/iv,
	/^[+\-]?(?:0b[01_]+|0x[\da-f_]+|0o?[0-7_]+|[\d_]+)$/iv,
	/^[+\-]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[+\-]?\d+)?$/iv,
	/^[+\-]?\.(?:inf|nan)$/iv,
	/^[+\-]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/v,
	/^\d{4}-\d{1,2}-\d{1,2}(?:[\st].*)?$/iv,
	/^(?:=|<<)$/v,
];
const specialStart = /^[\-:?](?:\s|$)|^&|^[\s!"#%'*,>@\[\]`\{\|\}]/v;
const specialInside = /:\s|\s#|:$|\s$/v;
/** What a terminal would act on, or nobody would see; line feeds and tabs are no part of it. */
const unprintable = /[[\p{Line_Separator}\p{Other}\p{Paragraph_Separator}]--[\t\n]]/v;

const escapes: ReadonlyMap<string, string> = new Map([['\n', String.raw`\n`], ['\t', String.raw`\t`], ['\r', String.raw`\r`], ['\u{1B}', String.raw`\e`], ['"', String.raw`\"`], ['\\', '\\\\']]);

const escapeCharacter = (character: string): string => {
	const known = escapes.get(character);
	if (known !== undefined) {
		return known;
	}

	const code = character.codePointAt(0)!;
	if (code <= 0xFF) {
		return String.raw`\x${code.toString(16).padStart(2, '0')}`;
	}

	return code <= 0xFF_FF ? String.raw`\u${code.toString(16).padStart(4, '0')}` : String.raw`\U${code.toString(16).padStart(8, '0')}`;
};

const doubleQuoted = (text: string): string => `"${text.replaceAll(/[\p{Line_Separator}\p{Other}\p{Paragraph_Separator}"\\]/gv, character => escapeCharacter(character))}"`;

/** A string on one line, quoted as kubectl quotes it. */
export const yamlString = (text: string): string => {
	if (unprintable.test(text) || text.includes('\n') || text.includes('\t') || otherTypes.some(pattern => pattern.test(text))) {
		return doubleQuoted(text);
	}

	return specialStart.test(text) || specialInside.test(text) ? `'${text.replaceAll('\'', '\'\'')}'` : text;
};

/** Whether a string is printed as a block (`|`), line by line. */
export const isBlock = (text: string): boolean => text.includes('\n') && text.trim() !== '' && !unprintable.test(text) && !/^\s/v.test(text);

/** `|`, `|-` or `|+`, and the lines of the block. */
export const blockOf = (text: string): {readonly header: string; readonly lines: readonly string[]} => {
	const lines = text.split('\n');
	if (lines.at(-1) !== '') {
		return {header: '|-', lines};
	}

	const isKept = lines.length > 1 && lines.at(-2) === '';
	return {header: isKept ? '|+' : '|', lines: lines.slice(0, -1)};
};

/** Anything that is no object, array or block. */
export const yamlScalar = (value: Exclude<JsonValue, object> | null): string => // eslint-disable-line @typescript-eslint/no-restricted-types -- JSON
	typeof value === 'string' ? yamlString(value) : String(value ?? null);

/** A key of an object. */
export const yamlKey = (key: string): string => yamlString(key);
