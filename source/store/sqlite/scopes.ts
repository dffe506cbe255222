import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {VersionQuery} from '../operation-store.js';
import type {Column} from './encodings.js';
import type {SessionRow} from './sessions.js';

/** A resource in a namespace. */
export type Scope = {readonly id: number; readonly group: string; readonly resource: string; readonly namespace: string};

type ScopeParts = Omit<Scope, 'id'>;

/** A scope, and the name after which its objects are asked for. */
export type ScopePart = {readonly scope: Scope; readonly afterName: string};

const scopeParts = ['group', 'resource', 'namespace'] as const;

const compareScopes = (left: ScopeParts, right: ScopeParts): number => {
	const part = scopeParts.find(one => left[one] !== right[one]);
	if (part === undefined) {
		return 0;
	}

	return left[part] < right[part] ? -1 : 1;
};

const isAskedFor = (scope: Scope, query: VersionQuery): boolean => scopeParts.every(part => query[part] === undefined || query[part] === scope[part]);

const textOf = (column: Column | undefined): string => (typeof column === 'string' ? column : '');

/** The scopes a query asks for, in order, each with the name after which its objects are asked for. */
export const sortedScopes = (database: Database.Database): ((session: SessionRow, query: VersionQuery) => readonly ScopePart[]) => {
	const select = database.prepare('SELECT id, grp, resource, namespace FROM scopes WHERE session = ? AND resource IS NOT NULL').raw();

	return (session, query) => {
		assert.ok(query.at !== undefined, 'a state is asked for scope by scope');
		assert.equal(query.place, undefined, 'a single place is looked up by its name');
		const rows = select.all(session.number) as ReadonlyArray<readonly Column[]>;
		const scopes = rows.map(([id, group, resource, namespace]): Scope => ({
			id: Number(id), group: textOf(group), resource: textOf(resource), namespace: textOf(namespace),
		}));
		const {afterKey} = query;
		const asked = scopes.filter(scope => isAskedFor(scope, query)).toSorted(compareScopes);
		assert.ok(asked.length <= scopes.length, 'a part of the scopes');
		return asked
			.filter(scope => afterKey === undefined || compareScopes(scope, afterKey) >= 0)
			.map(scope => ({scope, afterName: afterKey !== undefined && compareScopes(scope, afterKey) === 0 ? afterKey.name : ''}));
	};
};
