import {strict as assert} from 'node:assert';
import type {HeaderLines} from '../model/operation.js';

/*
Header blocks repeat but for a few values. A block is stored as a template, once, and what the template leaves out: values that follow from the operation's own columns are
computed, the others are listed in order.
*/

/** What stands in a template for a value: the audit id, the body's size, the response's second (IMF date), the next listed value. */
const auditId = 0;
const bodySize = 1;
const dateSecond = 2;
const listed = 3;

type TemplateLine = readonly [name: string, value: string | number];

/** What values are computed from. */
export type HeaderContext = {
	readonly auditId: string | undefined;
	readonly size: number | undefined;
	/** Seconds since the Unix epoch, by the session's clock, of the response. Undefined: no date is computed. */
	readonly second: number | undefined;
};

export type EncodedHeaders = {
	/** JSON: lines of name and value, a number standing for what is left out. */
	readonly template: string;
	readonly values: readonly string[];
	/** Seconds that the date in the headers is after the session's clock. */
	readonly dateOffset: number;
};

/** Clocks further apart than this are written out. */
const greatestDateOffset = 86_400;
/** Values of one header that are kept in templates: this many, and then this part of its occurrences … */
const freeValues = 8;
const valuesPerOccurrence = 1 / 16;
/** … up to this many. */
const maximumValues = 1024;
/** Header names watched for how many values they have; of others all values are listed. */
const maximumNames = 1024;

const datePattern = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/v;

const formatDate = (second: number): string => new Date(second * 1000).toUTCString();

/** Difference to a second, where the value is exactly the date of some second nearby. */
const dateOffsetOf = (value: string, second: number | undefined): number | undefined => {
	if (second === undefined || !datePattern.test(value)) {
		return undefined;
	}

	const offset = (Date.parse(value) / 1000) - second;
	return Number.isSafeInteger(offset) && Math.abs(offset) <= greatestDateOffset && formatDate(second + offset) === value ? offset : undefined;
};

export type HeaderEncoder = {
	encode(lines: HeaderLines, context: HeaderContext): EncodedHeaders;
};

/** Learns, over one session, which headers have values that repeat. */
export const createHeaderEncoder = (): HeaderEncoder => {
	const names = new Map<string, {readonly values: Set<string>; occurrences: number}>();

	const isRepeating = (name: string, value: string): boolean => {
		const seen = names.get(name);
		if (seen === undefined) {
			if (names.size >= maximumNames) {
				return false;
			}

			names.set(name, {values: new Set([value]), occurrences: 1});
			assert.ok(names.size <= maximumNames, 'a bounded number of names is watched');
			return true;
		}

		seen.occurrences += 1;
		if (seen.values.has(value)) {
			return true;
		}

		if (seen.values.size >= Math.min(maximumValues, freeValues + (seen.occurrences * valuesPerOccurrence))) {
			return false;
		}

		seen.values.add(value);
		assert.ok(seen.values.size <= maximumValues, 'a bounded number of values of a header is remembered');
		assert.ok(seen.values.size <= seen.occurrences, 'every value remembered has occurred');
		return true;
	};

	return {
		encode(lines, context) {
			assert.ok(context.second === undefined || Number.isSafeInteger(context.second), 'a whole second');
			const template: TemplateLine[] = [];
			const values: string[] = [];
			let dateOffset: number | undefined;
			for (const [name, value] of lines) {
				const offset = dateOffset === undefined ? dateOffsetOf(value, context.second) : undefined;
				if (value === context.auditId) {
					template.push([name, auditId]);
				} else if (context.size !== undefined && value === String(context.size)) {
					template.push([name, bodySize]);
				} else if (offset !== undefined) {
					dateOffset = offset;
					template.push([name, dateSecond]);
				} else if (isRepeating(name, value)) {
					template.push([name, value]);
				} else {
					values.push(value);
					template.push([name, listed]);
				}
			}

			assert.equal(template.length, lines.length);
			assert.ok(values.length <= lines.length, 'a line lists one value at most');
			assert.ok(Math.abs(dateOffset ?? 0) <= greatestDateOffset, 'a date far from the clock is written out');
			return {template: JSON.stringify(template), values, dateOffset: dateOffset ?? 0};
		},
	};
};

const isTemplateLine = (line: unknown): line is TemplateLine =>
	Array.isArray(line) && line.length === 2 && typeof line[0] === 'string' && (typeof line[1] === 'string' || typeof line[1] === 'number');

/**
Undoes `encode`; takes its listed values from the front of `values`.
@throws TypeError on a damaged template.
*/
export const decodeHeaders = (encoded: string, values: string[], dateOffset: number, context: HeaderContext): HeaderLines => {
	const {second} = context;
	assert.ok(second === undefined || Number.isSafeInteger(second), 'a whole second');
	assert.ok(Math.abs(dateOffset) <= greatestDateOffset, 'a date far from the clock is written out');
	const template: unknown = JSON.parse(encoded);
	if (!Array.isArray(template)) {
		throw new TypeError('header template is no array');
	}

	const known: Readonly<Record<number, () => string | undefined>> = {
		[auditId]: () => context.auditId,
		[bodySize]: () => context.size?.toString(),
		[dateSecond]: () => (second === undefined ? undefined : formatDate(second + dateOffset)),
		[listed]: () => values.shift(),
	};
	return template.map((line: unknown) => {
		if (!isTemplateLine(line)) {
			throw new TypeError('header template is damaged');
		}

		const [name, value] = line;
		const text = typeof value === 'string' ? value : known[value]?.();
		if (text === undefined) {
			throw new TypeError(`a value of header ${name} is missing`);
		}

		return [name, text] as const;
	});
};
