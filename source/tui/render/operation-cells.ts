import {isError, isWriteVerb, type Operation} from '../../model/operation.js';
import type {Tone} from '../text/row.js';
import {shortResource} from './short-names.js';
import {seconds, shortDuration} from './time.js';

/** What the list says of one operation; the columns decide which of it there is room for. */
export type OperationCells = {
	readonly step: string;
	readonly time: string;
	readonly actor: string;
	readonly verb: string;
	readonly object: string;
	/** Status code; for an event the write that caused it. */
	readonly code: string;
	readonly ms: string;
	readonly namespace: string;
	readonly version: string;
	readonly manager: string;
	readonly reconcile: string;
	readonly tone: Tone;
};

const answerWords: Readonly<Record<string, string>> = {
	'client-abort': 'abort',
	'server-timeout': 'end',
	'transport-error': 'error',
};

/** `!` an error, `?` nobody knows whether it took effect, `=` a write that changed nothing. */
const flagOf = (operation: Operation): string => {
	if (isError(operation)) {
		return ' !';
	}

	if (operation.kind === 'event' || !isWriteVerb(operation.verb)) {
		return '';
	}

	if (operation.status === undefined) {
		return ' ?';
	}

	return operation.flags.has('noop') || operation.flags.has('dryRun') ? ' =' : '';
};

const verbOf = (operation: Operation): string => {
	const verb = operation.verb === 'deletecollection' ? 'delete-all' : operation.verb;
	return `${verb}${flagOf(operation)}`;
};

/** What the operator is told is no object's: a bookmark, an error. */
const eventObject = (operation: Operation): string => {
	if (operation.verb === 'BOOKMARK') {
		const end = operation.flags.has('initialEventsEnd') ? ' (all told)' : '';
		return `${operation.resource ?? ''}${end}`;
	}

	return operation.name === undefined || operation.name === ''
		? `${operation.resource ?? ''} ${operation.reason ?? ''}`.trimEnd()
		: `${shortResource(operation)} ${operation.name}`;
};

const objectOf = (operation: Operation): string => {
	const {resource, name, namespace, path, subresource} = operation;
	if (operation.kind === 'event') {
		return eventObject(operation);
	}

	if (resource === undefined || resource === '') {
		return path ?? '';
	}

	const below = subresource === undefined || subresource === '' ? '' : ` /${subresource}`;
	if (name !== undefined && name !== '') {
		return `${shortResource(operation)} ${name}${below}`;
	}

	const scope = namespace === undefined || namespace === '' ? '' : ` in ${namespace}`;
	return `${resource}${scope}${below}`;
};

const codeOf = (operation: Operation): string => {
	if (operation.kind === 'event') {
		return operation.cause === undefined ? '' : `by ${operation.cause}`;
	}

	return operation.status === undefined ? answerWords[operation.end ?? ''] ?? (operation.end === undefined ? '...' : '-') : String(operation.status);
};

const durationOf = (operation: Operation): string => {
	if (operation.kind === 'event') {
		return '';
	}

	return operation.endedAt === undefined ? '...' : shortDuration(operation.endedAt - operation.arrivedAt);
};

const toneOf = (operation: Operation): Tone => {
	if (isError(operation)) {
		return 'error';
	}

	if (operation.flags.has('noise')) {
		return 'dim';
	}

	if (operation.kind === 'event') {
		return 'told';
	}

	return isWriteVerb(operation.verb) ? 'write' : 'plain';
};

const actorOf = (operation: Operation): string => {
	if (operation.kind === 'request') {
		return operation.actor;
	}

	return operation.flags.has('synthetic') ? '<~ told' : '<- told';
};

export const operationCells = (operation: Operation): OperationCells => {
	const {resourceVersion, resourceVersionBefore, collectionResourceVersion} = operation;
	const version = resourceVersion ?? collectionResourceVersion ?? '';
	const isNew = resourceVersionBefore !== undefined && resourceVersionBefore !== resourceVersion && resourceVersion !== undefined;
	return {
		step: String(operation.sequence),
		time: seconds(operation.arrivedAt),
		actor: actorOf(operation),
		verb: verbOf(operation),
		object: objectOf(operation),
		code: codeOf(operation),
		ms: durationOf(operation),
		namespace: operation.namespace ?? '',
		version: isNew ? `${resourceVersionBefore}>${version}` : version,
		manager: operation.fieldManager ?? '',
		reconcile: operation.reconcile ?? '',
		tone: toneOf(operation),
	};
};
