import {isJsonObject, type JsonObject} from '../model/json.js';
import {resourceName} from '../model/object-key.js';
import type {ObjectState, Timeline} from '../timeline/timeline-types.js';
import {
	isOn,
	textFlag,
	type CommandOutput,
	type Flags,
} from './command.js';
import type {Found} from './find-objects.js';
import {definitionOf, type KnownTypes} from './find-resource-types.js';
import type {Column} from './printers/columns.js';
import {crdColumnsFor} from './printers/crd-columns.js';
import {jsonText, withoutManagedFields, yamlText} from './printers/object-text.js';
import {builtinColumns, plainColumns} from './printers/resource-columns.js';
import {textTable} from './printers/text-table.js';

export type Printing = {
	readonly timeline: Timeline;
	readonly step: number;
	readonly known: KnownTypes;
	readonly found: readonly Found[];
	/** One object was named: it is printed itself, not in a List. */
	readonly isSingle: boolean;
	readonly flags: Flags;
};

/** The object with its type: items of a list do not carry theirs. */
const withType = ({object, version}: ObjectState): JsonObject => ({apiVersion: version.apiVersion, kind: version.objectKind, ...object});

/** Wall clock at a step, ms: what ages are counted to. */
const wallClockAt = async (timeline: Timeline, step: number): Promise<number> => {
	const operation = step === 0 ? undefined : await timeline.operation(step);
	return timeline.session.startedAt + Number((operation?.arrivedAt ?? 0n) / 1_000_000n);
};

/** `deployment.apps/web`: an object as `kubectl get -o name` prints it. */
const nameOf = ({version}: ObjectState): string => {
	const {key, objectKind} = version;
	const kind = (objectKind === '' ? key.resource : objectKind).toLowerCase();
	return `${kind}${key.group === '' ? '' : `.${key.group}`}/${key.name}`;
};

const columnsFor = ({type, states}: Found, known: KnownTypes): readonly Column[] => {
	const definition = definitionOf(known, type);
	const version = states[0]?.version.apiVersion.split('/').at(-1) ?? '';
	return builtinColumns(resourceName(type)) ?? (definition === undefined ? plainColumns : crdColumnsFor(definition, version));
};

const tableOf = (found: Found, printing: Printing, nowMs: number): string => {
	const {flags, known} = printing;
	const isWide = textFlag(flags, 'output') === 'wide';
	const hasNamespaces = isOn(flags, 'all-namespaces') && found.type.isNamespaced !== false;
	const hasKinds = printing.found.length > 1;
	const columns = columnsFor(found, known).filter(column => isWide || column.isWide !== true);
	const rows = found.states.map(state => {
		const cells = columns.map(column => {
			const cell = column.cell(state.object, nowMs);
			return hasKinds && column.header === 'NAME' ? nameOf(state) : cell;
		});
		return hasNamespaces ? [state.version.key.namespace, ...cells] : cells;
	});
	const headers = columns.map(({header}) => header);
	return textTable([hasNamespaces ? ['NAMESPACE', ...headers] : headers, ...rows]);
};

const printTables = async (printing: Printing, output: CommandOutput): Promise<void> => {
	const nowMs = await wallClockAt(printing.timeline, printing.step);
	const tables = printing.found.filter(({states}) => states.length > 0).map(found => tableOf(found, printing, nowMs));
	await output.print(tables.join('\n'));
};

const printRaw = async ({timeline, found}: Printing, output: CommandOutput): Promise<void> => {
	for (const {version} of found.flatMap(({states}) => states)) {
		if (version.body !== undefined) {
			await output.print(await timeline.store.readBody(timeline.session.id, version.body)); // eslint-disable-line no-await-in-loop -- in order, one in memory
		}
	}
};

const documentOf = ({found, isSingle, flags}: Printing): JsonObject => {
	const items = found.flatMap(({states}) => states).map(state => withType(state))
		.map(object => isOn(flags, 'show-managed-fields') ? object : withoutManagedFields(object));
	const [first] = items;
	return isSingle && isJsonObject(first)
		? first
		: {
			apiVersion: 'v1', items, kind: 'List', metadata: {resourceVersion: ''},
		};
};

const printNames = async ({found}: Printing, output: CommandOutput): Promise<void> =>
	output.print(found.flatMap(({states}) => states).map(state => `${nameOf(state)}\n`).join(''));

const printers: ReadonlyMap<string, (printing: Printing, output: CommandOutput) => Promise<void>> = new Map([
	['json', async (printing, output) => output.print(jsonText(documentOf(printing)))],
	['yaml', async (printing, output) => output.print(yamlText(documentOf(printing)))],
	['name', printNames],
]);

/** Prints what `get` found, in the form asked for. */
export const printObjects = async (printing: Printing, output: CommandOutput): Promise<void> => {
	const print = isOn(printing.flags, 'raw') ? printRaw : printers.get(textFlag(printing.flags, 'output') ?? 'table') ?? printTables;
	return print(printing, output);
};
