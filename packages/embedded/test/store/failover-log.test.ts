import { FailoverLog } from '../../src/store/failover-log.js';

const A = { uuidHigh: 1, uuidLow: 1, seqno: 0 };
const B = { uuidHigh: 2, uuidLow: 2, seqno: 10 };
const C = { uuidHigh: 3, uuidLow: 3, seqno: 5 };

test('the newest branch comes first, and an older one ends where it begins', () => {
  const log = new FailoverLog([A]);
  log.branch(B);
  expect(log.entries).toEqual([B, A]);
  expect(log.latest).toBe(B);
  expect(log.lastSeqno(1, 1)).toBe(10);
  expect(log.lastSeqno(2, 2)).toBe(Number.POSITIVE_INFINITY);
  expect(log.lastSeqno(9, 9)).toBeUndefined();
});

test('a branch below an older one makes that void', () => {
  const log = new FailoverLog([A]);
  log.branch(B);
  log.branch(C);
  expect(log.entries).toEqual([C, A]);
});

test('keeps 25 entries', () => {
  const log = new FailoverLog([A]);
  for (let seqno = 1; seqno <= 40; seqno++) log.branch({ uuidHigh: 0, uuidLow: seqno, seqno });
  expect(log.entries).toHaveLength(25);
  expect(log.latest.uuidLow).toBe(40);
});
