import { Status } from '@cb/protocol';
import { ReplicationStream } from '../../src/store/replication.js';
import { DurabilityLevel } from '../../src/store/sync-write.js';
import type { Vbucket } from '../../src/store/vbucket.js';
import { draft, type Fixture, fixture, textOf } from './fixtures.js';

function replicated(lagMs = 0, persistenceLagMs = 0): Fixture & { replica: Vbucket; stream: ReplicationStream } {
  const made = fixture({ persistenceLagMs });
  const replica = made.bucket.setVbucketState(1, 'replica');
  const stream = new ReplicationStream({ source: made.vbucket, target: replica, node: 'n1', clock: made.clock, lagMs });
  made.vbucket.syncWrites.topology = [['n0', 'n1']];
  return { ...made, replica, stream };
}

test('a replica has what the active had before, and each mutation since', () => {
  const { vbucket, replica, stream } = replicated();
  vbucket.commit(draft('b'));
  vbucket.commit(draft('a', 'old'));
  vbucket.commit(draft('c', 'nine', 0, 9));
  vbucket.commit(draft('a', 'new'));
  stream.start();
  expect(replica).toMatchObject({ highSeqno: 4, itemCount: 3 });
  expect(replica.failoverLog.entries).toEqual(vbucket.failoverLog.entries);
  vbucket.commit(draft('d'));
  vbucket.dropCollection(9);
  vbucket.advance();
  expect(textOf(replica, 'a')).toBe('new');
  expect(textOf(replica, 'c', 9)).toBeUndefined();
  expect(replica).toMatchObject({ highSeqno: 7, itemCount: 3 });
  stream.stop();
  vbucket.commit(draft('e'));
  expect(replica.highSeqno).toBe(7);
});

test('with a lag everything arrives later, in order', () => {
  const { vbucket, replica, stream, clock } = replicated(100);
  stream.start();
  vbucket.commit(draft('a', '1'));
  clock.advance(50);
  vbucket.commit(draft('a', '2'));
  vbucket.advance();
  expect(textOf(replica, 'a')).toBeUndefined();
  clock.advance(50);
  expect(textOf(replica, 'a')).toBe('1');
  clock.advance(50);
  expect(textOf(replica, 'a')).toBe('2');
  expect(replica.highSeqno).toBe(3);
  expect(clock.pendingTimers).toBe(0);
});

test('a shorter lag holds for what is on its way, an endless one stops everything', () => {
  const { vbucket, replica, stream, clock } = replicated(Number.POSITIVE_INFINITY);
  stream.start();
  vbucket.commit(draft('a', '1'));
  vbucket.commit(draft('a', '2'));
  clock.advance(1e9);
  expect(replica.highSeqno).toBe(0);
  stream.lagMs = 10;
  expect(stream.lagMs).toBe(10);
  clock.advance(10);
  expect(textOf(replica, 'a')).toBe('2');
  vbucket.commit(draft('a', '3'));
  stream.lagMs = 0;
  expect(textOf(replica, 'a')).toBe('3');
});

test('a paused stream holds everything up', () => {
  const { vbucket, replica, stream, clock } = replicated();
  stream.start();
  stream.pause();
  vbucket.commit(draft('a'));
  clock.advance(1e6);
  expect(replica.highSeqno).toBe(0);
  stream.resume();
  expect(replica.highSeqno).toBe(1);
});

test.each([DurabilityLevel.Majority, DurabilityLevel.PersistToMajority])(
  'a sync write of level %i is acknowledged',
  (level) => {
    const { vbucket, replica, stream } = replicated();
    stream.start();
    const write = vbucket.syncWrites.prepare(draft('a'), level, 0);
    expect(write.status).toBe(Status.Success);
    expect(replica.highSeqno).toBe(2);
    expect(textOf(replica, 'a')).toBe('v');
    expect(replica.refusal(0, 'a', undefined, 0, 0)).toBe(Status.Success);
  },
);

test('persisting to a majority waits for the disk of the replica', () => {
  const { vbucket, stream, clock } = replicated(10, 100);
  stream.start();
  const write = vbucket.syncWrites.prepare(draft('a'), DurabilityLevel.PersistToMajority, 0);
  clock.advance(109);
  expect(write.status).toBeUndefined();
  clock.advance(1);
  expect(write.status).toBe(Status.Success);
});

