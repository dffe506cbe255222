import {strict as assert} from 'node:assert';
import {decodeBody} from '../kubernetes/decode-body.js';
import type {JsonValue} from '../model/json.js';
import {ownBytes} from '../model/own-bytes.js';
import {createBoundedMap} from './bounded-map.js';
import type {ObjectTimeline} from './object-timelines.js';

/** Memory for the latest states of objects, decoded: those that change often stay here. */
const maximumDecodedBytes = 12 * 1024 * 1024;
/** … and for those that had to leave, as bytes: they are decoded again when they change. */
const maximumRawBytes = 32 * 1024 * 1024;
/** How much larger a decoded object is in memory than its bytes, about. */
const decodedFactor = 6;

type State = {readonly bytes: Uint8Array; readonly value: JsonValue};

/** The latest whole state of each object, to tell what its next version changed. Bounded: what both memories had to leave is not known any more. */
export type HeadStates = {
	get(timeline: ObjectTimeline): JsonValue;
	set(timeline: ObjectTimeline, bytes: Uint8Array, value: JsonValue): void;
	delete(timeline: ObjectTimeline): void;
};

export const createHeadStates = (decodedBytes = maximumDecodedBytes, rawBytes = maximumRawBytes): HeadStates => {
	const raw = createBoundedMap<ObjectTimeline, Uint8Array>(rawBytes);
	const decoded = createBoundedMap<ObjectTimeline, State>(decodedBytes, (timeline, state) => {
		raw.set(timeline, state.bytes, state.bytes.length);
	});

	assert.ok(decodedBytes > 0 && rawBytes > 0, 'both memories have room');
	return {
		get(timeline) {
			assert.ok(decoded.peek(timeline) === undefined || raw.peek(timeline) === undefined, 'a state is in one memory');
			const state = decoded.get(timeline);
			if (state !== undefined) {
				return state.value;
			}

			const bytes = raw.get(timeline);
			assert.ok(bytes === undefined || bytes.length <= rawBytes, 'a memory within its cap');
			assert.ok(bytes === undefined || bytes.length > 0, 'a state without bytes');
			return bytes === undefined ? undefined : decodeBody(bytes)?.value;
		},
		set(timeline, bytes, value) {
			assert.ok(bytes.length > 0, 'a state without bytes');
			raw.delete(timeline);
			assert.equal(raw.peek(timeline), undefined, 'a state is in one memory');
			decoded.set(timeline, {bytes: ownBytes(bytes), value}, bytes.length * decodedFactor);
		},
		delete(timeline) {
			decoded.delete(timeline);
			raw.delete(timeline);
		},
	};
};
