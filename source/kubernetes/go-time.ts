import {strict as assert} from 'node:assert';

/** Go's zero time, 0001-01-01T00:00:00Z, in seconds of the Unix epoch: JSON prints it as null. */
export const zeroTimeSeconds = -62_135_596_800;
/** Beyond these Go's own JSON refuses to print. */
const minimumSeconds = -62_167_219_200;
const maximumSeconds = 253_402_300_799;

const secondsPerDay = 86_400;

const pad2 = (value: number): string => value < 10 ? `0${value}` : String(value);

/** `YYYY-MM-DD` of a day counted from 1970-01-01 (Howard Hinnant's civil_from_days). */
const civilDate = (day: number): string => {
	assert.ok(Number.isSafeInteger(day), 'days are whole');
	const shifted = day + 719_468;
	const era = Math.floor(shifted / 146_097);
	const dayOfEra = shifted - (era * 146_097);
	const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
	const dayOfYear = dayOfEra - ((365 * yearOfEra) + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const monthFromMarch = Math.floor(((5 * dayOfYear) + 2) / 153);
	const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
	const year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
	assert.ok(month >= 1 && month <= 12, 'a day falls in a month');
	return `${year < 1000 ? String(year).padStart(4, '0') : year}-${pad2(month)}-${pad2(dayOfYear - Math.floor(((153 * monthFromMarch) + 2) / 5) + 1)}`;
};

/**
A time as Go's RFC 3339 prints it in UTC, with `digits` of a second's fraction (`nanos` of it).

@throws RangeError for a year that is not of four digits, which Go refuses too.
*/
export const formatTime = (seconds: number, nanos = 0, digits = 0): string => {
	if (!(seconds >= minimumSeconds && seconds <= maximumSeconds) || nanos < 0 || nanos > 999_999_999) {
		throw new RangeError('protobuf: a time outside the years 0 to 9999');
	}

	assert.ok(Number.isSafeInteger(seconds) && Number.isSafeInteger(nanos), 'seconds and nanoseconds are whole');
	const day = Math.floor(seconds / secondsPerDay);
	const inDay = seconds - (day * secondsPerDay);
	const hour = Math.floor(inDay / 3600);
	const minute = Math.floor((inDay - (hour * 3600)) / 60);
	assert.ok(inDay >= 0 && inDay < secondsPerDay, 'a second falls in its day');
	assert.ok(digits >= 0 && digits <= 9, 'a second has at most nine decimal places');
	const fraction = digits === 0 ? '' : `.${String(nanos).padStart(9, '0').slice(0, digits)}`;
	return `${civilDate(day)}T${pad2(hour)}:${pad2(minute)}:${pad2(inDay % 60)}${fraction}Z`;
};

const timePattern = /^(?<second>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[,.](?<fraction>\d{1,18}))?(?:Z|(?<sign>[+\-])(?<hours>\d\d):(?<minutes>\d\d))$/v;

/**
Seconds of the Unix epoch and nanoseconds of an RFC 3339 time.

@throws TypeError
*/
export const parseTime = (text: string): {readonly seconds: number; readonly nanos: number} => {
	const {second = '', fraction = '', sign = '+', hours = '0', minutes = '0'} = timePattern.exec(text)?.groups ?? {};
	const milliseconds = Date.parse(`${second}Z`);
	if (Number.isNaN(milliseconds)) {
		throw new TypeError(`not an RFC 3339 time: ${JSON.stringify(text.slice(0, 64))}`);
	}

	assert.ok(Number.isSafeInteger(milliseconds / 1000), 'the fraction is read apart');
	const offset = (Number(hours) * 3600) + (Number(minutes) * 60);
	const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'));
	assert.ok(nanos >= 0 && nanos < 1e9, 'a fraction is less than a second');
	return {seconds: (milliseconds / 1000) - (sign === '-' ? -offset : offset), nanos};
};

/** Go prints far shorter ones. */
const maximumDurationLength = 128;

const unitNanos: ReadonlyMap<string, bigint> = new Map([
	['ns', 1n],
	['us', 1000n],
	['µs', 1000n],
	['μs', 1000n],
	['ms', 1_000_000n],
	['s', 1_000_000_000n],
	['m', 60_000_000_000n],
	['h', 3_600_000_000_000n],
]);

const withoutTrailingZeros = (digits: string): string => {
	let end = digits.length;
	while (end > 0 && digits[end - 1] === '0') {
		end--;
	}

	return digits.slice(0, end);
};

/** A number that counts `digits` decimal places: 1500, 3 is `1.5`. */
const decimal = (value: bigint, digits: number): string => {
	const text = String(value).padStart(digits + 1, '0');
	const fraction = withoutTrailingZeros(text.slice(text.length - digits));
	return text.slice(0, text.length - digits) + (fraction === '' ? '' : `.${fraction}`);
};

/** A duration of nanoseconds as Go's time.Duration prints it: `1h0m0s`, `1.5s`, `100ms`, `0s`. */
export const formatDuration = (value: number | bigint): string => {
	const nanos = BigInt(value);
	const sign = nanos < 0n ? '-' : '';
	const size = nanos < 0n ? -nanos : nanos;
	assert.ok(size <= 2n ** 63n, 'a duration is an int64');
	if (size === 0n) {
		return '0s';
	}

	if (size < 1_000_000_000n) {
		return size < 1000n ? `${sign}${size}ns` : sign + (size < 1_000_000n ? `${decimal(size, 3)}µs` : `${decimal(size, 6)}ms`);
	}

	const seconds = size / 1_000_000_000n;
	const hours = seconds / 3600n;
	const minutes = (seconds / 60n) % 60n;
	assert.ok(minutes >= 0n && minutes < 60n, 'an hour has sixty minutes');
	const rest = `${decimal(size % 60_000_000_000n, 9)}s`;
	return `${sign}${hours > 0n ? `${hours}h` : ''}${seconds >= 60n ? `${minutes}m` : ''}${rest}`;
};

/**
Nanoseconds of a Go duration.

@throws TypeError
*/
export const parseDuration = (text: string): bigint => {
	if (['0', '+0', '-0'].includes(text)) {
		return 0n;
	}

	if (text.length > maximumDurationLength || !/^[+\-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|[hms]))+$/v.test(text)) {
		throw new TypeError(`not a Go duration: ${JSON.stringify(text.slice(0, 64))}`);
	}

	let total = 0n;
	for (const part of text.replace(/^[+\-]/v, '').split(/(?<=[hms])(?=[\d.])/v)) {
		const number = /^[\d.]+/v.exec(part)?.[0] ?? '';
		const scale = unitNanos.get(part.slice(number.length)) ?? 0n;
		assert.ok(scale > 0n, 'the pattern lets only known units through');
		const [whole = '', fraction = ''] = number.split('.', 2);
		total += (BigInt(whole) * scale) + ((BigInt(fraction) * scale) / (10n ** BigInt(fraction.length)));
	}

	assert.ok(total >= 0n, 'the sign is read apart');
	return text.startsWith('-') ? -total : total;
};
