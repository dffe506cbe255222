import type {Timeline} from '../../timeline/timeline-types.js';
import type {StateStore} from './store.js';

/** How often a session that is being recorded is looked at: ms. Nothing is drawn when nothing changed. */
const pollEvery = 500;

export type Follower = {
	/** Starts or stops with `state.isFollowing`. */
	update(): void;
	dispose(): void;
};

/** Follows a recording that still grows. */
export const createFollower = (timeline: Timeline, store: StateStore, fail: (error: unknown) => void): Follower => {
	let timer: NodeJS.Timeout | undefined;
	let version: number | undefined;
	let isPolling = false;

	const stop = (): void => {
		clearInterval(timer);
		timer = undefined;
	};

	const poll = async (): Promise<void> => {
		const current = await timeline.store.dataVersion();
		if (current === version) {
			return;
		}

		version = current;
		await timeline.refresh();
		const {session, length} = timeline;
		const known = store.get();
		if (length !== known.length || session.open !== known.session.open || session.durationNs !== known.session.durationNs) {
			store.receive({type: 'grown', session, length});
		}

		if (!session.open && known.session.open) {
			store.set({...store.get(), isFollowing: false, message: {text: 'the recording has ended', isError: false}});
		}
	};

	const pollOnce = async (): Promise<void> => {
		if (isPolling) {
			return;
		}

		isPolling = true;
		try {
			await poll();
		} catch (error) {
			stop();
			fail(error);
		} finally {
			isPolling = false;
		}
	};

	return {
		update() {
			const {isFollowing} = store.get();
			if (isFollowing && timer === undefined) {
				timer = setInterval(() => {
					void pollOnce();
				}, pollEvery);
			} else if (!isFollowing && timer !== undefined) {
				stop();
			}
		},
		dispose: stop,
	};
};
