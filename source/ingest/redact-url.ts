import {strict as assert} from 'node:assert';
import {Buffer} from 'node:buffer';
import {decodePercent, isCredentialParameter, mapQuery} from './redact-credentials.js';
import type {KnownValues} from './redact-known-values.js';
import type {TokenMaker} from './redact-token.js';

/** A program's path or name: what a person needs to see of `command=`. Anything else may be a password. */
const programPattern = /^[\w\-.\/]+$/v;
const execPathPattern = /\/pods\/[^\/]+\/exec$/v;

type Tools = {readonly known: KnownValues; readonly tokens: TokenMaker};

/** One path segment or parameter, as it stands in the URL, without known values. */
const sweepComponent = ({known}: Tools, text: string): string => {
	const decoded = decodePercent(text);
	const masked = known.maskText(decoded);
	return masked === decoded ? text : encodeURIComponent(masked);
};

/** A parameter's value: forms write a space as +. */
const sweepValue = (tools: Tools, text: string): string => {
	if (tools.known.size === 0) {
		return text;
	}

	assert.ok(!text.includes('&'), 'a value ends where the next parameter begins');
	const swept = sweepComponent(tools, text);
	const spaced = text.replaceAll('+', '%20');
	const sweptForm = swept === text && spaced !== text ? sweepComponent(tools, spaced) : spaced;
	return sweptForm === spaced ? swept : sweptForm;
};

const hideValue = ({tokens}: Tools, value: string): string => {
	const plain = decodePercent(value.replaceAll('+', ' '));
	return encodeURIComponent(tokens.tokenOf(Buffer.from(plain)));
};

const redactQuery = (tools: Tools, query: string, isExec: boolean): string => {
	let commands = 0;
	const redacted = mapQuery(query, (value, name) => {
		if (value !== '' && isCredentialParameter(name)) {
			return hideValue(tools, value);
		}

		const isCommand = isExec && name === 'command';
		assert.ok(!isCommand || !isCredentialParameter(name), 'a command is no credential');
		commands += isCommand ? 1 : 0;
		const isOpen = !isCommand || (commands === 1 && programPattern.test(decodePercent(value)));
		return isOpen ? sweepValue(tools, value) : hideValue(tools, value);
	});
	assert.equal(redacted.split('&').length, query.split('&').length, 'a query keeps its parameters');
	assert.ok(!redacted.includes('#') || query.includes('#'), 'nothing unencoded is put in');
	return redacted;
};

/**
Path and query of a request without secrets: parameters that carry tokens, the arguments of `exec` (its program stays), and every known value in any path
segment or parameter, percent-encoded or not. The same text where nothing changed.
*/
export const redactUrlText = (url: string, known: KnownValues, tokens: TokenMaker): string => {
	const tools = {known, tokens};
	const mark = url.indexOf('?');
	const path = mark === -1 ? url : url.slice(0, mark);
	const segments = path.split('/');
	for (const segment of segments) {
		known.noteIdentity(decodePercent(segment));
	}

	assert.ok(segments.length > 0 && path.length <= url.length, 'a path is the first part of its URL');
	const newPath = known.size === 0 ? path : segments.map(segment => sweepComponent(tools, segment)).join('/');
	assert.equal(newPath.split('/').length, segments.length, 'a path keeps its segments');
	assert.ok(!newPath.includes('?'), 'a path ends where it ended');
	const newUrl = mark === -1 ? newPath : `${newPath}?${redactQuery(tools, url.slice(mark + 1), execPathPattern.test(path))}`;
	return known.maskText(newUrl); // What was not encoded can reach over several segments or parameters
};
