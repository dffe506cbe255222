import {expect, test} from 'vitest';
import {createBoundedMap} from '../../source/ingest/bounded-map.js';

test('the weights never pass the cap; what was used lately outlives what was not', () => {
	const evicted: string[] = [];
	const map = createBoundedMap<string, number>(3, key => {
		evicted.push(key);
	});
	map.set('a', 1);
	map.set('b', 2);
	map.set('c', 3);
	expect(map.get('a')).toBe(1);
	map.set('d', 4);
	expect(evicted).toEqual(['b']);
	expect(map.peek('a')).toBe(1);
	map.set('e', 5, 2);
	expect(evicted).toEqual(['b', 'c', 'd']);
	expect(map.size).toBe(2);
});

test('an entry heavier than the cap is not kept, and what is deleted or replaced is not evicted', () => {
	const evicted: string[] = [];
	const map = createBoundedMap<string, number>(3, key => {
		evicted.push(key);
	});
	map.set('a', 1);
	map.set('a', 2);
	expect(map.delete('a')).toBe(2);
	expect(map.delete('a')).toBeUndefined();
	expect(evicted).toEqual([]);
	map.set('big', 1, 4);
	expect(evicted).toEqual(['big']);
	expect(map.size).toBe(0);
});
