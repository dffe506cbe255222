import {describePlace, placeId} from '../../model/object-key.js';
import type {Operation} from '../../model/operation.js';
import type {StepChange, Timeline} from '../../timeline/timeline-types.js';
import {layoutOf} from '../render/layout.js';
import {cursorOperation, type State} from '../state/state.js';
import {createLoader, type Loader, type Request} from './loader.js';
import type {StateStore} from './store.js';

/** A diff that takes longer replaces the old one on the screen by `...`: ms. */
const slowAfter = 150;
/** Versions of one object shown in its history. */
const maximumHistory = 2000;

type WantedDocument = Request & {readonly step: number; readonly mode: 'diff' | 'object'; readonly isUnfolded: boolean; readonly unfoldKey: string};

const wantedDocument = (state: State): WantedDocument | undefined => {
	if (layoutOf(state).diff === undefined) {
		return undefined;
	}

	const {cursor: step, isZoomed: isUnfolded, pane, session, length} = state;
	const {mode} = state.diff;
	const unfoldKey = pane === 'diff' ? 'z' : 'Tab z';
	// A request still under way when a growing recording was read may end later.
	const growth = session.open && cursorOperation(state)?.end === undefined ? length : '';
	return {
		key: `${step} ${mode} ${isUnfolded} ${unfoldKey} ${growth}`, step, mode, isUnfolded, unfoldKey,
	};
};

type Loaded = {readonly operation: Operation | undefined; readonly change: StepChange; readonly blame: ((path: string) => string | undefined) | undefined};

/** Who last set what this step replaced, where the step before it on the object says so. */
const blameFor = async (timeline: Timeline, change: StepChange): Promise<Loaded['blame']> => {
	if (change.type !== 'changed' || change.before === undefined || change.after === undefined) {
		return undefined;
	}

	const origin = await timeline.operation(change.before.version.step);
	if (origin?.changed === undefined) {
		return undefined;
	}

	const changed = new Set(origin.changed);
	const isRead = origin.kind === 'request' && (origin.verb === 'get' || origin.verb === 'list');
	const isOutside = isRead || (origin.kind === 'event' && origin.cause === undefined);
	const who = isOutside ? ', outside this recording' : ` by ${origin.actor}`;
	return path => changed.has(path) ? `set at ${origin.sequence}${who}` : undefined;
};

const loadStep = async (timeline: Timeline, step: number): Promise<Loaded> => {
	const [operation, change] = await Promise.all([step === 0 ? undefined : timeline.operation(step), timeline.change(step)]);
	return {operation, change, blame: await blameFor(timeline, change)};
};

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** Loads the diff of the cursor's step, and never one that the cursor has left. */
export const createDocumentLoader = (timeline: Timeline, store: StateStore): Loader & {dispose(): void} => {
	let slow: NodeJS.Timeout | undefined;

	const clearSlow = (): void => {
		clearTimeout(slow);
		slow = undefined;
	};

	const loader = createLoader(() => wantedDocument(store.get()), async request => {
		slow ??= setTimeout(() => {
			slow = undefined;
			store.receive({type: 'documentSlow'});
		}, slowAfter);
		try {
			const [{operation, change, blame}, {diffDocument}] = await Promise.all([loadStep(timeline, request.step), import('../diff/diff-document.js')]);
			if (store.get().cursor === request.step) {
				store.receive({type: 'document', document: diffDocument(request.step, operation, change, {...request, blame})});
				clearSlow();
			}
		} catch (error) {
			clearSlow();
			store.receive({type: 'documentFailed', step: request.step, text: messageOf(error)});
		}
	});

	return {...loader, dispose: clearSlow};
};

/** Loads the versions of the object in the diff pane, where there is room to show them. */
export const createHistoryLoader = (timeline: Timeline, store: StateStore): Loader => {
	const wanted = () => {
		const state = store.get();
		const place = state.diff.document?.place;
		const isShown = layoutOf(state).history !== undefined;
		return place === undefined || !isShown ? undefined : {key: `${placeId(place)} ${state.session.open ? state.length : ''}`, place};
	};

	return createLoader(wanted, async ({place}) => {
		try {
			const versions = await timeline.history(place, maximumHistory);
			store.receive({
				type: 'history',
				history: {
					placeId: placeId(place), title: describePlace(place), versions, isCut: versions.length === maximumHistory,
				},
			});
		} catch (error) {
			store.receive({type: 'message', message: {text: `cannot read the object's history: ${messageOf(error)}`, isError: true}});
		}
	});
};
