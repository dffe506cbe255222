import {strict as assert} from 'node:assert';
import {stringifyJson} from '../kubernetes/decode-body.js';
import type {ObjectState, Timeline} from './timeline-types.js';

const describeState = ({version, object, whole}: ObjectState): string => {
	const {key} = version;
	assert.ok(version.kind !== 'end', 'an ended object is not part of a state');
	assert.ok(!whole || version.kind === 'whole', 'only a whole version is served as whole');
	return `${[
		key.group,
		key.resource,
		key.namespace,
		key.name,
		key.uid,
		version.resourceVersion ?? '',
		whole ? 'whole' : 'part',
		stringifyJson(object),
	].join('\t')}\n`;
};

/**
The whole cluster state at a step as canonical text, one line an object (group, resource, namespace, name, uid, resourceVersion, whole or part, exact JSON, by
tabs), in the order of `stateAt`, streamed: two states are the same when their texts are.
*/
export async function * stateText(timeline: Timeline, step: number): AsyncIterable<string> {
	assert.ok(step >= 0 && step <= timeline.length, 'a state is asked for at a step of the session');
	for await (const state of timeline.stateAt(step)) {
		yield describeState(state);
	}
}
