import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import {sessionFileId, schemaOne} from './schema.js';

/** What turns a file of schema n−1 into one of schema n. */
export type Migration = {readonly to: number; readonly sql: string};

/** In order; append only: files of every earlier schema are out there. */
export const migrations: readonly Migration[] = [
	{to: 1, sql: schemaOne},
];

export const latestSchema = (steps: readonly Migration[] = migrations): number => steps.at(-1)?.to ?? 0;

/** Brings a file to the latest schema, in one transaction: all or nothing. */
export const migrate = (database: Database.Database, steps: readonly Migration[] = migrations): void => {
	assert.ok(steps.every(({to}, index) => to === index + 1), 'migrations are numbered from 1 without holes');
	assert.ok(!database.readonly, 'a file that is only read is not changed');
	assert.ok(!database.inTransaction, 'a migration is a transaction of its own');
	const upgrade = database.transaction(() => {
		const current = Number(database.pragma('user_version', {simple: true}));
		assert.ok(current <= latestSchema(steps), 'newer files are refused before');
		for (const {to, sql} of steps) {
			if (!(to > current)) {
				continue;
			}

			database.exec(sql);
			database.pragma(`user_version = ${to}`);
		}

		database.pragma(`application_id = ${sessionFileId}`);
		assert.equal(database.pragma('user_version', {simple: true}), latestSchema(steps), 'the file is of the latest schema');
		assert.ok(database.inTransaction, 'no step ended the transaction of all');
	});
	upgrade.immediate();
};
