import {strict as assert} from 'node:assert';
import type {HeaderLines, Operation} from '../../model/operation.js';
import {decodeHeaders, type HeaderContext, type HeaderEncoder} from '../header-codec.js';
import type {Dictionaries} from './dictionaries.js';
import type {Column} from './encodings.js';
import type {Interning} from './interning.js';

export type OperationHeaders = {readonly request: HeaderLines | undefined; readonly response: HeaderLines | undefined};

/** What headers of one session are encoded with. */
export type HeadersEncoder = {
	/** Ms since the Unix epoch of the session's time zero, as it was when the session was made. */
	readonly clock: number;
	readonly interning: Interning;
	readonly headers: HeaderEncoder;
};

const nanosecondsPerMillisecond = 1_000_000;

/** The second in which an operation was answered, by the session's clock. */
const answeredSecond = ({arrivedAt, responseStartedAt, endedAt}: Pick<Operation, 'arrivedAt' | 'responseStartedAt' | 'endedAt'>, clock: number): number =>
	Math.floor((clock + (Number(responseStartedAt ?? endedAt ?? arrivedAt) / nanosecondsPerMillisecond)) / 1000);

const contextOf = (operation: Operation, size: number | undefined, clock: number): HeaderContext => ({
	auditId: operation.auditId, size, second: answeredSecond(operation, clock),
});

/** Columns `headers` and `header_values` of an operation. */
export const encodeHeaders = (encoder: HeadersEncoder, operation: Operation, {request, response}: OperationHeaders): readonly [headers: Column, values: Column] => {
	if (request === undefined && response === undefined) {
		return [null, null];
	}

	// A date among the request's headers is never computed, for its second depends on the answer.
	const sent = request === undefined ? undefined : encoder.headers.encode(request, {...contextOf(operation, operation.requestSize, encoder.clock), second: undefined});
	const answered = response === undefined ? undefined : encoder.headers.encode(response, contextOf(operation, operation.responseSize, encoder.clock));
	const values = [...sent?.values ?? [], ...answered?.values ?? []];
	assert.ok(values.length <= (request?.length ?? 0) + (response?.length ?? 0), 'every listed value is of a line');
	const form = encoder.interning.headers(sent?.template, answered?.template, answered?.dateOffset ?? 0);
	assert.ok(form > 0, 'header forms are numbered from 1');
	return [form, values.length === 0 ? null : JSON.stringify(values)];
};

const listedValues = (column: Column | undefined): string[] => {
	const values: unknown = typeof column === 'string' ? JSON.parse(column) : [];
	if (!Array.isArray(values)) {
		throw new TypeError('header values are no array');
	}

	return values.map(String);
};

/**
The headers of an operation, from the row of `header_forms` it names (request, response, date_offset) and its `header_values`.
@throws TypeError where they are damaged.
*/
export const decodeOperationHeaders = (operation: Operation, clock: number, form: readonly Column[], dictionaries: Dictionaries): OperationHeaders => {
	const [request, response, dateOffset, listed] = form;
	assert.equal(form.length, 4, 'two templates, an offset and values');
	assert.ok(typeof dateOffset === 'number', 'a form has an offset');
	const values = listedValues(listed);
	const sent = typeof request === 'number'
		? decodeHeaders(dictionaries.text(request), values, 0, {...contextOf(operation, operation.requestSize, clock), second: 0})
		: undefined;
	const answered = typeof response === 'number'
		? decodeHeaders(dictionaries.text(response), values, dateOffset, contextOf(operation, operation.responseSize, clock))
		: undefined;
	assert.equal(values.length, 0, 'every listed value has its line');
	assert.ok(sent !== undefined || answered !== undefined, 'a form has a request or a response');
	return {request: sent, response: answered};
};
