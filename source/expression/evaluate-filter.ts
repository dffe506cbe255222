import {isError, type Operation} from '../model/operation.js';
import {numberValue, textValue} from './column-values.js';
import type {Filter} from './filter.js';

type Composite = Extract<Filter, {type: 'all' | 'any' | 'not'}>;
type Leaf = Exclude<Filter, Composite>;

/** A composite being answered: which of its parts comes next. */
type Frame = {readonly filter: Composite; readonly parts: readonly Filter[]; next: number};

/** Verbs that are about every object of a collection. */
const collectionVerbs: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection']);

const compositeTypes: ReadonlySet<string> = new Set(['all', 'any', 'not']);

const isComposite = (filter: Filter): filter is Composite => compositeTypes.has(filter.type);

const isTextMatch = (filter: Extract<Leaf, {type: 'text'}>, operation: Operation): boolean => {
	const value = textValue(operation, filter.column);
	switch (filter.test) {
		case 'equals': {
			return value === filter.value;
		}

		case 'contains': {
			return value.includes(filter.value);
		}

		case 'startsWith': {
			return value.startsWith(filter.value);
		}

		case 'endsWith': {
			return value.endsWith(filter.value);
		}
	}
};

const isNumberMatch = (filter: Extract<Leaf, {type: 'number'}>, operation: Operation): boolean => {
	const value = numberValue(operation, filter.column);
	switch (filter.test) {
		case '==': {
			return value === filter.value;
		}

		case '<': {
			return value < filter.value;
		}

		case '<=': {
			return value <= filter.value;
		}

		case '>': {
			return value > filter.value;
		}

		case '>=': {
			return value >= filter.value;
		}
	}
};

/** The object itself, or a request for a collection it belongs to. */
const isPlaceMatch = (place: Extract<Leaf, {type: 'place'}>, operation: Operation): boolean => {
	if (operation.group !== place.group || operation.resource !== place.resource) {
		return false;
	}

	const namespace = operation.namespace ?? '';
	const name = operation.name ?? '';
	return name === ''
		? collectionVerbs.has(operation.verb) && (namespace === place.namespace || namespace === '')
		: name === place.name && namespace === place.namespace;
};

const isLeafMatch = (filter: Leaf, operation: Operation): boolean => {
	switch (filter.type) {
		case 'text': {
			return isTextMatch(filter, operation);
		}

		case 'textIn': {
			return filter.values.includes(textValue(operation, filter.column));
		}

		case 'number': {
			return isNumberMatch(filter, operation);
		}

		case 'flag': {
			return operation.flags.has(filter.flag);
		}

		case 'error': {
			return isError(operation);
		}

		case 'place': {
			return isPlaceMatch(filter, operation);
		}
	}
};

const openFrame = (filter: Composite): Frame => ({filter, parts: filter.type === 'not' ? [filter.filter] : filter.filters, next: 0});

/** Whether one part's answer settles its composite, and how. */
const isSettledBy = (filter: Composite, isMatch: boolean): boolean => filter.type === 'not' || isMatch === (filter.type === 'any');

/** Whether an operation passes a filter: what a backend without a query language answers with. */
export const matchesFilter = (filter: Filter, operation: Operation): boolean => { // eslint-disable-line unicorn/consistent-boolean-name -- what filters do
	if (!isComposite(filter)) {
		return isLeafMatch(filter, operation);
	}

	const frames = [openFrame(filter)];
	let answer: boolean | undefined;
	for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
		if (answer !== undefined && isSettledBy(frame.filter, answer)) {
			answer = frame.filter.type === 'not' ? !answer : answer;
			frames.pop();
			continue;
		}

		const part = frame.parts[frame.next];
		frame.next++;
		if (part === undefined) {
			answer = frame.filter.type === 'all';
			frames.pop();
		} else if (isComposite(part)) {
			answer = undefined;
			frames.push(openFrame(part));
		} else {
			answer = isLeafMatch(part, operation);
		}
	}

	return answer ?? true;
};
