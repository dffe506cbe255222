import {strict as assert} from 'node:assert';
import type {JsonValue} from '../model/json.js';
import type {BodyNumber} from '../model/operation.js';

/** Encoded bytes of the decoded bodies kept; decoded they take five to ten times as much. */
export const maximumCachedBytes = 1024 * 1024;
/** A larger body is decoded each time: it would push out everything else. */
export const maximumCachedBody = maximumCachedBytes / 2;

/** Decoded bodies by number; least recently used go first. Bodies never change, so nothing here grows stale. */
export type ObjectCache = {
	/** The holder tells "decoded to nothing" from "not here". */
	get(body: BodyNumber): {readonly value: JsonValue} | undefined;
	set(body: BodyNumber, value: JsonValue, bytes: number): void;
	readonly bytes: number;
};

type Entry = {readonly value: JsonValue; readonly bytes: number};

export const createObjectCache = (): ObjectCache => {
	const entries = new Map<BodyNumber, Entry>();
	let total = 0;

	const drop = (body: BodyNumber): void => {
		total -= entries.get(body)?.bytes ?? 0;
		entries.delete(body);
		assert.ok(total >= 0, 'no body is dropped twice');
		assert.ok(entries.size > 0 || total === 0, 'an empty cache holds no bytes');
	};

	return {
		get(body) {
			const entry = entries.get(body);
			if (entry === undefined) {
				return undefined;
			}

			entries.delete(body);
			entries.set(body, entry);
			assert.ok(entry.bytes <= maximumCachedBody, 'large bodies are not kept');
			assert.ok(entry.bytes <= total, 'every entry is counted');
			return entry;
		},
		set(body, value, bytes) {
			assert.ok(bytes >= 0, 'a body has a size');
			if (bytes > maximumCachedBody) {
				return;
			}

			drop(body);
			entries.set(body, {value, bytes});
			total += bytes;
			for (const oldest of entries.keys()) {
				if (total <= maximumCachedBytes) {
					break;
				}

				drop(oldest);
			}

			assert.ok(total >= 0 && total <= maximumCachedBytes, 'the object cache stays within its cap');
		},
		get bytes() {
			return total;
		},
	};
};
