import {strict as assert} from 'node:assert';
import {
	arrayAt,
	isJsonObject,
	type JsonObject,
	objectAt,
	stringAt,
} from '../model/json.js';
import {chainOf} from './body-intake.js';
import type {EffectColumns, EndedRequest} from './effects.js';
import {createItemBodies, type ItemType} from './item-bodies.js';
import {keyOf, type IngestContext} from './ingest-context.js';
import {absentFrom, type CompleteList, scopeOf} from './list-scope.js';
import {
	isGenericKind,
	isGoneAfterDelete,
	type ObjectFacts,
	readFacts,
} from './object-facts.js';
import {findRow} from './object-timelines.js';
import {epochAt} from './resources.js';
import {endByWrite} from './write-effects.js';

const partialKind = 'PartialObjectMetadata';

const versionOf = (facts: ObjectFacts): string | undefined => facts.collectionResourceVersion === '' ? undefined : facts.collectionResourceVersion;

/** A list's items with what they are. */
type OpenedList = {
	readonly items: readonly JsonObject[];
	readonly type: ItemType;
	readonly body: (index: number, type: ItemType) => Uint8Array;
	/** One uid per item; undefined when an item does not tell. */
	readonly uids: ReadonlySet<string> | undefined;
};

const uidsOf = (objects: ReadonlyArray<JsonObject | undefined>): ReadonlySet<string> | undefined => {
	const uids = new Set<string>();
	for (const object of objects) {
		const uid = stringAt(objectAt(object, 'metadata'), 'uid');
		if (uid === undefined) {
			return undefined;
		}

		uids.add(uid);
	}

	assert.ok(uids.size <= objects.length, 'one uid per object');
	return uids;
};

const openList = (ended: EndedRequest, facts: ObjectFacts): OpenedList => {
	const {body} = ended;
	assert.ok(body !== undefined && facts.continue !== undefined, 'an answer that is a list');
	const value = body.value();
	if (facts.kind === 'Table') {
		const rows = arrayAt(value, 'rows');
		return {
			items: [], type: {apiVersion: '', kind: ''}, body: () => new Uint8Array(), uids: uidsOf(rows.map(row => objectAt(row, 'object'))),
		};
	}

	assert.ok(facts.kind.endsWith('List'), 'what is no Table is a list by its kind');
	const items = arrayAt(value, 'items').filter(item => isJsonObject(item));
	const isPartial = facts.kind === `${partialKind}List`;
	return {
		items,
		type: {apiVersion: facts.apiVersion, kind: isPartial ? partialKind : facts.kind.replace(/List$/v, '')},
		body: createItemBodies(body, items),
		uids: uidsOf(items),
	};
};

/** Whether a version is known as well as this list could tell it, so that its item need not be looked at. */
const isKnown = (ended: EndedRequest, item: JsonObject, isPartial: boolean, storageEpoch: number): boolean => {
	const metadata = objectAt(item, 'metadata');
	const timeline = ended.context.timelines.find(ended.resource, stringAt(metadata, 'uid') ?? '');
	const row = timeline === undefined ? undefined : findRow(timeline, stringAt(metadata, 'resourceVersion') ?? '', storageEpoch);
	return row !== undefined && (row.kind === 'whole' || isPartial) && !(row.isFromRead && ended.flight.draft.sequence < row.step);
};

const enterItem = (ended: EndedRequest, list: OpenedList, index: number, storageEpoch: number): void => {
	const {context, flight, resource} = ended;
	const item = list.items[index]!;
	assert.ok(item !== undefined, 'an item of the list');
	const own = readFacts(item);
	const kind = own?.kind === undefined || own.kind === '' ? list.type.kind : own.kind;
	const isPartial = kind === partialKind;
	if (own === undefined || own.uid === '' || own.resourceVersion === '' || (!isPartial && isGenericKind(kind))) {
		return;
	}

	assert.ok(kind !== '', 'an item has a kind, or its list says it');
	const facts: ObjectFacts = {...own, kind, apiVersion: own.apiVersion === '' ? list.type.apiVersion : own.apiVersion};
	const place = {namespace: flight.draft.namespace ?? '', name: ''};
	const key = keyOf(resource, facts, place);
	const chain = chainOf({...key, verb: 'list', subresource: ''}, facts);
	const {timeline, row, isNew} = context.versions.enter({
		resource, key, facts, kind: isPartial ? 'metadata' : 'whole', sequence: flight.draft.sequence, at: ended.at, storageEpoch,
		isFromRead: flight.draft.verb === 'list', isHashed: false,
		body: {
			number: () => context.bodies.store(list.body(index, list.type), chain),
			bytes: () => list.body(index, list.type),
			// Typed lists leave the type out of their items; a version has it.
			value: () => ({apiVersion: facts.apiVersion, kind: facts.kind, ...item}),
			isRedacted: ended.body?.isRedacted ?? false,
		},
	});
	if (isNew) {
		context.causes.settleVersion(timeline, row);
	}

	// What an event showed before the answer ended; a version from before the request is one of an object that was being deleted already.
	if (flight.draft.verb === 'deletecollection' && row.step >= flight.draft.sequence && row.claim === undefined) {
		context.causes.claimVersion(timeline, row, {sequence: flight.draft.sequence, isCertain: false, flags: flight.draft.flags});
	}
};

