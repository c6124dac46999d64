import { CasClock } from '../../src/store/cas-clock.js';
import { Locks } from '../../src/store/locks.js';
import { draft } from './fixtures.js';
import { ManualClock } from './manual-clock.js';

test('a lock belongs to one version, has its own CAS and ends by itself', () => {
  const clock = new ManualClock();
  const locks = new Locks(clock, new CasClock(clock));
  const document = draft('a');
  expect(locks.isLocked(document)).toBe(false);
  const { casHigh, casLow } = locks.lock(document, 2);
  expect(locks.isLocked(document)).toBe(true);
  expect(locks.isLocked(draft('a'))).toBe(false);
  expect(locks.opens(document, casHigh, casLow)).toBe(true);
  expect(locks.opens(document, casHigh, casLow + 1)).toBe(false);
  clock.advance(2999);
  expect(locks.isLocked(document)).toBe(true);
  clock.advance(1);
  expect(locks.opens(document, casHigh, casLow)).toBe(false);
  expect(locks.isLocked(document)).toBe(false);
});

test('is released one by one or all at once', () => {
  const clock = new ManualClock();
  const locks = new Locks(clock, new CasClock(clock));
  const [first, second] = [draft('a'), draft('b')];
  locks.lock(first, 5);
  expect(locks.lockAs(second, 5, 0, 7)).toMatchObject({ casHigh: 0, casLow: 7 });
  locks.release(first);
  expect([locks.isLocked(first), locks.isLocked(second)]).toEqual([false, true]);
  locks.clear();
  expect(locks.isLocked(second)).toBe(false);
});
