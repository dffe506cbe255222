import {strict as assert} from 'node:assert';
import {chainOf} from './body-intake.js';
import type {EffectColumns, EndedRequest} from './effects.js';
import {keyOf, versionBodyOf} from './ingest-context.js';
import {epochAt, isOwnKind} from './resources.js';

/** A get that was answered well shows a version, which enters here if nothing showed it before. */
export const applyGet = (ended: EndedRequest): EffectColumns => {
	const {context, flight, resource, body} = ended;
	const facts = body?.facts;
	const {target} = flight.facts;
	if (facts === undefined || target === undefined) {
		return {};
	}

	assert.ok(flight.draft.verb === 'get', 'lists have their own intake');
	const isMetadata = facts.kind === 'PartialObjectMetadata' && facts.uid !== '' && facts.resourceVersion !== '' && target.subresource === '';
	if (!isMetadata && !isOwnKind(resource, facts, target)) {
		return {};
	}

	assert.ok(body !== undefined, 'facts come from a body');
	const {timeline, row, isNew} = context.versions.enter({
		resource,
		key: keyOf(resource, facts, target),
		facts,
		kind: isMetadata ? 'metadata' : 'whole',
		sequence: flight.draft.sequence,
		at: ended.at,
		storageEpoch: epochAt(resource, flight.draft.sequence),
		isFromRead: true,
		isHashed: true,
		body: versionBodyOf(context.bodies, body, chainOf({...target, verb: 'get'}, facts), body.value),
	});
	if (isNew) {
		context.causes.settleVersion(timeline, row);
	}

	return {hx: row.hx, hm: row.hm};
};
