import { Status } from '@cb/protocol';
import { DurabilityLevel, isPossible, parseTopology, SyncWrite } from '../../src/store/sync-write.js';
import { draft } from './fixtures.js';

function acknowledgedBy(...nodes: string[]): SyncWrite {
  const write = new SyncWrite(draft('a'), DurabilityLevel.Majority, 1);
  for (const node of nodes) write.acknowledged.add(node);
  return write;
}

test('a majority of every chain is needed, and the active in any case', () => {
  expect(acknowledgedBy('n0').isSatisfied([['n0']])).toBe(true);
  expect(acknowledgedBy('n0').isSatisfied([['n0', 'n1']])).toBe(false);
  expect(acknowledgedBy('n0', 'n2').isSatisfied([['n0', 'n1', 'n2']])).toBe(true);
  expect(acknowledgedBy('n1', 'n2').isSatisfied([['n0', 'n1', 'n2']])).toBe(false);
  expect(
    acknowledgedBy('n0', 'n1').isSatisfied([
      ['n0', 'n1'],
      ['n0', 'n2'],
    ]),
  ).toBe(false);
  expect(
    acknowledgedBy('n0', 'n1', 'n2').isSatisfied([
      ['n0', 'n1'],
      ['n0', 'n2'],
    ]),
  ).toBe(true);
});

test('the chains must have enough nodes for that', () => {
  expect(isPossible(undefined)).toBe(false);
  expect(isPossible([])).toBe(false);
  expect(isPossible([['n0', null]])).toBe(false);
  expect(isPossible([['n0', 'n1', null]])).toBe(true);
});

test('tells its end once, and ends its timer', () => {
  const write = acknowledgedBy();
  const ends: number[] = [];
  let cancelled = 0;
  write.cancelTimer = () => cancelled++;
  write.onEnd = (status) => ends.push(status);
  write.end(Status.SyncWriteAmbiguous);
  expect([ends, cancelled, write.status]).toEqual([[Status.SyncWriteAmbiguous], 1, Status.SyncWriteAmbiguous]);
});

test('another node holds a draft of its own', () => {
  const write = acknowledgedBy('n0');
  const copy = write.copy();
  expect(copy.draft).toEqual(write.draft);
  expect(copy.draft).not.toBe(write.draft);
  expect(copy.acknowledged.size).toBe(0);
});

test('reads the topology of a SET_VBUCKET request', () => {
  expect(parseTopology('{"topology":[["n0","n1",null]]}')).toEqual([['n0', 'n1', null]]);
});

test.each(['', '{}', '[]', '{"topology":"x"}', '{"topology":[[]]}', '{"topology":[[null]]}', '{"topology":[["a",1]]}'])(
  'is not a topology: %s',
  (text) => expect(parseTopology(text)).toBeUndefined(),
);

test('there are two chains at most', () => {
  expect(parseTopology('{"topology":[["a"],["b"],["c"]]}')).toBeUndefined();
});
