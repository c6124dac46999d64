import { failure } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

export const structures: readonly Scenario[] = [
  scenario('a document is a map', ['subdocument'], async ({ driver, documents }) => {
    const map = documents.map('structure:map');
    await map.set('a', 1);
    await map.set('b', { deep: true });
    await map.set('a', 2);
    expect([await map.get('a'), await map.get('b'), await map.size()]).toEqual([2, { deep: true }, 2]);
    await map.remove('a');
    expect(await failure(driver, map.get('a'))).toBe('path missing');
    expect((await documents.get('structure:map')).value).toEqual({ b: { deep: true } });
  }),
  scenario('a document is a list', ['subdocument'], async ({ driver, documents }) => {
    const list = documents.list('structure:list');
    await list.append('b');
    await list.append('c');
    await list.prepend('a');
    expect([await list.get(0), await list.get(2), await list.size()]).toEqual(['a', 'c', 3]);
    await list.remove(1);
    expect(await failure(driver, list.get(2))).toBe('path missing');
    expect((await documents.get('structure:list')).value).toEqual(['a', 'c']);
  }),
  scenario('a document is a set', ['subdocument'], async ({ documents }) => {
    const set = documents.set('structure:set');
    expect([await set.add('a'), await set.add('b'), await set.add('a')]).toEqual([true, true, false]);
    expect([await set.has('a'), await set.has('c'), await set.size()]).toEqual([true, false, 2]);
    await set.remove('a');
    expect([await set.has('a'), await set.size()]).toEqual([false, 1]);
  }),
  scenario('a document is a queue', ['subdocument'], async ({ documents }) => {
    const queue = documents.queue('structure:queue');
    for (const value of [1, 2, 3]) await queue.push(value);
    expect(await queue.size()).toBe(3);
    expect([await queue.pop(), await queue.pop()]).toEqual([1, 2]);
    await queue.push(4);
    expect([await queue.pop(), await queue.pop(), await queue.size()]).toEqual([3, 4, 0]);
  }),
  scenario('no structure is there before it is written to', ['subdocument'], async ({ driver, documents }) => {
    expect(await failure(driver, documents.map('structure:none').get('a'))).toBe('missing');
    expect(await failure(driver, documents.list('structure:none').get(0))).toBe('missing');
  }),
];
