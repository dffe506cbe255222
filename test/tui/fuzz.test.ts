import process from 'node:process';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {screenRows} from '../../source/tui/render/screen.js';
import {displayWidth} from '../../source/tui/text/fit.js';
import {plainText} from '../../source/tui/text/row.js';
import {openTui, type OpenTui} from './open-tui.js';
import {openCapture} from './tui-session.js';

const words = 'j k 10j G g <^D> <^U> <Space> <PgUp> c C b B o O e E /foo<Enter> n N * &<Enter> &bad(<Enter> ma \'a \'\' <^O> <Tab> <S-Tab> J K h l d z ? q :';
const others = ':50<Enter> :zz<Enter> <Enter> 5 <Up> <Down> = <^L> x Y yy 50% [ \u{1B}[B';
const keys = fc.constantFrom('&verb == "update"<Enter>', ...words.split(' '), ...others.split(' '));

const action = fc.oneof(
	{weight: 5, arbitrary: keys.map(pressed => ({type: 'press', keys: pressed} as const))},
	{weight: 2, arbitrary: fc.record({type: fc.constant('resize' as const), columns: fc.integer({min: 1, max: 220}), rows: fc.integer({min: 1, max: 70})})},
);

/** Keys that would end the debugger in this state are left out. */
const isQuit = (tui: OpenTui, pressed: string): boolean => {
	const {help, prompt, pane, isZoomed, pendingKey} = tui.state();
	return pressed === 'q' && help === undefined && prompt === undefined && pane !== 'breakpoints' && !isZoomed && pendingKey === undefined;
};

/** Every row of the screen is the one the state asks for: nothing stale, nothing broken, nothing missing. */
const check = (tui: OpenTui): void => {
	const state = tui.state();
	const {columns, rows} = state.size;
	const wanted = screenRows(state);
	expect(wanted).toHaveLength(rows);
	const drawn = tui.terminal.rows();
	expect(drawn).toHaveLength(rows);
	for (const [index, row] of wanted.entries()) {
		expect(displayWidth(plainText(row))).toBe(columns);
		expect((drawn[index] ?? '').trimEnd(), `row ${index} of ${columns}x${rows}`).toBe(plainText(row).trimEnd());
	}
};

test('whatever keys and sizes, the screen is exactly what the state asks for', async () => {
	const timeline = await openCapture('sample-controller');
	await fc.assert(fc.asyncProperty(fc.array(action, {minLength: 5, maxLength: 25}), async actions => {
		const tui = await openTui(timeline, {at: 56});
		try {
			for (const step of actions) {
				if (step.type === 'resize') {
					await tui.resize(step.columns, step.rows);
				} else if (!isQuit(tui, step.keys)) {
					await tui.press(step.keys);
				}

				check(tui);
			}
		} finally {
			await tui.close();
		}
	}), {numRuns: Number(process.env.FUZZ_RUNS ?? 15), endOnFailure: true});
});
