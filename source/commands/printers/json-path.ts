import {isJsonObject, type JsonValue} from '../../model/json.js';
import {textAt} from './columns.js';

/** One step of a path: an own key, a position, all, or the items whose field compares. */
type PathStep =
	| {readonly type: 'key'; readonly key: string}
	| {readonly type: 'index'; readonly index: number}
	| {readonly type: 'all'}
	| {readonly type: 'where'; readonly path: readonly string[]; readonly isEqual: boolean; readonly value: string};

const keyPattern = /^\.?(?<key>(?:\\.|[^\s"'.\[\\\]\{\}])+)/v;
const bracketPattern = /^\.?\[(?<inside>(?:'[^']*'|"[^"]*"|[^"'\[\]])*)\]/v;
const wherePattern = /^\?\(\s*@\.(?<path>[\w\-.]+)\s*(?<operator>==|!=)\s*(?:'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<bare>[\w.]+))\s*\)$/v;
const maximumSteps = 32;
const maximumValues = 1000;

const bracketStep = (inside: string): PathStep | undefined => {
	const text = inside.trim();
	if (text === '*') {
		return {type: 'all'};
	}

	if (/^-?\d+$/v.test(text)) {
		return {type: 'index', index: Number(text)};
	}

	if (/^(?:'.*'|".*")$/v.test(text)) {
		return {type: 'key', key: text.slice(1, -1).replaceAll(/\\(?<character>.)/gv, '$<character>')};
	}

	const where = wherePattern.exec(text)?.groups;
	return where === undefined
		? undefined
		: {
			type: 'where', path: (where.path ?? '').split('.'), isEqual: where.operator === '==', value: where.single ?? where.double ?? where.bare ?? '',
		};
};

/**
Parses the part of Kubernetes' JSONPath that custom resources' printer columns use: `.spec.a`, `.a[0]`, `.a[*].b`, `['a.b']`, `.a\.b`,
`.conditions[?(@.type=="Ready")].status`. Undefined for anything else.
*/
export const parseJsonPath = (text: string): readonly PathStep[] | undefined => {
	const steps: PathStep[] = [];
	let rest = text.trim().replace(/^\{(?<inner>.*)\}$/v, '$<inner>').replace(/^\$/v, '');
	while (rest !== '' && steps.length < maximumSteps) {
		const bracket = bracketPattern.exec(rest);
		const key = bracket === null ? keyPattern.exec(rest) : null;
		const step: PathStep | undefined = bracket === null
			? (key === null ? undefined : {type: 'key', key: (key.groups?.key ?? '').replaceAll(/\\(?<character>.)/gv, '$<character>')})
			: bracketStep(bracket.groups?.inside ?? '');
		if (step === undefined) {
			return undefined;
		}

		steps.push(step.type === 'key' && step.key === '*' ? {type: 'all'} : step);
		rest = rest.slice((bracket ?? key)?.[0].length ?? rest.length);
	}

	return rest === '' ? steps : undefined;
};

const childrenOf = (value: JsonValue): readonly JsonValue[] => {
	if (Array.isArray(value)) {
		return value;
	}

	return isJsonObject(value) ? Object.values(value) : [];
};

const follow = (value: JsonValue, step: PathStep): readonly JsonValue[] => {
	switch (step.type) {
		case 'key': {
			return isJsonObject(value) && Object.hasOwn(value, step.key) ? [value[step.key]] : [];
		}

		case 'index': {
			const item = Array.isArray(value) ? value.at(step.index) : undefined;
			return item === undefined ? [] : [item];
		}

		case 'all': {
			return childrenOf(value);
		}

		case 'where': {
			return childrenOf(value).filter(item => (textAt(item, ...step.path) === step.value) === step.isEqual);
		}
	}
};

/** The values a path finds in an object, at most a thousand. */
export const findByJsonPath = (object: JsonValue, steps: readonly PathStep[]): readonly JsonValue[] => {
	let values: readonly JsonValue[] = [object];
	for (const step of steps) {
		values = values.flatMap(value => follow(value, step)).slice(0, maximumValues);
	}

	return values;
};
