import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {matchesFilter} from '../../expression/evaluate-filter.js';
import type {Filter} from '../../expression/filter.js';
import {usageError} from '../../model/kubestep-error.js';
import {endKinds, type Operation} from '../../model/operation.js';
import type {Dictionaries} from './dictionaries.js';
import {
	always, never, numberCondition, type SqlCondition, textCondition,
} from './filter-leaf.js';
import {flagsOf, type Shape, shapeTexts} from './shape.js';

/*
From a filter to SQL. What can be decided on shapes (verb, resource, status, actor, …) is decided here, on the few hundred shapes of a session, and becomes one list of
shape numbers; the rest becomes conditions on columns.
*/

/** A filter in SQL, on a row `o` of `operations`. */
export type CompiledFilter = SqlCondition & {
	/** The index by which few rows need be looked at; undefined: rows are scanned. */
	readonly index: 'operations_by_place' | 'operations_in_error' | undefined;
};

/** Decided for each shape of the session, or a condition on columns. */
type Part = {readonly type: 'shapes'; readonly passes: readonly boolean[]} | (SqlCondition & {readonly type: 'sql'; readonly isIndexed: boolean});

type Composite = Extract<Filter, {type: 'all' | 'any' | 'not'}>;
type Leaf = Exclude<Filter, Composite>;
type Frame = {readonly filter: Composite; readonly children: readonly Filter[]; readonly parts: Part[]};

/** Parts of a filter, and columns conditions it becomes: SQLite limits how deep an expression may be. */
const maximumParts = 10_000;
const maximumConditions = 400;
/** Places named by number in a query that goes by place. */
const maximumPlaces = 64;

const shapeColumnNames: ReadonlySet<string> = new Set<string>([...shapeTexts.map(([name]) => name), 'kind', 'end', 'status', 'epoch']);
const placeColumns = ['group', 'resource', 'namespace', 'name'] as const;
type PlaceColumn = typeof placeColumns[number];
const collectionVerbs: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection']);

/** An operation of which only what a shape holds is known. */
const representative = (shape: Shape): Operation => {
	assert(shape.end === undefined || endKinds.includes(shape.end), 'an end we know');
	return {
		sequence: 1,
		kind: shape.isEvent ? 'event' : 'request',
		...(shape.texts as {verb: string; process: string; actor: string}),
		status: shape.status,
		epoch: shape.epoch,
		end: shape.end,
		flags: flagsOf(shape.flags),
		arrivedAt: 0n,
		hasHeaders: false,
	};
};

const isShapeLeaf = (filter: Leaf): boolean =>
	filter.type === 'flag' || filter.type === 'error' || (filter.type !== 'place' && shapeColumnNames.has(filter.column));

const isComposite = (filter: Filter): filter is Composite => filter.type === 'all' || filter.type === 'any' || filter.type === 'not';

const isPlaceTest = (filter: Filter): filter is Extract<Filter, {type: 'text'}> & {readonly column: PlaceColumn} =>
	filter.type === 'text' && filter.test === 'equals' && placeColumns.some(column => column === filter.column);

const numberList = (numbers: readonly number[]): string => JSON.stringify(numbers);

