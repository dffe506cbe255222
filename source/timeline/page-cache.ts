import {strict as assert} from 'node:assert';
import type {Operation} from '../model/operation.js';
import type {OperationStore} from '../store/operation-store.js';

/** Operations in one page, and how many pages are kept: what a list pane scrolls over, whatever the session's length. */
export const operationsPerPage = 256;
export const maximumPages = 32;

/** Operations by step, a page at a time. Pages least recently asked for go first. */
export type PageCache = {
	get(step: number): Promise<Operation | undefined>;
	/** Steps from..to, in order; the caller bounds the range. */
	range(from: number, to: number): Promise<readonly Operation[]>;
	/** Forgets every page: a session still being recorded has grown or completed requests. */
	clear(): void;
	readonly pages: number;
};

const pageOf = (step: number): number => Math.floor((step - 1) / operationsPerPage);

const loadPage = async (store: OperationStore, session: string, page: number): Promise<readonly Operation[]> => {
	const first = (page * operationsPerPage) + 1;
	assert.equal(pageOf(first), page, 'a page begins with its first step');
	const loaded = await store.queryOperations({
		session, from: first, to: first + operationsPerPage - 1, limit: operationsPerPage,
	});
	assert.ok(loaded.every(({sequence}) => pageOf(sequence) === page), 'a page holds its own steps');
	return loaded;
};

/** Pages on their way or here, the least recently asked for first. */
type Pages = Map<number, Promise<readonly Operation[]>>;

const keepPage = (pages: Pages, page: number, loading: Promise<readonly Operation[]>): void => {
	// A Map keeps the order of insertion: the first key is the one not asked for the longest.
	pages.delete(page);
	pages.set(page, loading);
	for (const oldest of pages.keys()) {
		if (pages.size <= maximumPages) {
			break;
		}

		pages.delete(oldest);
	}

	assert.ok(pages.size <= maximumPages, 'the page cache stays within its cap');
	assert.ok(pages.has(page), 'the page asked for last is kept');
};

export const createPageCache = (store: OperationStore, session: string): PageCache => {
	assert.notEqual(session, '', 'operations belong to a session');
	const pages: Pages = new Map();

	const pageAt = async (page: number): Promise<readonly Operation[]> => {
		assert.ok(Number.isSafeInteger(page) && page >= 0, 'pages count from 0');
		const loading = pages.get(page) ?? loadPage(store, session, page);
		keepPage(pages, page, loading);
		try {
			return await loading;
		} catch (error) {
			// A page that failed to load is asked for again the next time.
			if (pages.get(page) === loading) {
				pages.delete(page);
			}

			throw error;
		}
	};

	return {
		async get(step) {
			if (step < 1) {
				return undefined;
			}

			assert.ok(Number.isSafeInteger(step), 'a step is a whole number');
			const page = await pageAt(pageOf(step));
			assert.ok(page.length <= operationsPerPage, 'a page holds no more than it may');
			const first = page[0]?.sequence ?? step;
			const operation = page[step - first];
			// Steps are dense; should one be missing, the page is searched rather than believed.
			return operation?.sequence === step ? operation : page.find(({sequence}) => sequence === step);
		},
		async range(from, to) {
			assert.ok(from >= 1 && to >= from - 1, 'a range of steps is ascending');
			const operations: Operation[] = [];
			const lastPage = to < from ? -1 : pageOf(to);
			for (let page = pageOf(from); page <= lastPage; page++) {
				const loaded = await pageAt(page); // eslint-disable-line no-await-in-loop -- pages come in order, one in memory at a time
				operations.push(...loaded.filter(({sequence}) => sequence >= from && sequence <= to));
			}

			assert.ok(operations.length <= to - from + 1, 'steps are unique');
			return operations;
		},
		clear() {
			pages.clear();
		},
		get pages() {
			return pages.size;
		},
	};
};
