import {Buffer} from 'node:buffer';
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import type {Column} from '../../../source/commands/printers/columns.js';
import {builtinColumns, plainColumns} from '../../../source/commands/printers/resource-columns.js';
import type {JsonObject} from '../../../source/model/json.js';
import {resourceName} from '../../../source/model/object-key.js';
import type {Operation} from '../../../source/model/operation.js';
import {openStore} from '../../../source/store/open-store.js';
import {openTimeline} from '../../../source/timeline/open-timeline.js';
import type {Timeline} from '../../../source/timeline/timeline-types.js';
import {capturePath} from '../../support/captures.js';
import {kubestep, scratchFile} from '../support/run-command.js';

type Row = {readonly cells: readonly unknown[]; readonly object: {readonly metadata: {readonly name: string; readonly namespace?: string}}};
type Table = {readonly kind: string; readonly columnDefinitions?: ReadonlyArray<{readonly name: string; readonly priority: number}>; readonly rows?: readonly Row[]};

/** The Tables that a real kube-apiserver sent to kubectl, by audit id. */
const recordedTables = (file: string): ReadonlyMap<string, Table> => {
	const har = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {log: {entries: ReadonlyArray<{response: {
		headers: ReadonlyArray<{name: string; value: string}>; content: {text?: string; encoding?: string};
	};}>;};};
	const tables = new Map<string, Table>();
	for (const {response: {headers, content}} of har.log.entries) {
		const bytes = Uint8Array.from(Buffer.from(content.text ?? '', content.encoding === 'base64' ? 'base64' : 'utf8'));
		const text = new TextDecoder().decode(bytes[0] === 0x1F && bytes[1] === 0x8B ? gunzipSync(bytes) : bytes);
		const id = headers.find(({name}) => name.toLowerCase() === 'audit-id')?.value;
		if (id !== undefined && text.startsWith('{"kind":"Table"')) {
			tables.set(id, JSON.parse(text) as Table);
		}
	}

	return tables;
};

const headerOf = ({header, isWide}: Column): string => `${header}${isWide === true ? ' (wide)' : ''}`;

/** Ages depend on the server's clock at that moment: a second more or less is the same. */
const isAge = (header: string): boolean => ['AGE', 'LAST SEEN', 'FIRST SEEN'].includes(header);
const secondsOf = (age: string): number => Number(/^(?<seconds>\d+)s$/v.exec(age)?.groups?.seconds);

type Counts = {tables: number; cells: number; ages: number; unknownObjects: number};

const compareRow = (columns: readonly Column[], object: JsonObject, {cells}: Row, {now, counts}: {readonly now: number; readonly counts: Counts}): void => {
	for (const [index, column] of columns.entries()) {
		const ours = column.cell(object, now);
		const theirs = String(cells[index]);
		if (isAge(column.header)) {
			counts.ages += 1;
			expect(Math.abs(secondsOf(ours) - secondsOf(theirs))).toBeLessThanOrEqual(1);
		} else {
			counts.cells += 1;
			expect([column.header, ours]).toEqual([column.header, theirs]);
		}
	}
};

const compareTable = async (timeline: Timeline, operation: Operation, table: Table, counts: Counts): Promise<void> => {
	const [group, resource] = [operation.group ?? '', operation.resource ?? ''];
	const columns = builtinColumns(resourceName({group, resource})) ?? plainColumns;
	counts.tables += 1;
	expect([resource, columns.map(column => headerOf(column))])
		.toEqual([resource, table.columnDefinitions?.map(({name, priority}) => `${name.toUpperCase()}${priority > 0 ? ' (wide)' : ''}`)]);
	const now = timeline.session.startedAt + Number(operation.arrivedAt / 1_000_000n);
	for (const row of table.rows ?? []) {
		const {name, namespace = ''} = row.object.metadata;
		const place = {
			group, resource, namespace, name,
		};
		const state = await timeline.objectAt(operation.sequence, place);
		if (state?.whole === true) {
			compareRow(columns, state.object, row, {now, counts});
		} else {
			counts.unknownObjects += 1;
		}
	}
};

test('columns and cells are those a kube-apiserver gave kubectl', async () => {
	const capture = capturePath('kubectl-session.har.gz') ?? '';
	const tables = recordedTables(capture);
	const database = scratchFile('x.db');
	await kubestep('import', capture, '-d', database, '--no-redact');
	const store = await openStore(database, {mode: 'read'});
	const timeline = await openTimeline(store);
	const counts = {
		tables: 0, cells: 0, ages: 0, unknownObjects: 0,
	};
	const resources = new Set<string>();
	for (const operation of await timeline.operations(1, timeline.length)) {
		const table = tables.get(operation.auditId ?? '');
		// Their targets are not ours to print yet: NAME and AGE.
		if (table?.columnDefinitions === undefined || operation.resource === 'horizontalpodautoscalers') {
			continue;
		}

		resources.add(operation.resource ?? '');
		await compareTable(timeline, operation, table, counts);
	}

	await store.close();
	console.log(`kubectl's tables: ${JSON.stringify(counts)}, of ${resources.values().toArray().toSorted().join(', ')}`);
	expect(counts.tables).toBeGreaterThan(15);
	expect(counts.cells).toBeGreaterThan(5);
});