/** Ends what a complete list proves gone (design: rule 4). */
export const endAbsent = (context: IngestContext, list: CompleteList, step: number, at: bigint): void => {
	assert.ok(step > 0, 'steps count from 1');
	for (const timeline of absentFrom(list)) {
		context.timelines.end(timeline, {
			step, resourceVersion: undefined, at, claim: undefined,
		});
		context.states.delete(timeline);
	}
};

/** A list that was answered well: each item is a version; when it is complete, what is absent has ended. */
export const applyList = (ended: EndedRequest): EffectColumns => {
	const {context, flight, resource, body} = ended;
	const facts = body?.facts;
	const {target} = flight.facts;
	if (facts?.continue === undefined || target?.subresource !== '') {
		return {};
	}

	const storageEpoch = epochAt(resource, flight.draft.sequence);
	const list = openList(ended, facts);
	const isPartial = list.type.kind === partialKind;
	assert.equal(flight.draft.verb, 'list');
	if (list.type.kind !== '' && !isGenericKind(list.type.kind) && resource.kind === undefined) {
		resource.kind = list.type.kind;
		resource.apiVersion = list.type.apiVersion;
	}

	for (const [index, item] of list.items.entries()) {
		if (!isKnown(ended, item, isPartial, storageEpoch)) {
			enterItem(ended, list, index, storageEpoch);
		}
	}

	assert.ok(list.items.length === 0 || facts.kind !== 'Table', 'the rows of a Table are no items');
	const {parameters} = flight.facts;
	const gathered = context.pages.add({
		list: [flight.draft.process, resource.group, resource.resource, target.namespace, parameters.labelSelector, parameters.fieldSelector].join('\0'),
		token: parameters.continue,
		next: facts.continue,
		resourceVersion: facts.collectionResourceVersion,
		uids: list.uids,
	});
	const scope = scopeOf(target, flight.facts);
	if (gathered !== undefined && scope !== undefined && facts.collectionResourceVersion !== '') {
		endAbsent(context, {
			resource, scope, present: gathered.uids, resourceVersion: facts.collectionResourceVersion, storageEpoch,
		}, flight.draft.sequence, ended.at);
	}

	assert.ok(gathered === undefined || facts.continue === '', 'only a last page completes a list');
	const isComplete = facts.continue === '';
	return {collectionResourceVersion: versionOf(facts), flag: isComplete ? 'listComplete' : undefined};
};

/** A deletecollection answers with the objects it deleted: those that nothing holds back are gone. */
export const applyDeleteCollection = (ended: EndedRequest): EffectColumns => {
	const facts = ended.body?.facts;
	if (facts?.continue === undefined || facts.kind === 'Table') {
		return {};
	}

	assert.ok(!ended.flight.draft.flags.has('dryRun'), 'a dry run has no effect');
	assert.equal(ended.flight.draft.verb, 'deletecollection');
	const list = openList(ended, facts);
	const storageEpoch = epochAt(ended.resource, ended.flight.draft.sequence);
	const isNamespaceMetadata = list.type.kind === partialKind && ended.resource.resource === 'namespaces';
	for (const [index, item] of list.items.entries()) {
		const own = readFacts(item);
		if (own === undefined || own.uid === '') {
			continue;
		}

		if (!isNamespaceMetadata && isGoneAfterDelete(own)) {
			const key = keyOf(ended.resource, own, {namespace: ended.flight.draft.namespace ?? '', name: ''});
			endByWrite(ended, ended.context.timelines.of(ended.resource, key));
		} else {
			enterItem(ended, list, index, storageEpoch);
		}
	}

	return {collectionResourceVersion: versionOf(facts), flag: facts.continue === '' ? 'listComplete' : undefined};
};
