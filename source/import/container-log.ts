import {Buffer} from 'node:buffer';
import {isTooDeep} from '../kubernetes/json-text.js';
import type {JsonObject} from '../model/json.js';
import {maximumSliceBytes} from './split-plan.js';
import {textOf} from './border.js';
import {type ParsedSlice, parseSlice} from './parse-slice.js';

/** `2026-11-23T08:51:49.77Z stdout F …`: a line as containerd and CRI-O write it; P is a part of one. */
const criPattern = /^\S{10,40} (?:stdout|stderr) (?<tag>[FP])(?::\S*)? (?<text>.*)$/sv;

/** A line that a container runtime wrapped. `waits`: it goes on in the next one. */
export type UnwrappedLine = ParsedSlice & {readonly text?: Uint8Array; readonly waits?: boolean};

/** Undoes the wrapping of container runtimes: what is an apiserver's log on its node. */
export type ContainerLog = {
	/** Undefined: it is not wrapped. */
	unwrapObject(value: JsonObject): UnwrappedLine | undefined;
	unwrapText(line: string): UnwrappedLine | undefined;
};

export const createContainerLog = (): ContainerLog => {
	let waiting: string[] = [];
	let size = 0;

	const take = (part: string, isLast: boolean): UnwrappedLine => {
		waiting.push(part);
		size += part.length;
		if (size > maximumSliceBytes) {
			waiting = [];
			size = 0;
			return {fault: `it is longer than ${maximumSliceBytes} bytes`};
		}

		if (!isLast) {
			return {fault: 'it goes on in the next line', waits: true};
		}

		const text = Buffer.from(waiting.join(''));
		waiting = [];
		size = 0;
		return isTooDeep(text) ? {fault: 'it nests too deep'} : {...parseSlice(text), text};
	};

	return {
		unwrapObject(value) {
			const log = Object.hasOwn(value, 'stream') || Object.hasOwn(value, 'time') ? textOf(value, 'log') : undefined;
			return log === undefined ? undefined : take(log, log.endsWith('\n'));
		},
		unwrapText(line) {
			const groups = criPattern.exec(line.trimEnd())?.groups;
			return groups === undefined ? undefined : take(groups.text ?? '', groups.tag === 'F');
		},
	};
};
