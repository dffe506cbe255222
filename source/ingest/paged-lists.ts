import {strict as assert} from 'node:assert';
import {createBoundedMap} from './bounded-map.js';

/** Objects remembered over all lists whose next page has not been asked for. */
const maximumGathered = 500_000;

/** The objects of the pages so far. */
export type Gathered = {readonly uids: ReadonlySet<string>; readonly resourceVersion: string};

export type ListPage = {
	/** What tells two lists apart that could share a token: process, path and selectors. */
	readonly list: string;
	/** Token of the request; '' for the first page. */
	readonly token: string;
	/** Token of the next page in the answer; '' on the last. */
	readonly next: string;
	readonly resourceVersion: string;
	/** Uids of this page; undefined when it does not tell. */
	readonly uids: ReadonlySet<string> | undefined;
};

/** Puts the pages of lists together. */
export type PagedLists = {
	/** All objects of the list, when this page completes it; undefined: more pages follow, or an earlier one was not recorded. */
	add(page: ListPage): Gathered | undefined;
};

export const createPagedLists = (): PagedLists => {
	const gathered = createBoundedMap<string, {readonly uids: Set<string>; readonly resourceVersion: string}>(maximumGathered);

	assert.equal(gathered.size, 0, 'no list has begun');
	return {
		add(page) {
			const key = `${page.list}\0${page.token}`;
			assert.ok(page.token === '' || page.list !== '', 'a token is of a list');
			const before = page.token === '' ? undefined : gathered.get(key);
			const isOrphan = page.token !== '' && before === undefined;
			if (isOrphan || page.uids === undefined) {
				return undefined;
			}

			// A continuation after an expired token goes on at another version: together they are no state that ever was.
			if (before !== undefined && before.resourceVersion !== page.resourceVersion) {
				return undefined;
			}

			const uids = before?.uids ?? new Set<string>();
			for (const uid of page.uids) {
				uids.add(uid);
			}

			assert.ok(uids.size >= page.uids.size, 'pages only add');
			const all = {uids, resourceVersion: page.resourceVersion};
			assert.ok(before === undefined || before.resourceVersion === all.resourceVersion, 'all pages are of one version');
			if (page.next === '') {
				gathered.delete(key);
				return all;
			}

			// The set moves on to the next token; a page that is asked for again finds the same one.
			assert.ok(page.next !== '', 'another page follows');
			gathered.set(key, all, 1);
			gathered.set(`${page.list}\0${page.next}`, all, uids.size + 1);
			return undefined;
		},
	};
};
