import {strict as assert} from 'node:assert';
import type {Filter} from '../../expression/filter.js';
import {usageError} from '../../model/kubestep-error.js';
import {always, never, type SqlCondition} from './filter-leaf.js';

/** A part of a filter, compiled: decided for each shape of the session, or a condition on columns. */
export type FilterPart =
	| {readonly type: 'shapes'; readonly passes: readonly boolean[]}
	| (SqlCondition & {readonly type: 'sql'; readonly isIndexed: boolean});

export type CompositeFilter = Extract<Filter, {type: 'all' | 'any' | 'not'}>;
export type LeafFilter = Exclude<Filter, CompositeFilter>;

/** A composite whose children are compiled one after the other. */
export type FilterFrame = {readonly filter: CompositeFilter; readonly children: readonly Filter[]; readonly parts: FilterPart[]};

/** Parts of a filter; and conditions on columns in one place: SQLite limits how deep an expression may be. */
const maximumParts = 10_000;
const maximumConditions = 400;

const compositeTypes: ReadonlySet<string> = new Set(['all', 'any', 'not']);
export const isComposite = (filter: Filter): filter is CompositeFilter => compositeTypes.has(filter.type);

export const sqlPart = ({sql, parameters}: SqlCondition, isIndexed = false): FilterPart => ({
	type: 'sql', sql, parameters, isIndexed,
});

/** A part as a condition on columns; `ids` are the numbers of the session's shapes. */
export const toSql = (part: FilterPart, ids: readonly number[]): SqlCondition => {
	if (part.type === 'sql') {
		assert.ok(part.sql !== '', 'a condition says something');
		return part;
	}

	assert.equal(part.passes.length, ids.length, 'a verdict for every shape');
	const passing = ids.filter((_id, index) => part.passes[index]);
	if (passing.length === 0) {
		return never;
	}

	return passing.length === ids.length ? always : {sql: 'o.shape IN (SELECT value FROM json_each(?))', parameters: [JSON.stringify(passing)]};
};

const negate = (part: FilterPart): FilterPart => (part.type === 'shapes'
	? {type: 'shapes', passes: part.passes.map(passes => !passes)}
	: sqlPart({sql: `NOT (${part.sql})`, parameters: part.parameters}));

/** The parts of a composite as one: what is decided on shapes becomes one verdict for each. */
export const combine = ({filter, parts}: FilterFrame, ids: readonly number[]): FilterPart => {
	if (filter.type === 'not') {
		assert.equal(parts.length, 1, 'a negation has no second part');
		const [part] = parts;
		assert.ok(part !== undefined, 'a negation has one part');
		return negate(part);
	}

	const isAll = filter.type === 'all';
	const verdicts = parts.filter(part => part.type === 'shapes');
	const conditions = parts.filter(part => part.type === 'sql');
	assert.equal(verdicts.length + conditions.length, parts.length, 'every part is decided on shapes or is a condition');
	assert.ok(verdicts.every(verdict => verdict.passes.length === ids.length), 'a verdict for every shape');
	const passes = ids.map((_id, index) => (isAll ? verdicts.every(verdict => verdict.passes[index]) : verdicts.some(verdict => verdict.passes[index])));
	// What the shapes have settled is left out of the SQL: SQLite would, and then miss the index it was told to use.
	if (conditions.length === 0 || !passes.includes(isAll)) {
		return {type: 'shapes', passes};
	}

	if (conditions.length > maximumConditions) {
		throw usageError(`the condition has ${conditions.length} parts in one place, and at most ${maximumConditions} can be answered: make it simpler`);
	}

	const isPartial = passes.includes(!isAll);
	const all = isPartial ? [toSql({type: 'shapes', passes}, ids), ...conditions] : conditions;
	return sqlPart({
		sql: `(${all.map(({sql}) => sql).join(isAll ? ' AND ' : ' OR ')})`,
		parameters: all.flatMap(({parameters}) => parameters),
	}, isAll && conditions.some(({isIndexed}) => isIndexed));
};

/** Compiles a filter from its leaves up. */
export const compileParts = (
	filter: Filter,
	compiler: {open(composite: CompositeFilter): FilterFrame; leaf(leaf: LeafFilter): FilterPart; combine(frame: FilterFrame): FilterPart},
): FilterPart => {
	const stack = [{frame: compiler.open(isComposite(filter) ? filter : {type: 'all', filters: [filter]}), next: 0}];
	let steps = 0;
	for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
		steps += 1;
		if (steps > maximumParts) {
			throw usageError(`the condition has more than ${maximumParts} parts: make it simpler`);
		}

		assert.ok(top.next <= top.frame.children.length, 'each child is compiled once');
		const child = top.frame.children[top.next];
		top.next += 1;
		if (child !== undefined && isComposite(child)) {
			stack.push({frame: compiler.open(child), next: 0});
			continue;
		}

		if (child !== undefined) {
			top.frame.parts.push(compiler.leaf(child));
			continue;
		}

		stack.pop();
		assert.ok(top.frame.parts.length >= top.frame.children.length, 'every child became a part');
		const part = compiler.combine(top.frame);
		const parent = stack.at(-1);
		if (parent === undefined) {
			return part;
		}

		parent.frame.parts.push(part);
	}

	throw new assert.AssertionError({message: 'the walk ends at its root'});
};
