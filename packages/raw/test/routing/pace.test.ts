import type { Operation } from '../../src/operation/operation.js';
import { Pace } from '../../src/routing/pace.js';

const MS = 1000;

/** How many of `wanted` writes there is room for. */
function admitted(pace: Pace, wanted: number): number {
  let count = 0;
  while (count < wanted && pace.admits()) count++;
  return count;
}

/** A round: everything that there is room for is sent, and the node takes so many of it and refuses the others. */
function round(pace: Pace, now: number, takes: number): number {
  const sent = admitted(pace, 10_000);
  for (let at = 0; at < sent; at++) {
    if (at < takes) pace.taken();
    else pace.refused(now);
  }
  return sent;
}

test('a node that refuses everything is tried with one write at a time, ever more rarely, up to ten times a second', () => {
  const pace = new Pace(0, 128);
  for (let at = 0; at < 128; at++) pace.refused(0);
  const tries: number[] = [];
  for (let now = 0; now < 2000 * MS; now += 10 * MS) {
    pace.tick(now);
    const sent = round(pace, now, 0);
    expect(sent).toBeLessThanOrEqual(1);
    if (sent > 0) tries.push(now / MS);
  }
  expect(tries.slice(0, 5)).toEqual([10, 20, 40, 80, 160]);
  expect(tries.length).toBeLessThan(30);
  expect(tries.at(-1)! - tries.at(-2)!).toBe(100);
});

test('a node that takes everything again has twice as many with each round', () => {
  const pace = new Pace(0, 128);
  for (let at = 0; at < 128; at++) pace.refused(0);
  pace.tick(10 * MS);
  const sent = Array.from({ length: 6 }, () => round(pace, 10 * MS, 10_000));
  expect(sent[0]).toBe(1);
  for (let at = 1; at < sent.length; at++) expect(sent[at]).toBeGreaterThan(sent[at - 1]!);
});

test.each([4, 20, 100])('a node that takes %d at a time is not sent many more', (takes) => {
  const pace = new Pace(0, 1000);
  for (let at = 0; at < 1000; at++) {
    if (at < takes) pace.taken();
    else pace.refused(0);
  }
  let sent = 0;
  let refused = 0;
  for (let now = 10 * MS; now < 2000 * MS; now += 10 * MS) {
    pace.tick(now);
    const count = round(pace, now, takes);
    sent += count;
    refused += Math.max(count - takes, 0);
  }
  expect(sent - refused).toBeGreaterThan(takes * 100);
  expect(refused / sent).toBeLessThan(0.2);
});

test('what waits is given back in its order, without what has left', () => {
  const pace = new Pace(0, 1);
  pace.refused(0);
  const [a, b, c] = ['queued', 'queued', 'queued'].map((state) => ({ state }) as Operation);
  for (const each of [a!, b!, c!]) pace.add(each);
  expect(pace.next()).toBeUndefined();
  pace.tick(10 * MS);
  b!.state = 'settled';
  expect(pace.next()).toBe(a);
  expect(pace.admits()).toBe(true);
  expect(pace.next()).toBeUndefined();
  pace.taken();
  expect(pace.next()).toBe(c);
  expect(pace.isAwaited).toBe(false);
});

test('is over a second after the last refusal, when nothing waits', () => {
  const pace = new Pace(0, 1);
  pace.refused(500 * MS);
  expect(pace.isOver(1499 * MS)).toBe(false);
  pace.add({ state: 'queued' } as Operation);
  expect(pace.isOver(1500 * MS)).toBe(false);
  expect(pace.takeAll()).toHaveLength(1);
  expect(pace.isOver(1500 * MS)).toBe(true);
});
