import {createRequire} from 'node:module';
import * as ink from 'ink';
import * as react from 'react';
import type {ComponentType, ReactNode} from 'react';

type TableProps<Row> = {
	readonly data: readonly Row[];
	readonly columns?: ReadonlyArray<keyof Row & string>;
	readonly header?: ComponentType<{readonly children?: ReactNode}>;
	readonly cell?: ComponentType<{readonly column: number; readonly children?: ReactNode}>;
	readonly skeleton?: ComponentType<{readonly children?: ReactNode}>;
};

export type TableComponent<Row> = ComponentType<TableProps<Row>>;

/**
The table of ink-table, or undefined where it is not installed. It is CommonJS and requires Ink, which has a top-level await and so cannot be required: the Ink and
the React that are already loaded are put where `require` looks for them.
*/
export const loadTable = <Row>(): TableComponent<Row> | undefined => {
	const require = createRequire(import.meta.url);
	try {
		for (const [name, loaded] of [['ink', ink], ['react', react]] as const) {
			const id = require.resolve(name);
			require.cache[id] ??= {
				id, filename: id, loaded: true, exports: loaded, children: [], paths: [], path: '', isPreloading: false, parent: null, require,
			} as unknown as NodeJS.Module;
		}

		const module_ = require('ink-table') as {readonly default: TableComponent<Row>};
		return module_.default;
	} catch {
		return undefined;
	}
};
