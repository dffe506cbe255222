import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {createWeightedCache} from '../weighted-cache.js';

/** Statements whose text depends on the question, kept for the next question of the same kind. */
const keptStatements = 128;

/** Prepares a statement whose rows come as arrays, or as their one value, or gives the one that was prepared before. */
export const createStatements = (database: Database.Database, rows: 'arrays' | 'values'): ((sql: string) => Database.Statement) => {
	const statements = createWeightedCache<string, Database.Statement>(keptStatements);
	assert.ok(database.open, 'an open file');
	return sql => {
		assert.ok(sql.startsWith('SELECT'), 'a question begins with SELECT');
		const known = statements.get(sql);
		if (known !== undefined) {
			return known;
		}

		const prepared = database.prepare(sql);
		const statement = rows === 'values' ? prepared.pluck() : prepared.raw();
		assert.ok(statement.reader, 'a question, not a change');
		statements.set(sql, statement, 1);
		return statement;
	};
};
