import { SystemClock } from '../../src/time/system-clock.js';

test('it tells the time since the epoch, and never goes back', () => {
  const clock = new SystemClock();
  const first = clock.now();
  expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
  expect(clock.now()).toBeGreaterThanOrEqual(first);
});

test('a timer fires once, later than the call; one that is called off does not', async () => {
  const clock = new SystemClock();
  const fired: string[] = [];
  // Its timers do not keep the process alive, so the test waits for something that does.
  clock.after(1, () => fired.push('due'));
  clock.after(1, () => fired.push('called off'))();
  expect(fired).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(fired).toEqual(['due']);
});

test('what is very far away does not happen at once', async () => {
  const clock = new SystemClock();
  const fired: number[] = [];
  const cancels = [Number.POSITIVE_INFINITY, 2 ** 31, 1e13].map((ms) => clock.after(ms, () => fired.push(ms)));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fired).toEqual([]);
  for (const cancel of cancels) cancel();
});
