import {renderToString, Text} from 'ink';
import {createElement, type ReactNode} from 'react';
import stringWidth from 'string-width';
import {loadTable} from '../../tui/components/ink-table.js';

/** Wider than any table: Ink would wrap its lines otherwise. */
const unbounded = 10_000;

const plainText = ({children}: {readonly children?: ReactNode}): ReactNode => createElement(Text, undefined, children);

/** A table as ink-table draws it, in plain text; undefined where ink-table is absent, or the table is wider than the screen. */
export const drawnTable = (rows: ReadonlyArray<Readonly<Record<string, string>>>, columns: number): string | undefined => {
	const component = loadTable<Readonly<Record<string, string>>>();
	if (component === undefined) {
		return undefined;
	}

	const table = createElement(component, {
		data: rows, header: plainText, cell: plainText, skeleton: plainText,
	});
	const drawn = renderToString(table, {columns: unbounded});
	const [border = ''] = drawn.split('\n', 1);
	return stringWidth(border) <= columns ? `${drawn}\n` : undefined;
};
