import type {ObjectVersion} from '../../model/object-version.js';
import type {Operation} from '../../model/operation.js';
import type {State} from '../state/state.js';
import {fit} from '../text/fit.js';
import {row, ruler, type Row} from '../text/row.js';
import {fill} from './diff-pane.js';
import type {Area} from './layout.js';
import {operationCells} from './operation-cells.js';

/** Who brought it: the operation at its step, once it is loaded. */
const originText = (operation: Operation | undefined): string => {
	if (operation === undefined) {
		return '';
	}

	const {time, verb, actor} = operationCells(operation);
	return `${time.padStart(9)} ${fit(verb, 10)} ${actor}`;
};

const versionText = (version: ObjectVersion, isCurrent: boolean, operation: Operation | undefined): string => {
	const mark = isCurrent ? '>' : ' ';
	const generation = version.generation === undefined ? '' : `gen ${version.generation}`;
	const words = {whole: '', metadata: 'metadata only  ', end: 'gone  '}[version.kind];
	return `${mark} ${String(version.step).padStart(7)}  rv ${(version.resourceVersion ?? '-').padEnd(8)} ${generation.padEnd(7)} ${words}${originText(operation)}`;
};

const isAt = (version: ObjectVersion, step: number): boolean => version.step <= step && (version.until === undefined || version.until > step);

/** The versions there is room for, the one that is the object's state in their midst. */
export const visibleVersions = ({history, cursor}: State, rows: number): ReadonlyArray<{readonly version: ObjectVersion; readonly isCurrent: boolean}> => {
	const versions = history?.versions ?? [];
	const current = versions.findLastIndex(version => isAt(version, cursor));
	const first = Math.max(0, Math.min(current - Math.floor(rows / 2), versions.length - rows));
	return versions.slice(first, first + rows).map((version, index) => ({version, isCurrent: first + index === current}));
};

/** Versions of the object this step is about: a title line and exactly `area.rows` rows. */
export const historyRows = (state: State, area: Area): readonly Row[] => {
	const {history} = state;
	if (history === undefined) {
		return [ruler([{text: '- object history', tone: 'dim'}], '', area.columns), ...fill([], area)];
	}

	const rows = visibleVersions(state, area.rows).map(({version, isCurrent}) =>
		row(versionText(version, isCurrent, state.operations.get(version.step)), isCurrent ? 'title' : 'plain'));
	const count = `${history.versions.length}${history.isCut ? ' or more' : ''} ${history.versions.length === 1 ? 'version' : 'versions'}`;
	return [ruler([{text: '- ', tone: 'dim'}, {text: `history of ${history.title}`, tone: 'plain'}], count, area.columns), ...fill(rows, area)];
};
