import fc from 'fast-check';
import { TimeLimit } from '../../src/time/time-limit.js';

const MS = 1000;

/** The deadline, in milliseconds, of what began at `begun` with so much time, after these hold-ups. */
function deadlineAfter(begun: number, timeoutMs: number, holdUps: readonly (readonly [number, number])[]): number {
  const limit = new TimeLimit(begun * MS, timeoutMs);
  for (const [from, until] of holdUps) limit.extend({ from: from * MS, until: until * MS });
  return limit.deadline / MS;
}

test('a deadline moves by the time that the loop was held up', () => {
  expect(deadlineAfter(0, 1000, [[100, 2100]])).toBe(3000);
});

test('only the part of a hold-up counts that comes after the beginning', () => {
  expect(deadlineAfter(500, 1000, [[0, 800]])).toBe(1800);
});

test('a hold-up that begins after the deadline moves nothing', () => {
  expect(deadlineAfter(0, 1000, [[1000, 3000]])).toBe(1000);
});

test('of several hold-ups the longest counts', () => {
  expect(
    deadlineAfter(0, 1000, [
      [100, 600],
      [700, 1500],
      [1600, 1900],
    ]),
  ).toBe(1800);
});

test('hold-ups without end do not keep anything from ending', () => {
  const holdUp = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 500 }));
  fc.assert(
    fc.property(
      fc.array(holdUp, { minLength: 1, maxLength: 100 }),
      fc.integer({ min: 1, max: 3000 }),
      (steps, timeoutMs) => {
        const limit = new TimeLimit(0, timeoutMs);
        let now = 0;
        for (const [pause, length] of steps) {
          limit.extend({ from: (now + pause) * MS, until: (now + pause + length) * MS });
          now += pause + length;
        }
        expect(limit.deadline / MS).toBeLessThanOrEqual(timeoutMs + Math.max(...steps.map(([, length]) => length)));
        expect(limit.deadline / MS).toBeGreaterThanOrEqual(timeoutMs);
      },
    ),
  );
});

test('what has no deadline gets none', () => {
  expect(deadlineAfter(0, Number.POSITIVE_INFINITY, [[0, 5000]])).toBe(Number.POSITIVE_INFINITY);
});
