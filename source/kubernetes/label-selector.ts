import {strict as assert} from 'node:assert';
import {type JsonObject, objectAt} from '../model/json.js';
import {maximumSelectorLength, type Selector} from './field-selector.js';
import {labelKeyErrors, labelValueErrors} from './label-names.js';
import {labelTokens, type LabelToken} from './label-tokens.js';

type Operator = '=' | '==' | '!=' | 'in' | 'notin' | '>' | '<' | 'exists' | '!';
/** `Values` are sorted and without duplicates, as in apimachinery. */
type Requirement = {readonly key: string; readonly operator: Operator; readonly values: readonly string[]};
type Cursor = {readonly tokens: readonly LabelToken[]; position: number};

const binaryOperators: ReadonlySet<string> = new Set(['in', 'notin', '=', '==', '!=', '>', '<']);
const endToken: LabelToken = {type: 'end', text: ''};

const peek = (cursor: Cursor): LabelToken => cursor.tokens[cursor.position] ?? endToken;

const consume = (cursor: Cursor): LabelToken => {
	const token = peek(cursor);
	cursor.position++;
	return token;
};

/** `in` and `notin` are operators only after a key; elsewhere they are words like others. */
const isWord = (token: LabelToken): boolean => token.type === 'identifier' || token.type === 'keyword';
const isSymbol = (token: LabelToken, text: string): boolean => token.type === 'symbol' && token.text === text;
const isRequirementEnd = (token: LabelToken): boolean => token.type === 'end' || isSymbol(token, ',');

const quote = (value: string): string => JSON.stringify(value);
const fail = (message: string): never => {
	throw new TypeError(message);
};

const checkKey = (key: string): void => {
	const errors = labelKeyErrors(key);
	if (errors.length > 0) {
		fail(`unable to parse requirement: <nil>: Invalid value: ${quote(key)}: ${errors.join('; ')}`);
	}
};

const parseInt64 = (text: string): bigint | undefined => {
	if (!/^[+\-]?\d{1,64}$/v.test(text)) {
		return undefined;
	}

	const value = BigInt(text.replace(/^\+/v, ''));
	return BigInt.asIntN(64, value) === value ? value : undefined;
};

