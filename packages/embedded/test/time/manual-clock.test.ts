import { ArgumentError } from '@cb/protocol';
import { ManualClock } from '../../src/time/manual-clock.js';

test('stands still until it is moved, and runs due timers in the order of their times before it resolves', async () => {
  const clock = new ManualClock(1000);
  const order: string[] = [];
  clock.after(20, () => order.push(`b at ${clock.now()}`));
  clock.after(10, () => order.push(`a at ${clock.now()}`));
  clock.after(31, () => order.push('too early'));
  const cancel = clock.after(5, () => order.push('cancelled'));
  cancel();
  await clock.advance(30);
  expect(order).toEqual(['a at 1010', 'b at 1020']);
  expect(clock.now()).toBe(1030);
  expect(clock.pendingTimers).toBe(1);
});

test('runs the timers that what it woke has set in the meantime', async () => {
  const clock = new ManualClock(0);
  const seen: number[] = [];
  const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const chain = (async () => {
    for (let turn = 0; turn < 5; turn++) {
      await wait(10);
      seen.push(clock.now());
    }
  })();
  await clock.advance(50);
  await chain;
  expect(seen).toEqual([10, 20, 30, 40, 50]);
});

test('moves to a date, and never back', async () => {
  const clock = new ManualClock(0);
  await clock.set(new Date(5000));
  expect(clock.now()).toBe(5000);
  await expect(clock.set(4999)).rejects.toThrow(ArgumentError);
  await expect(clock.advance(-1)).rejects.toThrow(ArgumentError);
  await expect(clock.advance(Number.POSITIVE_INFINITY)).rejects.toThrow(ArgumentError);
});

test('runs with the time of the machine until it is frozen', async () => {
  const clock = new ManualClock(0);
  const woken = new Promise<number>((resolve) => clock.after(20, () => resolve(clock.now())));
  clock.run();
  expect(await woken).toBeGreaterThanOrEqual(20);
  clock.freeze();
  const at = clock.now();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(clock.now()).toBe(at);
});
