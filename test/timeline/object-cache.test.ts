import {expect, test} from 'vitest';
import {createObjectCache, maximumCachedBody, maximumCachedBytes} from '../../source/timeline/object-cache.js';

test('decoded bodies are kept up to the cap, the least recently used go first', () => {
	const cache = createObjectCache();
	const size = maximumCachedBody;
	const fitting = Math.floor(maximumCachedBytes / size);
	for (let body = 1; body <= fitting; body++) {
		cache.set(body, {body}, size);
	}

	expect(cache.get(1)).toMatchObject({value: {body: 1}});
	cache.set(fitting + 1, 'more', size);
	expect(cache.bytes).toBeLessThanOrEqual(maximumCachedBytes);
	expect([cache.get(1)?.value, cache.get(2), cache.get(fitting + 1)?.value]).toEqual([{body: 1}, undefined, 'more']);
});

test('a body too large for the cache pushes nothing out', () => {
	const cache = createObjectCache();
	cache.set(1, 'small', 10);
	cache.set(2, 'large', maximumCachedBody + 1);
	expect([cache.get(1)?.value, cache.get(2), cache.bytes]).toEqual(['small', undefined, 10]);
});

test('a body set twice counts once', () => {
	const cache = createObjectCache();
	cache.set(1, 'first', 10);
	cache.set(1, 'second', 20);
	expect([cache.get(1)?.value, cache.bytes]).toEqual(['second', 20]);
});
