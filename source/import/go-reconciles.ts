import type {GoSpan} from './go-database.js';
import type {ReadContext} from './read-context.js';

/** Reconciles of one actor that can run at once, and so are looked at. */
const maximumConcurrent = 32;
/** The Go KubeStep wrote whole seconds: a span lasts to the end of its last one. */
const resolution = 999;

/** Finds the reconcile an operation belongs to. */
export type GoReconciles = {
	/** Undefined: none, or more than one could be it. */
	find(actor: string | undefined, at: number): string | undefined;
	/** Operations that belonged to exactly one, and those that could have belonged to several. */
	readonly found: number;
	readonly ambiguous: number;
};

export const createGoReconciles = ({staging: {database}}: ReadContext, spans: Iterable<GoSpan>): GoReconciles => {
	database.exec('CREATE TABLE span (actor TEXT, start REAL, "end" REAL, id TEXT)');
	const insert = database.prepare('INSERT INTO span VALUES (?, ?, ?, ?)');
	for (const {id, actor, start, end} of spans) {
		insert.run(actor, start, end, id);
	}

	database.exec('CREATE INDEX span_by_start ON span (actor, start)');
	const select = database.prepare<[string, number], {readonly id: string; readonly end: number}>(`
		SELECT id, "end" FROM span WHERE actor = ? AND start <= ? ORDER BY start DESC LIMIT ${maximumConcurrent}
	`);
	let found = 0;
	let ambiguous = 0;

	return {
		find(actor, at) {
			const candidates = actor === undefined ? [] : select.all(actor, at + resolution).filter(({end}) => end + resolution >= at);
			const [only] = candidates;
			if (only === undefined || candidates.length > 1) {
				ambiguous += candidates.length > 1 ? 1 : 0;
				return undefined;
			}

			found++;
			return `span-${only.id}`;
		},
		get found() {
			return found;
		},
		get ambiguous() {
			return ambiguous;
		},
	};
};
