import Database from 'better-sqlite3';

export type MadeRow = Record<string, unknown>;

const oldColumns = `id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, sequence_number INTEGER NOT NULL, timestamp INTEGER NOT NULL,
	operation_type TEXT NOT NULL, resource_kind TEXT NOT NULL, namespace TEXT, name TEXT, resource_data TEXT, error TEXT, duration_ms INTEGER`;
const newColumns = `${oldColumns}, actor_id TEXT, uid TEXT, resource_version TEXT, generation INTEGER, verb TEXT`;
const spans = `CREATE TABLE reconcile_spans (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, actor_id TEXT, start_ts INTEGER, end_ts INTEGER, duration_ms INTEGER,
	kind TEXT, namespace TEXT, name TEXT, trigger_uid TEXT, trigger_resource_version TEXT, trigger_reason TEXT, error TEXT)`;

const insert = (database: Database.Database, table: string, row: MadeRow): void => {
	const names = Object.keys(row);
	database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(...Object.values(row));
};

/** Writes a database as the Go KubeStep does; `old` is the generation without actors. */
export const makeGoDatabase = (file: string, rows: readonly MadeRow[], {old = false, reconciles = []}: {readonly old?: boolean; readonly reconciles?: readonly MadeRow[]} = {}): void => {
	const database = new Database(file);
	database.exec(`CREATE TABLE operations (${old ? oldColumns : newColumns})`);
	database.exec('CREATE INDEX idx_session ON operations (session_id, sequence_number)');
	if (!old) {
		database.exec(spans);
	}

	database.exec('BEGIN');
	for (const row of rows) {
		insert(database, 'operations', row);
	}

	for (const row of reconciles) {
		insert(database, 'reconcile_spans', row);
	}

	database.exec('COMMIT');
	database.close();
};