test('an aborted write is forgotten by the replica too', () => {
  const { vbucket, replica, stream, clock } = replicated();
  stream.start();
  vbucket.syncWrites.topology = [['n0', 'n1', 'n2', 'n3']];
  vbucket.syncWrites.prepare(draft('a'), DurabilityLevel.Majority, 10);
  expect(replica.refusal(0, 'a', undefined, 0, 0)).toBe(Status.SyncWriteInProgress);
  clock.advance(10);
  expect(replica.refusal(0, 'a', undefined, 0, 0)).toBe(Status.Success);
  expect(replica.highSeqno).toBe(2);
});

test('a replica that takes over carries out the prepares it holds, under a new uuid', () => {
  const { vbucket, replica, stream } = replicated();
  stream.start();
  vbucket.syncWrites.topology = [['n0', 'n1', 'n2', 'n3']];
  const write = vbucket.syncWrites.prepare(draft('a'), DurabilityLevel.Majority, 0);
  stream.stop();
  vbucket.setState('dead');
  replica.setState('active');
  expect(write.status).toBe(Status.SyncWriteAmbiguous);
  expect(textOf(replica, 'a')).toBe('v');
  expect(replica.failoverLog.latest).toMatchObject({ seqno: 1 });
});

test('a replica that begins while a durable write is pending has all that came behind it', () => {
  const { vbucket, replica, stream } = replicated();
  vbucket.syncWrites.topology = [['n0', 'n1', 'n2', 'n3']];
  vbucket.syncWrites.prepare(draft('a'), DurabilityLevel.Majority, 0);
  vbucket.commit(draft('b'));
  vbucket.commit(draft('c'));
  stream.start();
  expect(replica).toMatchObject({ highSeqno: 3, itemCount: 2 });
  expect(replica.refusal(0, 'a', undefined, 0, 0)).toBe(Status.SyncWriteInProgress);
  stream.stop();
  replica.setState('active');
  expect(textOf(replica, 'a')).toBe('v');
  expect(replica.failoverLog.latest).toMatchObject({ seqno: 3 });
});

test('a replica that missed an abort does not carry out the write when it takes over later', () => {
  const { vbucket, replica, stream, clock } = replicated();
  stream.start();
  vbucket.syncWrites.topology = [['n0', 'n1', 'n2', 'n3']];
  vbucket.syncWrites.prepare(draft('a', 'aborted'), DurabilityLevel.Majority, 10);
  stream.stop();
  clock.advance(10);
  vbucket.syncWrites.prepare(draft('b', 'pending'), DurabilityLevel.Majority, 0);
  stream.start();
  stream.stop();
  replica.setState('active');
  expect([textOf(replica, 'a'), textOf(replica, 'b')]).toEqual([undefined, 'pending']);
});

test('a replica that takes over goes on above the CAS of the prepares that it carries out', () => {
  const { vbucket, replica, stream } = replicated();
  stream.start();
  vbucket.syncWrites.topology = [['n0', 'n1', 'n2', 'n3']];
  vbucket.observeCas(0x7fffffff, 0);
  vbucket.syncWrites.prepare(draft('a'), DurabilityLevel.Majority, 0);
  stream.stop();
  replica.setState('active');
  const before = replica.read(0, 'a')!.cas;
  expect(replica.commit(draft('a', 'next')).cas).toBeGreaterThan(before);
});

test('a replica that is ahead on a branch of its own starts from nothing', () => {
  const { vbucket, replica, stream } = replicated();
  vbucket.commit(draft('a'));
  stream.start();
  stream.stop();
  replica.setState('active');
  replica.commit(draft('lost'));
  replica.setState('replica');
  stream.start();
  expect(textOf(replica, 'lost')).toBeUndefined();
  expect(replica).toMatchObject({ highSeqno: 1, itemCount: 1 });
});

test('an emptied active empties its replicas, and they go on under its uuid', () => {
  const { bucket, vbucket, replica, stream, clock } = replicated(100);
  stream.start();
  vbucket.commit(draft('a'));
  clock.advance(100);
  vbucket.commit(draft('lost on the way'));
  bucket.flush();
  expect(replica).toMatchObject({ highSeqno: 0, itemCount: 0 });
  expect(replica.failoverLog.entries).toEqual(vbucket.failoverLog.entries);
  vbucket.commit(draft('b'));
  clock.advance(100);
  expect([textOf(replica, 'a'), textOf(replica, 'b'), replica.highSeqno]).toEqual([undefined, 'v', 1]);
});
