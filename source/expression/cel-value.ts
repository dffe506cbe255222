import {isJsonObject, type JsonValue} from '../model/json.js';

/** A value as CEL sees it: integers are BigInt, objects are maps (so that no key, `constructor` or `__proto__`, means anything). */
type CelValue = null | boolean | number | bigint | string | CelValue[] | Map<string, CelValue>; // eslint-disable-line @typescript-eslint/no-restricted-types

type Task =
	| {readonly type: 'list'; readonly from: readonly JsonValue[]; readonly to: CelValue[]}
	| {readonly type: 'map'; readonly from: Readonly<Record<string, JsonValue>>; readonly to: Map<string, CelValue>};

/** A decoded body for an expression; null where there is none. */
export const celBody = (body: JsonValue): CelValue => {
	const tasks: Task[] = [];

	const place = (value: JsonValue): CelValue => {
		if (Array.isArray(value)) {
			const to: CelValue[] = [];
			tasks.push({type: 'list', from: value, to});
			return to;
		}

		if (isJsonObject(value)) {
			const to = new Map<string, CelValue>();
			tasks.push({type: 'map', from: value, to});
			return to;
		}

		return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value ?? null;
	};

	const placed = place(body);
	for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
		if (task.type === 'list') {
			for (const item of task.from) {
				task.to.push(place(item));
			}
		} else {
			for (const [key, value] of Object.entries(task.from)) {
				task.to.set(key, place(value));
			}
		}
	}

	return placed;
};
