import {strict as assert} from 'node:assert';

/** What apimachinery's validation says of label keys and values (util/validation: IsQualifiedName, IsValidLabelValue). */

const namePattern = /^(?:[\dA-Za-z][\w\-.]*)?[\dA-Za-z]$/v;
const subdomainPattern = /^[\da-z](?:[\d\-a-z]*[\da-z])?(?:\.[\da-z](?:[\d\-a-z]*[\da-z])?)*$/v;
const maximumNameLength = 63;
const maximumPrefixLength = 253;

const characters = 'must consist of alphanumeric characters, \'-\', \'_\' or \'.\', and must start and end with an alphanumeric character';
const nameExamples = '(e.g. \'MyName\',  or \'my.name\',  or \'123-abc\', regex used for validation is \'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\')';
const valueExamples = '(e.g. \'MyValue\',  or \'my_value\',  or \'12345\', regex used for validation is \'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\')';
const subdomainRule = [
	'prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \'-\' or \'.\', and must start and end with an alphanumeric character',
	String.raw`(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
].join(' ');
const valueRule = `a valid label must be an empty string or ${characters.replace('must consist', 'consist')} ${valueExamples}`;

const prefixErrors = (prefix: string | undefined): readonly string[] => {
	if (prefix === undefined) {
		return [];
	}

	if (prefix === '') {
		return ['prefix part must be non-empty'];
	}

	assert.ok(!prefix.includes('/'), 'a prefix ends at the slash');
	assert.ok(prefix !== '', 'an empty prefix is refused before');
	return [
		...(prefix.length > maximumPrefixLength ? [`prefix part must be no more than ${maximumPrefixLength} characters`] : []),
		...(subdomainPattern.test(prefix) ? [] : [subdomainRule]),
	];
};

/** What is wrong with a label key; empty: nothing. */
export const labelKeyErrors = (key: string): readonly string[] => {
	const parts = key.split('/');
	if (parts.length > 2) {
		return [`a valid label key ${characters} ${nameExamples} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
	}

	assert.ok(parts.length === 1 || parts.length === 2, 'a key is a name, or a prefix and a name');
	const name = parts.at(-1) ?? '';
	assert.ok(!name.includes('/'), 'a name begins behind the slash');
	return [
		...prefixErrors(parts.length === 2 ? parts[0] : undefined),
		...(name === '' ? ['name part must be non-empty'] : []),
		...(name.length > maximumNameLength ? [`name part must be no more than ${maximumNameLength} characters`] : []),
		...(namePattern.test(name) ? [] : [`name part ${characters} ${nameExamples}`]),
	];
};

/** What is wrong with a label value; empty: nothing. */
export const labelValueErrors = (value: string): readonly string[] => [
	...(value.length > maximumNameLength ? [`must be no more than ${maximumNameLength} characters`] : []),
	...(value === '' || namePattern.test(value) ? [] : [valueRule]),
];
