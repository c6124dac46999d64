import { loadedOnce } from '../../src/http/loaded-once.js';

test('what is loaded once is the same for all', async () => {
  const load = loadedOnce(async () => ({}));
  const [first, second] = await Promise.all([load(), load()]);
  expect(second).toBe(first);
  expect(await load()).toBe(first);
});

test('a failure is for those who waited for it, and the next one tries again', async () => {
  let isThere = false;
  const load = loadedOnce(async () => {
    if (!isThere) throw new Error('no such file');
    return 'loaded';
  });
  expect(await Promise.allSettled([load(), load()])).toEqual([
    { status: 'rejected', reason: new Error('no such file') },
    { status: 'rejected', reason: new Error('no such file') },
  ]);
  isThere = true;
  expect(await load()).toBe('loaded');
});