/** Compiles filters for one session. */
export const createFilterCompiler = (database: Database.Database, dictionaries: Dictionaries): ((filter: Filter, session: number) => CompiledFilter) => {
	const selectShapes = database.prepare('SELECT id FROM shapes WHERE session = ? ORDER BY id').pluck();
	const selectPlace = database.prepare(`SELECT p.id FROM scopes s JOIN places p ON p.scope = s.id
		WHERE s.session = ? AND s.grp IS ? AND s.resource IS ? AND s.namespace = ? AND p.name = ?`).pluck();

	/** Numbers of the places with exactly these parts; undefined: too many. */
	const placesWith = (tests: ReadonlyArray<{readonly column: PlaceColumn; readonly value: string}>, session: number): readonly number[] | undefined => {
		const columns: Readonly<Record<PlaceColumn, string>> = {
			group: `coalesce(s.grp, '')`, resource: `coalesce(s.resource, '')`, namespace: 's.namespace', name: 'p.name',
		};
		const where = tests.map(({column}) => `${columns[column]} = ?`).join(' AND ');
		assert(where !== '', 'a part at least');
		const found = database.prepare(`SELECT p.id FROM scopes s JOIN places p ON p.scope = s.id WHERE s.session = ? AND ${where} LIMIT ${maximumPlaces + 1}`)
			.pluck().all(session, ...tests.map(({value}) => value)).map(Number);
		return found.length > maximumPlaces ? undefined : found;
	};

	return (filter, session) => {
		const ids = selectShapes.all(session).map(Number);
		const shapes = ids.map(id => representative(dictionaries.shape(id)));

		const onShapes = (test: (operation: Operation) => boolean): Part => ({type: 'shapes', passes: shapes.map(shape => test(shape))});
		const sql = (condition: SqlCondition, isIndexed = false): Part => ({type: 'sql', isIndexed, ...condition});

		const toSql = (part: Part): SqlCondition => {
			if (part.type === 'sql') {
				return part;
			}

			const passing = ids.filter((_id, index) => part.passes[index] === true);
			if (passing.length === 0 || passing.length === ids.length) {
				return passing.length === 0 ? never : always;
			}

			return {sql: 'o.shape IN (SELECT value FROM json_each(?))', parameters: [numberList(passing)]};
		};

		const place = (leaf: Extract<Leaf, {type: 'place'}>): Part => {
			const number = (namespace: string, name: string): readonly number[] => selectPlace.all(session, leaf.group, leaf.resource, namespace, name).map(Number);
			const own = leaf.name === '' ? [] : number(leaf.namespace, leaf.name);
			const collections = [...number(leaf.namespace, ''), ...(leaf.namespace === '' ? [] : number('', ''))];
			const collective = toSql(onShapes(({verb}) => collectionVerbs.has(verb)));
			const all = numberList([...own, ...collections]);
			return sql({
				sql: `(o.place IS NOT NULL AND o.place IN (SELECT value FROM json_each(?)) AND (o.place IN (SELECT value FROM json_each(?)) OR ${collective.sql}))`,
				parameters: [all, numberList(own), ...collective.parameters],
			}, true);
		};

		const leafPart = (leaf: Leaf): Part => {
			if (leaf.type === 'place') {
				return place(leaf);
			}

			if (isShapeLeaf(leaf)) {
				return onShapes(shape => matchesFilter(leaf, shape));
			}

			assert(leaf.type === 'text' || leaf.type === 'textIn' || leaf.type === 'number', 'flags and errors are decided on shapes');
			return sql(leaf.type === 'number' ? numberCondition(leaf, session) : textCondition(leaf, session));
		};

		/** An object's name, and perhaps the other parts of its place, required together: found by index. */
		const requiredPlace = (children: readonly Filter[]): Part | undefined => {
			const tests = children.filter(child => isPlaceTest(child));
			const isNamed = tests.some(({column, value}) => column === 'name' && value !== '') || tests.some(({column, value}) => column === 'resource' && value !== '');
			if (!isNamed || !tests.some(({column}) => column === 'name')) {
				return undefined;
			}

			const places = placesWith(tests, session);
			return places === undefined
				? undefined
				: sql({sql: '(o.place IS NOT NULL AND o.place IN (SELECT value FROM json_each(?)))', parameters: [numberList(places)]}, true);
		};

		const combine = ({filter: composite, parts}: Frame): Part => {
			if (composite.type === 'not') {
				const [part] = parts;
				assert(part !== undefined, 'a negation has one part');
				return part.type === 'shapes' ? {type: 'shapes', passes: part.passes.map(passes => !passes)} : sql({sql: `NOT (${part.sql})`, parameters: part.parameters});
			}

			const isAll = composite.type === 'all';
			const masks = parts.filter(part => part.type === 'shapes');
			const conditions = parts.filter(part => part.type === 'sql');
			const passes = ids.map((_id, index) => (isAll ? masks.every(mask => mask.passes[index] === true) : masks.some(mask => mask.passes[index] === true)));
			if (conditions.length === 0) {
				return {type: 'shapes', passes};
			}

			if (conditions.length > maximumConditions) {
				throw usageError(`the condition has ${conditions.length} parts in one place; at most ${maximumConditions} can be answered: make it simpler`);
			}

			const all = masks.length === 0 ? conditions : [toSql({type: 'shapes', passes}), ...conditions];
			return sql({
				sql: `(${all.map(one => one.sql).join(isAll ? ' AND ' : ' OR ')})`,
				parameters: all.flatMap(one => one.parameters),
			}, isAll && conditions.some(({isIndexed}) => isIndexed));
		};

		const open = (composite: Composite): Frame => {
			const children = composite.type === 'not' ? [composite.filter] : composite.filters;
			const required = composite.type === 'all' ? requiredPlace(children) : undefined;
			return {filter: composite, children: required === undefined ? children : children.filter(child => !isPlaceTest(child)), parts: required === undefined ? [] : [required]};
		};

		return finish(walk(filter, open, leafPart, combine), toSql, shapes.map(shape => matchesFilter({type: 'error'}, shape)));
	};
};

const walk = (filter: Filter, open: (composite: Composite) => Frame, leafPart: (leaf: Leaf) => Part, combine: (frame: Frame) => Part): Part => {
	const root = isComposite(filter) ? filter : {type: 'all' as const, filters: [filter]};
	const stack: Array<{readonly frame: Frame; next: number}> = [{frame: open(root), next: 0}];
	let steps = 0;
	for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
		steps += 1;
		if (steps > maximumParts) {
			throw usageError(`the condition has more than ${maximumParts} parts: make it simpler`);
		}

		const child = top.frame.children[top.next];
		top.next += 1;
		if (child === undefined) {
			stack.pop();
			const part = combine(top.frame);
			const parent = stack.at(-1);
			if (parent === undefined) {
				return part;
			}

			parent.frame.parts.push(part);
		} else if (isComposite(child)) {
			stack.push({frame: open(child), next: 0});
		} else {
			top.frame.parts.push(leafPart(child));
		}
	}

	throw new assert.AssertionError({message: 'a walk ends at its root'});
};

const finish = (part: Part, toSql: (part: Part) => SqlCondition, errors: readonly boolean[]): CompiledFilter => {
	const {sql, parameters} = toSql(part);
	if (part.type === 'sql') {
		return {sql, parameters, index: part.isIndexed ? 'operations_by_place' : undefined};
	}

	assert.equal(part.passes.length, errors.length, 'a verdict for every shape');
	const isAboutErrors = sql !== never.sql && part.passes.every((passes, index) => !passes || errors[index] === true);
	return isAboutErrors ? {sql: `(o.error = 1 AND ${sql})`, parameters, index: 'operations_in_error'} : {sql, parameters, index: undefined};
};
