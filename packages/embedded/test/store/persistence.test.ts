import { Persistence } from '../../src/store/persistence.js';
import { ManualClock } from './manual-clock.js';

test('without a lag a mutation is persisted within itself', () => {
  const persistence = new Persistence(new ManualClock(), 0);
  const seen: number[] = [];
  persistence.when(2, () => seen.push(persistence.seqno));
  persistence.written(1);
  expect(seen).toEqual([]);
  persistence.written(2);
  expect(seen).toEqual([2]);
});

test('with a lag it takes that long, and at most twice that', () => {
  const clock = new ManualClock();
  const persistence = new Persistence(clock, 100);
  persistence.written(1);
  clock.advance(60);
  persistence.written(2);
  clock.advance(39);
  expect(persistence.seqno).toBe(0);
  clock.advance(1);
  expect(persistence.seqno).toBe(1);
  clock.advance(100);
  expect(persistence.seqno).toBe(2);
  expect(clock.pendingTimers).toBe(0);
});

test('an endless lag persists nothing until it is shortened', () => {
  const clock = new ManualClock();
  const persistence = new Persistence(clock, Number.POSITIVE_INFINITY);
  persistence.written(5);
  clock.advance(1e9);
  expect(persistence.seqno).toBe(0);
  persistence.lagMs = 10;
  clock.advance(10);
  expect(persistence.seqno).toBe(5);
});

test('who waits may give up', () => {
  const persistence = new Persistence(new ManualClock(), 0);
  let called = false;
  const giveUp = persistence.when(1, () => {
    called = true;
  });
  giveUp();
  persistence.written(1);
  expect(called).toBe(false);
  persistence.when(1, () => {
    called = true;
  });
  expect(called).toBe(true);
});

test('stopping leaves no timer', () => {
  const clock = new ManualClock();
  const persistence = new Persistence(clock, 100);
  persistence.written(1);
  persistence.stop();
  expect(clock.pendingTimers).toBe(0);
});
