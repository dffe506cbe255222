import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {
	listColumns,
	listLine,
	listTitles,
	markWidth,
} from '../../../source/tui/render/list-columns.js';
import {operationCells} from '../../../source/tui/render/operation-cells.js';
import {operation} from '../made-operation.js';

const facts = {length: 135, durationNs: 63_000_000_000n, hasReconciles: false};

const titles = (width: number, more: Partial<typeof facts> = {}): readonly string[] => listColumns(width, {...facts, ...more}).map(({cell}) => cell);

test('at 80 columns the list has step, time, actor, operation, object, code and duration', () => {
	expect(titles(80)).toEqual(['step', 'time', 'actor', 'verb', 'object', 'code', 'ms']);
});

test('a narrow list keeps step, operation and object', () => {
	expect(titles(30)).toEqual(['step', 'verb', 'object']);
	expect(titles(45)).toContain('code');
});

test('a wide list gains namespace, version, manager, and reconcile where the session has reconciles', () => {
	expect(titles(140)).toEqual(['step', 'time', 'actor', 'verb', 'object', 'namespace', 'code', 'version', 'manager', 'ms']);
	expect(titles(160, {hasReconciles: true})).toContain('reconcile');
});

test('every line and its titles take exactly the pane', () => {
	fc.assert(fc.property(fc.integer({min: 26, max: 220}), fc.integer({min: 1, max: 9_999_999}), fc.string({unit: 'binary', maxLength: 80}), (width, length, name) => {
		const columns = listColumns(width, {...facts, length});
		for (const made of [operation({name}), operation({kind: 'event', name, cause: length})]) {
			const line = listLine(operationCells(made), columns);
			expect(stringWidth(line)).toBe(width - markWidth);
		}

		expect(listTitles(columns)).toHaveLength(width);
	}), {numRuns: 300, examples: [[80, 135, 'web']]});
});

test('who caused an event has the room of code and duration', () => {
	const columns = listColumns(80, {...facts, length: 71_358});
	const cells = operationCells(operation({kind: 'event', verb: 'MODIFIED', cause: 71_300}));
	expect(listLine(cells, columns)).toMatch(/\sby 71300$/v);
});

test('of a long actor the component is kept, of a long object its subresource', () => {
	const columns = listColumns(80, facts);
	const line = listLine(operationCells(operation({actor: 'kube-controller-manager/replicaset-controller', name: 'a-very-long-deployment-name', subresource: 'status'})), columns);
	expect(line).toContain('~replicaset-cont~');
	expect(line).toMatch(/deploy a-ve\S*~ \/status/v);
});
