import { DiskQueue } from '../../src/store/disk-queue.js';
import { Persistence } from '../../src/store/persistence.js';
import { ManualClock } from './manual-clock.js';

function persistenceOf(clock: ManualClock, lagMs: number, msPerItem = 0): Persistence {
  return new Persistence(clock, lagMs, new DiskQueue(clock, msPerItem));
}

test('without a lag a mutation is persisted within itself', () => {
  const persistence = persistenceOf(new ManualClock(), 0);
  const seen: number[] = [];
  persistence.when(2, () => seen.push(persistence.seqno));
  persistence.written(1);
  expect(seen).toEqual([]);
  persistence.written(2);
  expect(seen).toEqual([2]);
});

test('with a lag it takes that long, and at most twice that', () => {
  const clock = new ManualClock();
  const persistence = persistenceOf(clock, 100);
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
  const persistence = persistenceOf(clock, Number.POSITIVE_INFINITY);
  persistence.written(5);
  clock.advance(1e9);
  expect(persistence.seqno).toBe(0);
  persistence.lagMs = 10;
  clock.advance(10);
  expect(persistence.seqno).toBe(5);
});

test('who waits may give up', () => {
  const persistence = persistenceOf(new ManualClock(), 0);
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
  const persistence = persistenceOf(clock, 100);
  persistence.written(1);
  persistence.stop();
  expect(clock.pendingTimers).toBe(0);
});

test('where writing takes time, mutations are persisted one after the other', () => {
  const clock = new ManualClock();
  const persistence = persistenceOf(clock, 0, 10);
  for (const seqno of [1, 2, 3]) persistence.written(seqno);
  const seen: number[] = [];
  for (let tick = 0; tick < 4; tick++) {
    seen.push(persistence.seqno);
    clock.step(10);
  }
  expect(seen).toEqual([0, 1, 2, 3]);
});

test('they are due after the lag at the earliest', () => {
  const clock = new ManualClock();
  const persistence = persistenceOf(clock, 100, 10);
  persistence.written(1);
  clock.step(109);
  expect(persistence.seqno).toBe(0);
  clock.step(1);
  expect(persistence.seqno).toBe(1);
});

test('one queue serves all vbuckets', () => {
  const clock = new ManualClock();
  const queue = new DiskQueue(clock, 10);
  const [first, second] = [new Persistence(clock, 0, queue), new Persistence(clock, 0, queue)];
  first.written(1);
  second.written(1);
  expect(queue.length).toBe(2);
  clock.step(10);
  expect([first.seqno, second.seqno]).toEqual([1, 0]);
  clock.step(10);
  expect([second.seqno, queue.length]).toEqual([1, 0]);
});

test('what waited for the disk when a vbucket was emptied persists nothing of what came later', () => {
  const clock = new ManualClock();
  const persistence = persistenceOf(clock, 0, 10);
  persistence.written(5);
  persistence.reset();
  persistence.written(1);
  clock.step(10);
  expect(persistence.seqno).toBe(0);
  clock.step(10);
  expect(persistence.seqno).toBe(1);
});

test('a disk that becomes quick catches up with what waits, in order', () => {
  const clock = new ManualClock();
  const queue = new DiskQueue(clock, 10);
  const persistence = new Persistence(clock, 0, queue);
  persistence.written(1);
  queue.msPerItem = 0;
  persistence.written(2);
  expect(persistence.seqno).toBe(0);
  clock.step(10);
  expect(persistence.seqno).toBe(2);
  persistence.written(3);
  expect(persistence.seqno).toBe(3);
});