const checkValues = ({key, operator, values}: Requirement): void => {
	assert.ok(key !== '', 'the key is checked first');
	assert.ok(operator === 'in' || operator === 'notin' || values.length <= 1, 'only sets hold several values');
	if (operator === '>' || operator === '<') {
		const [value = ''] = values;
		if (parseInt64(value) === undefined) {
			fail(`unable to parse requirement: values[0]: Invalid value: ${quote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
		}
	}

	for (const [index, value] of values.entries()) {
		const errors = labelValueErrors(value);
		if (errors.length > 0) {
			fail(`unable to parse requirement: values[${index}][${key}]: Invalid value: ${quote(value)}: ${errors.join('; ')}`);
		}
	}
};

/** The values between parentheses; empty ones count: `(a,,b)`, `()`. The opening one is consumed. */
const parseList = (cursor: Cursor): readonly string[] => {
	assert.ok(cursor.position > 0, 'the parenthesis is consumed');
	assert.equal(cursor.tokens.at(-1)?.type, 'end', 'tokens have an end');
	const values = new Set<string>();
	let isAfterComma = true;
	while (cursor.position < cursor.tokens.length) {
		const token = consume(cursor);
		if (isSymbol(token, ')')) {
			return [...(isAfterComma ? values.add('') : values)].toSorted();
		}

		if (isSymbol(token, ',')) {
			if (isAfterComma) {
				values.add('');
			}

			isAfterComma = true;
		} else if (isAfterComma && isWord(token)) {
			values.add(token.text);
			isAfterComma = false;
		} else {
			fail(`unable to parse requirement: found '${token.text}', expected: ${isAfterComma ? '\',\', or identifier' : '\',\' or \')\''}`);
		}
	}

	return fail('unable to parse requirement: found \'\', expected: \',\' or \')\'');
};

const parseValues = (cursor: Cursor, operator: string): readonly string[] => {
	assert.ok(binaryOperators.has(operator), 'an operator comes first');
	assert.ok(cursor.position >= 2, 'a key and an operator are consumed');
	if (operator === 'in' || operator === 'notin') {
		const open = consume(cursor);
		return isSymbol(open, '(') ? parseList(cursor) : fail(`unable to parse requirement: found '${open.text}' expected: '('`);
	}

	if (isRequirementEnd(peek(cursor))) {
		return [''];
	}

	const value = consume(cursor);
	return isWord(value) ? [value.text] : fail(`unable to parse requirement: found '${value.text}', expected: identifier`);
};

const parseRequirement = (cursor: Cursor): Requirement => {
	assert.ok(cursor.position < cursor.tokens.length, 'tokens are left');
	const isAbsence = isSymbol(peek(cursor), '!');
	if (isAbsence) {
		consume(cursor);
	}

	const key = consume(cursor);
	if (!isWord(key)) {
		fail(`unable to parse requirement: found '${key.text}', expected: identifier`);
	}

	checkKey(key.text);
	if (isAbsence) {
		return {key: key.text, operator: '!', values: []};
	}

	if (isRequirementEnd(peek(cursor))) {
		return {key: key.text, operator: 'exists', values: []};
	}

	assert.ok(cursor.position > 0, 'a key is consumed');
	const operator = consume(cursor);
	if (operator.type === 'identifier' || !binaryOperators.has(operator.text)) {
		fail(`unable to parse requirement: found '${operator.text}', expected: in, notin, =, ==, !=, gt, lt`);
	}

	const requirement: Requirement = {key: key.text, operator: operator.text as Operator, values: parseValues(cursor, operator.text)};
	checkValues(requirement);
	return requirement;
};

const parseRequirements = (text: string): readonly Requirement[] => {
	const cursor: Cursor = {tokens: labelTokens(text), position: 0};
	assert.equal(cursor.tokens.at(-1)?.type, 'end', 'tokens have an end');
	const requirements: Requirement[] = [];
	while (peek(cursor).type !== 'end') {
		const first = peek(cursor);
		if (!isWord(first) && !isSymbol(first, '!')) {
			fail(requirements.length === 0
				? `found '${first.text}', expected: !, identifier, or 'end of string'`
				: `found '${first.text}', expected: identifier after ','`);
		}

		requirements.push(parseRequirement(cursor));
		assert.ok(cursor.position > 0 && cursor.position <= cursor.tokens.length, 'a requirement ends within its tokens');
		const next = consume(cursor);
		if (next.type === 'end') {
			break;
		}

		if (!isSymbol(next, ',')) {
			fail(`found '${next.text}', expected: ',' or 'end of string'`);
		}

		if (peek(cursor).type === 'end') {
			fail('found \'\', expected: identifier after \',\'');
		}
	}

	return requirements;
};

const compareInt64 = (label: string | undefined, wanted: string | undefined): number | undefined => {
	const left = parseInt64(label ?? '');
	const right = parseInt64(wanted ?? '');
	return left === undefined || right === undefined ? undefined : Number(left > right) - Number(left < right);
};

const isMet = ({key, operator, values}: Requirement, labels: JsonObject): boolean => {
	assert.ok(key !== '', 'a label has a key');
	assert.ok(operator === 'exists' || operator === '!' || values.length > 0, 'what compares has values');
	const found = Object.hasOwn(labels, key) ? labels[key] : undefined;
	const label = typeof found === 'string' ? found : undefined;
	switch (operator) {
		case 'exists': {
			return label !== undefined;
		}

		case '!': {
			return label === undefined;
		}

		case 'in':
		case '=':
		case '==': {
			return label !== undefined && values.includes(label);
		}

		case 'notin':
		case '!=': {
			return label === undefined || !values.includes(label);
		}

		case '>':
		case '<': {
			return label !== undefined && compareInt64(label, values[0]) === (operator === '>' ? 1 : -1);
		}
	}
};

/**
Label selector grammar of apimachinery (`a=b,c!=d,e in (f,g),!h`).

@throws TypeError with apimachinery's message.
*/
export const parseLabelSelector = (text: string): Selector => {
	if (text.length > maximumSelectorLength) {
		throw new TypeError(`a label selector of ${text.length} characters is longer than ${maximumSelectorLength}`);
	}

	const requirements = parseRequirements(text);
	assert.ok(requirements.every(requirement => requirement.operator !== 'in' || requirement.values.length > 0), 'a set is never empty');
	assert.ok(requirements.length <= text.length, 'a requirement has text');
	return {
		isEmpty: requirements.length === 0,
		matches(object) {
			const labels = objectAt(objectAt(object, 'metadata'), 'labels') ?? {};
			return requirements.every(requirement => isMet(requirement, labels));
		},
	};
};
