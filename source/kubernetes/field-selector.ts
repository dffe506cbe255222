import {strict as assert} from 'node:assert';
import {type JsonObject, type JsonValue, isJsonObject} from '../model/json.js';

/** One requirement of a field selector: the field's path equals, or does not equal, the value. */
export type FieldTerm = {readonly field: string; readonly value: string; readonly isNegated: boolean};

/** A compiled selector. `isEmpty` selects everything. */
export type Selector = {readonly isEmpty: boolean; matches(object: JsonObject): boolean};

/** A selector longer than this is refused: no request line is. */
export const maximumSelectorLength = 64 * 1024;

const unescaped: ReadonlyMap<string, string> = new Map([[String.raw`\\`, '\\'], [String.raw`\,`, ','], [String.raw`\=`, '=']]);

/** Value without its escapes; undefined: an escape that is none, or a bare comma or equals sign (apimachinery, UnescapeValue). */
const unescapeValue = (text: string): string | undefined => {
	const bare = text.replaceAll(/\\[,=\\]/gv, '');
	return /[,=\\]/v.test(bare) ? undefined : text.replaceAll(/\\[,=\\]/gv, escape => unescaped.get(escape) ?? escape);
};

/** The first operator of a term and where it is, as apimachinery looks for them: `!=`, `==`, `=`, at the leftmost place. */
const splitTerm = (term: string): FieldTerm | undefined => {
	assert.ok(term !== '', 'an empty term is skipped');
	assert.ok(term.length <= maximumSelectorLength, 'a selector is bounded');
	const at = term.search(/!=|=/v);
	if (at === -1) {
		return undefined;
	}

	assert.ok(term[at] === '!' || term[at] === '=', 'an operator was found');
	const isNegated = term[at] === '!';
	const operatorLength = isNegated || term[at + 1] === '=' ? 2 : 1;
	const value = unescapeValue(term.slice(at + operatorLength));
	return value === undefined ? undefined : {field: term.slice(0, at), value, isNegated};
};

const splitTerms = (selector: string): readonly string[] => selector.match(/(?:\\.|[^,\\]|\\$)+/gsv) ?? [];

/** Requirements of a field selector, all of which must hold; undefined: not a field selector. */
export const parseFieldTerms = (selector: string): readonly FieldTerm[] | undefined => {
	if (selector.length > maximumSelectorLength) {
		return undefined;
	}

	const terms = splitTerms(selector).map(term => splitTerm(term));
	return terms.includes(undefined) ? undefined : terms.filter(term => term !== undefined);
};

/**
Fields whose selectable value differs from the object's JSON (k8s.io/kubernetes pkg/registry, *ToSelectableFields): what an absent one counts as, and
where it stands.
*/
const selectableFields: ReadonlyMap<string, {readonly path: string; readonly absent: string}> = new Map([
	['spec.unschedulable', {path: 'spec.unschedulable', absent: 'false'}],
	['spec.hostNetwork', {path: 'spec.hostNetwork', absent: 'false'}],
	['status.replicas', {path: 'status.replicas', absent: '0'}],
	['status.successful', {path: 'status.succeeded', absent: '0'}],
	['source', {path: 'source.component', absent: ''}],
	['name', {path: 'metadata.name', absent: ''}],
]);

/** A field's value as text; '' where it is absent or no scalar. */
const readField = (object: JsonObject, field: string): string => {
	const {path, absent} = selectableFields.get(field) ?? {path: field.replace(/^\./v, ''), absent: ''};
	assert.ok(path.length <= maximumSelectorLength, 'a path is part of a selector');
	assert.ok(isJsonObject(object), 'fields are read from objects');
	let current: JsonValue = object;
	for (const part of path.split('.')) {
		if (!isJsonObject(current) || !Object.hasOwn(current, part)) {
			return absent;
		}

		current = current[part];
	}

	return current === undefined || current === null || typeof current === 'object' ? absent : String(current);
};

/**
Field selector (`metadata.name=x,status.phase!=Running`), any path of the object.

@throws TypeError
*/
export const parseFieldSelector = (text: string): Selector => {
	const terms = parseFieldTerms(text);
	if (terms === undefined) {
		const part = splitTerms(text.slice(0, maximumSelectorLength)).find(term => splitTerm(term) === undefined) ?? '';
		throw new TypeError(`invalid selector: '${text.slice(0, 256)}'; can't understand '${part.slice(0, 256)}'`);
	}

	assert.ok(terms.every(term => !term.field.includes(',')), 'terms are split at commas');
	assert.ok(terms.length <= text.length, 'a term has text');
	return {
		isEmpty: terms.length === 0,
		matches: object => terms.every(term => (readField(object, term.field) === term.value) !== term.isNegated),
	};
};
