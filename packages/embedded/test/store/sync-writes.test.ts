import { Status } from '@cb/protocol';
import { DurabilityLevel } from '../../src/store/sync-write.js';
import { draft, fixture, textOf } from './fixtures.js';

const { Majority, MajorityAndPersistOnMaster, PersistToMajority } = DurabilityLevel;

test('on a single node a durable write is over at once and uses two seqnos', () => {
  const { vbucket } = fixture();
  vbucket.syncWrites.topology = [['n0']];
  const write = vbucket.syncWrites.prepare(draft('a'), Majority, 0);
  expect(write.status).toBe(Status.Success);
  expect(write.draft).toMatchObject({ seqno: 2, revision: 1 });
  expect(vbucket.syncWrites).toMatchObject({ accepted: 1, committed: 1, highPreparedSeqno: 1 });
});

test('a majority is needed; until then the old value is read and the key cannot be written', () => {
  const { vbucket, clock } = fixture();
  vbucket.commit(draft('a', 'old'));
  vbucket.syncWrites.topology = [['n0', 'n1', 'n2']];
  const write = vbucket.syncWrites.prepare(draft('a', 'new'), Majority, 0);
  const ends: number[] = [];
  write.onEnd = (status) => ends.push(status);
  expect(textOf(vbucket, 'a')).toBe('old');
  expect(vbucket.refusal(0, 'a', vbucket.read(0, 'a'), 0, 0)).toBe(Status.SyncWriteInProgress);
  expect(vbucket.refusal(0, 'b', undefined, 0, 0)).toBe(Status.Success);
  vbucket.syncWrites.acknowledge('n9', write);
  expect(ends).toEqual([]);
  vbucket.syncWrites.acknowledge('n2', write);
  expect(ends).toEqual([Status.Success]);
  expect(textOf(vbucket, 'a')).toBe('new');
  vbucket.syncWrites.acknowledge('n1', write);
  expect(vbucket.highSeqno).toBe(3);
  expect(clock.pendingTimers).toBe(0);
});

test('time runs out: ambiguous, the old value stays, the abort has a seqno', () => {
  const { vbucket, clock } = fixture();
  vbucket.syncWrites.topology = [['n0', 'n1']];
  const write = vbucket.syncWrites.prepare(draft('a'), Majority, 3000);
  const ends: number[] = [];
  write.onEnd = (status) => ends.push(status);
  clock.advance(2999);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([Status.SyncWriteAmbiguous]);
  expect(textOf(vbucket, 'a')).toBeUndefined();
  expect(vbucket.highSeqno).toBe(2);
  expect(vbucket.refusal(0, 'a', undefined, 0, 0)).toBe(Status.Success);
});

test.each([MajorityAndPersistOnMaster, PersistToMajority])('level %i waits for the disk of the active', (level) => {
  const { vbucket, clock } = fixture({ persistenceLagMs: 50 });
  vbucket.syncWrites.topology = [['n0']];
  const write = vbucket.syncWrites.prepare(draft('a'), level, 0);
  expect(write.status).toBeUndefined();
  clock.advance(50);
  expect(write.status).toBe(Status.Success);
});

test('a topology without enough nodes makes it impossible', () => {
  const { syncWrites } = fixture().vbucket;
  expect(syncWrites.isPossible).toBe(false);
  syncWrites.topology = [['n0', null, null]];
  expect(syncWrites.isPossible).toBe(false);
  syncWrites.topology = [['n0', 'n1', null]];
  expect(syncWrites.isPossible).toBe(true);
  syncWrites.topology = [['n0'], ['n1', null]];
  expect(syncWrites.isPossible).toBe(false);
});

test('a new topology may be what a write has waited for', () => {
  const { vbucket } = fixture();
  vbucket.syncWrites.topology = [['n0', 'n1']];
  const write = vbucket.syncWrites.prepare(draft('a'), Majority, 0);
  vbucket.syncWrites.topology = [['n0']];
  expect(write.status).toBe(Status.Success);
});

test('who stops being the active leaves its writes ambiguous', () => {
  const { vbucket, clock } = fixture();
  vbucket.syncWrites.topology = [['n0', 'n1']];
  const write = vbucket.syncWrites.prepare(draft('a'), Majority, 0);
  vbucket.setState('replica');
  expect(write.status).toBe(Status.SyncWriteAmbiguous);
  expect(clock.pendingTimers).toBe(0);
});
