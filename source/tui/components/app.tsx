import {
	Box,
	Text,
	useApp,
	useInput,
} from 'ink';
import {
	memo,
	useEffect,
	useRef,
	useSyncExternalStore,
	type ReactNode,
} from 'react';
import type {Controller} from '../controller/controller.js';
import {keyTokens} from '../keys/key-tokens.js';
import {breakpointRows, breakpointTable} from '../render/breakpoint-cells.js';
import {screenOf} from '../render/screen.js';
import type {Row} from '../text/row.js';
import {styledText, type Theme} from '../text/theme.js';
import {BreakpointPanel} from './breakpoint-panel.js';

/** One line of the screen, already cut and padded. */
const Line = memo(({text}: {readonly text: string}): ReactNode => <Text wrap='truncate'>{text === '' ? ' ' : text}</Text>);

const Lines = ({rows, theme}: {readonly rows: readonly Row[]; readonly theme: Theme}): ReactNode =>
	rows.map((row, index) => <Line key={index} text={styledText(row, theme)}/>);

/** What the app hands to the controller's terminal: things only Ink can do. */
export type Hooks = {
	quit: (error?: Error) => void;
	suspend: (wait: () => Promise<void>) => Promise<void>;
};

type Properties = {readonly controller: Controller; readonly theme: Theme; readonly onReady: (hooks: Hooks) => void};

/** The whole screen. Draws; decides nothing. */
export const App = ({controller, theme, onReady}: Properties): ReactNode => {
	const state = useSyncExternalStore(controller.store.subscribe, controller.store.get);
	const {exit, suspendTerminal} = useApp();
	const last = useRef<string | undefined>(undefined);

	useEffect(() => {
		onReady({
			quit(error) {
				exit(error);
			},
			suspend: async wait => suspendTerminal(wait),
		});
	}, [exit, suspendTerminal, onReady]);

	useInput((input, key) => {
		const tokens = keyTokens(input, key, last.current);
		last.current = tokens.at(-1);
		controller.press(tokens);
	});

	const {above, table, below} = screenOf(state);
	return (
		<Box width='100%' height={state.size.rows} flexDirection='column' overflow='hidden'>
			<Lines rows={above} theme={theme}/>
			{table === undefined
				? null
				: (
					<Box height={table.area.rows} flexShrink={0} overflow='hidden'>
						<BreakpointPanel
							cells={breakpointTable(state, table.area)}
							lines={breakpointRows(state, table.area).map(row => styledText(row, theme))}
							theme={theme}
							columns={table.area.columns}
							rows={table.area.rows}
						/>
						<Box flexDirection='column'>
							<Lines rows={table.beside} theme={theme}/>
						</Box>
					</Box>
				)}
			<Lines rows={below} theme={theme}/>
		</Box>
	);
};
