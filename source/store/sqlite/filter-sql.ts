import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {matchesFilter} from '../../expression/evaluate-filter.js';
import type {Filter} from '../../expression/filter.js';
import type {Operation} from '../../model/operation.js';
import type {Dictionaries, StoredShape} from './dictionaries.js';
import {
	always,
	type LeafContext,
	never,
	numberCondition,
	type SqlCondition,
	textCondition,
} from './filter-leaf.js';
import {
	combine,
	compileParts,
	type CompositeFilter,
	type FilterFrame,
	type FilterPart,
	type LeafFilter,
	sqlPart,
	toSql,
} from './filter-part.js';
import {createPlaceFilters, isPlaceTest, type PlaceFilters} from './filter-places.js';
import {shapeTexts} from './shape.js';
import {createStatements} from './statements.js';

/*
From a filter to SQL. What can be decided on shapes (verb, resource, status, actor, …) is decided here, on the few hundred shapes of a session, and becomes one list of
shape numbers; the rest becomes conditions on columns.
*/

/** A filter in SQL, on a row `o` of `operations`. */
export type CompiledFilter = SqlCondition & {
	/** The index by which few rows need be looked at; undefined: rows are scanned. */
	readonly index: 'operations_by_place' | 'operations_in_error' | undefined;
};

/** What a filter is compiled against: the shapes of one session, each as an operation of which nothing else is known. */
type Context = LeafContext & {readonly ids: readonly number[]; readonly shapes: readonly Operation[]; readonly places: PlaceFilters; readonly generation: number};

/** Numbers of a dictionary that are listed in a statement. */
const maximumNumbers = 20_000;

const shapeColumns: ReadonlySet<string> = new Set<string>([...shapeTexts.map(([name]) => name), 'kind', 'end', 'status', 'epoch']);
const collectionVerbs: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection']);

const representative = ({operation}: StoredShape): Operation => ({
	...operation, sequence: 1, arrivedAt: 0n, hasHeaders: false,
});

const onShapes = ({shapes}: Context, isPassing: (shape: Operation) => boolean): FilterPart => ({type: 'shapes', passes: shapes.map(shape => isPassing(shape))});

const isShapeLeaf = (filter: LeafFilter): boolean =>
	filter.type === 'flag' || filter.type === 'error' || (filter.type !== 'place' && shapeColumns.has(filter.column));

const compileLeaf = (leaf: LeafFilter, context: Context): FilterPart => {
	if (isShapeLeaf(leaf)) {
		return onShapes(context, shape => matchesFilter(leaf, shape));
	}

	if (leaf.type === 'place') {
		const collective = toSql(onShapes(context, ({verb}) => collectionVerbs.has(verb)), context.ids);
		return sqlPart(context.places.about(leaf, context.session, collective), true);
	}

	assert.ok(leaf.type !== 'flag' && leaf.type !== 'error', 'flags and errors are decided on shapes');
	assert.ok(!shapeColumns.has(leaf.column), 'what shapes hold is decided on shapes');
	assert.ok(context.ids.length === context.shapes.length, 'a shape for every number');
	const condition = leaf.type === 'number' ? numberCondition(leaf, context) : textCondition(leaf, context);
	assert.ok(condition.sql !== '', 'a condition says something');
	const isConstant = condition === always || condition === never;
	return isConstant ? onShapes(context, () => condition === always) : sqlPart(condition, condition.isIndexed);
};

/** What is left to compile of a composite once the place it requires is found. */
const openComposite = (filter: CompositeFilter, context: Context): FilterFrame => {
	const children = filter.type === 'not' ? [filter.filter] : filter.filters;
	assert.ok(filter.type !== 'not' || children.length === 1, 'a negation has one part');
	const required = filter.type === 'all' ? context.places.required(children.filter(child => isPlaceTest(child)), context.session) : undefined;
	return required === undefined
		? {filter, children, parts: []}
		: {filter, children: children.filter(child => !isPlaceTest(child)), parts: [sqlPart(required, true)]};
};

const finish = (part: FilterPart, context: Context): CompiledFilter => {
	const {sql, parameters} = toSql(part, context.ids);
	assert.equal(sql.split('?').length - 1, parameters.length, 'a value for every parameter');
	if (part.type === 'sql') {
		return {sql, parameters, index: part.isIndexed ? 'operations_by_place' : undefined};
	}

	assert.equal(part.passes.length, context.shapes.length, 'a verdict for every shape');
	const isAboutErrors = part.passes.includes(true) && context.shapes.every((shape, index) => part.passes[index] === false || matchesFilter({type: 'error'}, shape));
	return isAboutErrors ? {sql: `(o.error = 1 AND ${sql})`, parameters, index: 'operations_in_error'} : {sql, parameters, index: undefined};
};

/** The shapes of the session that was asked for last; there are only ever more of them. */
const createContexts = (database: Database.Database, dictionaries: Dictionaries): ((session: number) => Context) => {
	const selectShapes = database.prepare('SELECT id FROM shapes WHERE session = ? ORDER BY id').pluck();
	const selectLast = database.prepare('SELECT max(id) FROM shapes WHERE session = ?').pluck();
	const places = createPlaceFilters(database);
	const prepare = createStatements(database, 'values');
	let latest: Context | undefined;

	const numbers = ({sql, parameters}: SqlCondition): readonly number[] | undefined => {
		const found = prepare(`${sql} LIMIT ${maximumNumbers + 1}`).all(...parameters).map(Number);
		assert.ok(found.every(number => number > 0), 'rows of a dictionary are numbered from 1');
		return found.length > maximumNumbers ? undefined : found;
	};

	return session => {
		const last: unknown = selectLast.get(session) ?? undefined;
		if (latest?.session === session && latest.ids.at(-1) === last && latest.generation === dictionaries.generation) {
			return latest;
		}

		const ids = selectShapes.all(session).map(Number);
		latest = {
			session, ids, places, numbers, shapes: ids.map(id => representative(dictionaries.shape(id))), generation: dictionaries.generation,
		};
		assert.equal(latest.shapes.length, ids.length, 'a shape for every number');
		return latest;
	};
};

/** Compiles filters for sessions, by their numbers. */
export const createFilterCompiler = (database: Database.Database, dictionaries: Dictionaries): ((filter: Filter, session: number) => CompiledFilter) => {
	assert.ok(database.open, 'an open file');
	const contextOf = createContexts(database, dictionaries);

	return (filter, session) => {
		const context = contextOf(session);
		const {ids} = context;
		const part = compileParts(filter, {
			open: composite => openComposite(composite, context),
			leaf: leaf => compileLeaf(leaf, context),
			combine: frame => combine(frame, ids),
		});
		const compiled = finish(part, context);
		assert.equal(compiled.sql.split('?').length - 1, compiled.parameters.length, 'a parameter for every mark');
		return compiled;
	};
};
