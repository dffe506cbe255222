import {Box, Text} from 'ink';
import {memo, useMemo, type ReactNode} from 'react';
import {breakpointColumns, type BreakpointCells} from '../render/breakpoint-cells.js';
import type {Theme} from '../text/theme.js';
import {loadTable} from './ink-table.js';

type Properties = {readonly cells: readonly BreakpointCells[]; readonly lines: readonly string[]; readonly theme: Theme; readonly columns: number; readonly rows: number};

type ChildrenProperties = {readonly children?: ReactNode};

/** Lines between rows would take the room of half the breakpoints. */
const NoSkeleton = (): ReactNode => null;

const Cell = ({children}: ChildrenProperties): ReactNode => <Text wrap='truncate'>{children}</Text>;
const PlainHeader = Cell;
const DimHeader = ({children}: ChildrenProperties): ReactNode => <Text wrap='truncate'>{`\u{1B}[2m${typeof children === 'string' ? children : ''}\u{1B}[22m`}</Text>;

const isSame = (left: Properties, right: Properties): boolean =>
	left.theme === right.theme && left.columns === right.columns && left.rows === right.rows && left.lines.join('\n') === right.lines.join('\n');

/** Narrower, the table's own padding leaves no room. */
const narrowest = 40;

/** The breakpoint table, or its `lines` where there is no room or no component for one: exactly `rows` rows and `columns` cells of the screen. */
export const BreakpointPanel = memo(({cells, lines, theme, columns: width, rows}: Properties): ReactNode => {
	const Table = useMemo(() => cells.length === 0 || width < narrowest ? undefined : loadTable<BreakpointCells>(), [cells.length, width]);
	return (
		<Box width={width} height={rows} flexShrink={0} flexDirection='column' overflow='hidden'>
			{Table === undefined
				? lines.map((line, index) => <Text key={index} wrap='truncate'>{line}</Text>)
				: <Table data={cells} columns={breakpointColumns} skeleton={NoSkeleton} cell={Cell} header={theme === 'none' ? PlainHeader : DimHeader}/>}
		</Box>
	);
}, isSame);
