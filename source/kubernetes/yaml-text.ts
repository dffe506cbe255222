import {strict as assert} from 'node:assert';
import {parseDocument, type Tags} from 'yaml';
import {isJsonObject, type JsonObject, type JsonValue} from '../model/json.js';
import {maximumDepth} from './json-text.js';
import {setOwn} from './own-property.js';

/** Longer YAML is not decoded: kube-apiserver takes no request body over 3 MiB. */
export const maximumYamlBytes = 3 * 1024 * 1024;
/** Aliases that may be resolved in one text, against texts that unfold to gigabytes. */
const maximumAliases = 100;

/** YAML 1.1 as Kubernetes reads it: `yes` and `on` are booleans, but dates stay text and 1:30 is no number. */
const kubernetesTags = (tags: Tags): Tags => tags.filter(tag => typeof tag === 'string'
	|| !(['timestamp', 'binary', 'omap', 'pairs', 'set'].some(name => tag.tag === `tag:yaml.org,2002:${name}`) || ('format' in tag && tag.format === 'TIME')));

/** Values in one text, aliases unfolded. */
const maximumYamlValues = 1_000_000;

/** A value on its way into the object or list that holds it. */
type Step = {readonly value: unknown; readonly depth: number; readonly parent: JsonObject | JsonValue[]; readonly key: string | number};

const toScalar = (value: unknown): JsonValue => {
	if (typeof value === 'bigint') {
		const number = Number(value);
		return Number.isSafeInteger(number) ? number : value;
	}

	return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? value as JsonValue : null;
};

const put = ({parent, key}: Step, value: JsonValue): void => {
	if (Array.isArray(parent)) {
		assert.ok(typeof key === 'number' && key < parent.length, 'an item has its place');
		parent[key] = value;
	} else {
		setOwn(parent, String(key), value);
	}

	assert.ok(value !== undefined, 'JSON has no undefined');
};

/** Puts an object or list into its place; what it holds comes later, but keys keep their order. */
const open = (step: Step, value: JsonObject | unknown[], steps: Step[]): void => {
	const copy: JsonObject | JsonValue[] = Array.isArray(value)
		? value.map(() => null)
		: Object.fromEntries(Object.keys(value).map(key => [key, null]));
	put(step, copy);
	const entries: Iterable<readonly [string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
	for (const [key, item] of entries) {
		steps.push({
			value: item, depth: step.depth + 1, parent: copy, key,
		});
	}

	assert.ok(step.depth <= maximumDepth, 'what is too deep is not opened');
};

/** Plain values of the YAML library as ours; undefined: too deep, or too many. */
const toJsonValue = (root: unknown): {readonly value: JsonValue} | undefined => {
	const result: JsonValue[] = [null];
	const steps: Step[] = [{
		value: root, depth: 0, parent: result, key: 0,
	}];
	let count = 0;
	for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
		const {value, depth} = step;
		count++;
		if (depth > maximumDepth || count + steps.length > maximumYamlValues) {
			return undefined;
		}

		if (isJsonObject(value) || Array.isArray(value)) {
			open(step, value, steps);
		} else {
			put(step, toScalar(value));
		}
	}

	assert.equal(result.length, 1, 'a document has one value');
	assert.ok(count <= maximumYamlValues, 'the limit holds');
	return {value: result[0]};
};

/** One YAML document as kube-apiserver reads it; undefined: none, several, too long, too deep, or too many aliases. */
export const parseYamlText = (text: string): {readonly value: JsonValue} | undefined => {
	if (text.length > maximumYamlBytes) {
		return undefined;
	}

	try {
		const document = parseDocument(text, {
			version: '1.1', schema: 'yaml-1.1', customTags: kubernetesTags, intAsBigInt: true, logLevel: 'silent', prettyErrors: false,
			// The library looks for duplicate keys in quadratic time.
			uniqueKeys: false,
		});
		assert.ok(text.length <= maximumYamlBytes, 'a text is bounded');
		return document.errors.length > 0 ? undefined : toJsonValue(document.toJS({maxAliasCount: maximumAliases}));
	} catch (error) {
		// Too many aliases, a stack that overflows, an alias to nothing.
		if (!(error instanceof Error)) {
			throw error;
		}

		return undefined;
	}
};
