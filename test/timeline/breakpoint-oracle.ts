import type {BreakpointPattern} from '../../source/model/breakpoint.js';
import type {JsonObject} from '../../source/model/json.js';
import type {Operation} from '../../source/model/operation.js';
import type {Direction} from '../../source/store/operation-store.js';
import type {Stop, Timeline} from '../../source/timeline/timeline-types.js';

type Seen = {readonly operation: Operation; readonly object: JsonObject | undefined; readonly before: JsonObject | undefined; readonly after: JsonObject | undefined};

const replicasOf = (object: JsonObject | undefined): number => {
	const spec = object?.spec as JsonObject | undefined;
	return typeof spec?.replicas === 'number' ? spec.replicas : NaN;
};

/** The conditions of the tests, written by hand: nothing here knows CEL. */
const conditions: Readonly<Record<string, (seen: Seen) => boolean>> = {
	'status == 409': ({operation}) => operation.status === 409,
	'verb == "update" && status >= 400': ({operation}) => operation.verb === 'update' && (operation.status ?? -1) >= 400,
	'name.endsWith("1")': ({operation}) => (operation.name ?? '').endsWith('1'),
	'object.spec.replicas > 4': ({object}) => replicasOf(object) > 4,
	'after.spec.replicas > before.spec.replicas': ({before, after}) => replicasOf(after) > replicasOf(before),
	'verb == "update" && request == null': ({operation}) => operation.verb === 'update',
};

const hasStatus = (wanted: string, status: number | undefined): boolean =>
	status !== undefined && (wanted.endsWith('xx') ? String(status).startsWith(wanted[0]!) : String(status) === wanted);

const isHolding = (pattern: BreakpointPattern, seen: Seen): boolean => {
	const {operation} = seen;
	return (pattern.verb === undefined || operation.verb.toLowerCase() === pattern.verb.toLowerCase())
		&& (['group', 'resource', 'namespace', 'name'] as const).every(part => pattern[part] === undefined || pattern[part] === (operation[part] ?? ''))
		&& (pattern.status === undefined || hasStatus(pattern.status, operation.status))
		&& (pattern.condition === undefined || conditions[pattern.condition]!(seen));
};

/** The steps at which a pattern holds, looked at one by one. */
export const holdsByHand = async (timeline: Timeline, pattern: BreakpointPattern): Promise<readonly number[]> => {
	const steps: number[] = [];
	for (const operation of await timeline.operations(1, timeline.length)) {
		const place = {
			group: operation.group ?? '', resource: operation.resource ?? '', namespace: operation.namespace ?? '', name: operation.name ?? '',
		};
		const [before, after] = await Promise.all([timeline.objectAt(operation.sequence - 1, place), timeline.objectAt(operation.sequence, place)]);
		const body = operation.responseBody === undefined ? undefined : await timeline.store.readBody(timeline.session.id, operation.responseBody);
		const object = body === undefined ? undefined : JSON.parse(new TextDecoder().decode(body)) as JsonObject;
		if (isHolding(pattern, {
			operation, object, before: before?.object, after: after?.object,
		})) {
			steps.push(operation.sequence);
		}
	}

	return steps;
};

/** Continue from one end to the other. */
export const walkStops = async (timeline: Timeline, direction: Direction): Promise<readonly Stop[]> => {
	const stops: Stop[] = [];
	let at = direction === 'forward' ? 0 : timeline.length + 1;
	for (let turn = 0; turn <= timeline.length; turn++) {
		const stop = await timeline.breakpoints.resume(at, direction);
		if (stop === undefined) {
			return stops;
		}

		stops.push(stop);
		at = stop.step;
	}

	throw new Error('continue does not move');
};
