import {Text} from 'ink';
import {render} from 'ink-testing-library';
import {expect, test} from 'vitest';
import {BreakpointPanel} from '../../../source/tui/components/breakpoint-panel.js';
import {loadTable} from '../../../source/tui/components/ink-table.js';
import {breakpointRows, breakpointTable} from '../../../source/tui/render/breakpoint-cells.js';
import {plainText} from '../../../source/tui/text/row.js';
import {madeState} from '../made-state.js';

const panelOf = (columns: number, rows: number) => {
	const state = madeState({
		pane: 'breakpoints', selected: 1, cursor: 5, breakpoints: [
			{
				breakpoint: {
					id: 1, enabled: true, pattern: {
						verb: 'update', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web',
					},
				}, steps: Int32Array.of(5),
			},
			{breakpoint: {id: 2, enabled: false, pattern: {condition: 'name.contains("漢字")'}}, steps: Int32Array.of(1, 2)},
		],
	});
	const area = {columns, rows};
	return {cells: breakpointTable(state, area), lines: breakpointRows(state, area).map(row => plainText(row))};
};

test('the panel is drawn by ink-table, a row a breakpoint, as the plain rows are', () => {
	expect(loadTable()).toBeTypeOf('function');
	const {cells, lines} = panelOf(80, 4);
	const app = render(<BreakpointPanel cells={cells} lines={[]} theme='none' columns={80} rows={4}/>);
	const drawn = (app.lastFrame() ?? '').split('\n').map(line => line.trimEnd());
	expect(drawn.slice(0, 3)).toEqual(lines.slice(0, 3).map(line => line.trimEnd()));
	expect(drawn[1]).toMatch(/^ >\* {4}1 {2}update deployments\.apps default\/web\s+hit 1 of 1$/v);
	expect(drawn[2]).toMatch(/^ >o {4}2 {2}if name\.contains/v);
	app.unmount();
});

test('the panel keeps to its height, however many breakpoints there are', () => {
	const {cells} = panelOf(80, 10);
	const many = Array.from({length: 20}, () => cells[0]!);
	const app = render(<BreakpointPanel cells={many} lines={[]} theme='none' columns={80} rows={3}/>);
	expect((app.lastFrame() ?? '').split('\n').length).toBeLessThanOrEqual(3);
	app.unmount();
});

test('where the table has no room its plain rows stand in', () => {
	const {cells, lines} = panelOf(30, 3);
	const app = render(<BreakpointPanel cells={cells} lines={lines} theme='none' columns={30} rows={3}/>);
	expect((app.lastFrame() ?? '').split('\n').map(line => line.trimEnd())).toEqual(lines.map(line => line.trimEnd()));
	app.unmount();
});

test('ink-table and our screen share one Ink', () => {
	const Table = loadTable<{readonly a: string}>()!;
	const app = render(<Table data={[{a: 'x'}]} cell={({children}) => <Text>{children}</Text>}/>);
	expect(app.lastFrame()).toContain('x');
	app.unmount();
});
