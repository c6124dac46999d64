import { Opcode, Status } from '@cb/protocol';
import { tombstone } from '../../src/store/document.js';
import { ReplicationStream } from '../../src/store/replication.js';
import type { Vbucket } from '../../src/store/vbucket.js';
import { ManualClock } from '../../src/time/manual-clock.js';
import { Server } from '../kv/conversation.js';
import { ViewCluster } from '../views/view-cluster.js';
import { draft, fixture, textOf } from './fixtures.js';

const DAYS_3 = 3 * 24 * 60 * 60 * 1000;

function remove(vbucket: Vbucket, key: string, collection = 0): void {
  vbucket.commit(tombstone(vbucket.read(collection, key)!, undefined));
}

test('a tombstone is purged when it is three days old, and with it all that it takes', () => {
  const { vbucket, clock } = fixture();
  for (let index = 0; index < 100; index++) {
    vbucket.commit(draft(`k${index}`));
    remove(vbucket, `k${index}`);
  }
  clock.advance(DAYS_3 - 1);
  expect([...vbucket.documents(0)]).toHaveLength(100);
  clock.advance(1);
  expect([...vbucket.documents(0)]).toEqual([]);
  expect([vbucket.bytes, vbucket.itemCount, clock.pendingTimers]).toEqual([0, 0, 0]);
  expect(vbucket.tombstones.purgedSeqno).toBe(200);
  vbucket.commit(draft('k0'));
  expect(vbucket.stored(0, 'k0')).toMatchObject({ seqno: 201, revision: 201 });
});

test('what has taken the place of a tombstone stays, and a younger tombstone too', () => {
  const { vbucket, clock } = fixture({ purgeIntervalMs: 1000 });
  for (const key of ['again', 'twice', 'late']) vbucket.commit(draft(key));
  remove(vbucket, 'again');
  remove(vbucket, 'twice');
  vbucket.commit(draft('again', 'new'));
  clock.advance(900);
  vbucket.commit(draft('twice'));
  remove(vbucket, 'twice');
  remove(vbucket, 'late');
  clock.advance(100);
  expect(textOf(vbucket, 'again')).toBe('new');
  expect([vbucket.stored(0, 'twice')!.deleted, vbucket.stored(0, 'late')!.deleted]).toEqual([true, true]);
  clock.advance(900);
  expect([vbucket.stored(0, 'twice'), vbucket.stored(0, 'late')]).toEqual([undefined, undefined]);
  expect(textOf(vbucket, 'again')).toBe('new');
});

test('the seqnos of collections do not go back', () => {
  const { vbucket, clock } = fixture({ purgeIntervalMs: 1000 });
  vbucket.commit(draft('a', 'v', 0, 9));
  vbucket.commit(draft('b', 'v', 0, 9));
  remove(vbucket, 'b', 9);
  clock.advance(1000);
  expect([...vbucket.documents(9)]).toHaveLength(1);
  expect(vbucket.highSeqnoOf(9)).toBe(3);
});

test('a bucket that is emptied or stopped purges nothing any more', () => {
  const { bucket, vbucket, clock } = fixture();
  vbucket.commit(draft('a'));
  remove(vbucket, 'a');
  bucket.flush();
  expect(clock.pendingTimers).toBe(0);
  vbucket.commit(draft('a'));
  remove(vbucket, 'a');
  bucket.stop();
  expect(clock.pendingTimers).toBe(0);
});

test('a replica that was away while a tombstone was purged begins again', () => {
  const { bucket, vbucket, clock } = fixture({ purgeIntervalMs: 1000 });
  const replica = bucket.setVbucketState(1, 'replica');
  const start = (): ReplicationStream => {
    const stream = new ReplicationStream({ source: vbucket, target: replica, node: 'n1', clock });
    stream.start();
    return stream;
  };
  vbucket.commit(draft('gone'));
  vbucket.commit(draft('kept'));
  start().stop();
  remove(vbucket, 'gone');
  clock.advance(1000);
  start();
  expect([textOf(replica, 'gone'), textOf(replica, 'kept')]).toEqual([undefined, 'v']);
  expect(replica).toMatchObject({ highSeqno: 3, itemCount: 1 });
});

test('nobody can ask for the history of a key whose tombstone is gone', () => {
  const server = new Server({ purgeIntervalMs: 1000 });
  const client = server.connect();
  client.set('k', '1');
  client.one(Opcode.Delete, { key: 'k' });
  expect(client.status(Opcode.GetMeta, { key: 'k' })).toBe(Status.Success);
  server.clock.advance(1000);
  expect(client.status(Opcode.GetMeta, { key: 'k' })).toBe(Status.KeyNotFound);
});

test('an index that lags behind a purge has no rows of what was deleted', async () => {
  const clock = new ManualClock();
  await using views = await ViewCluster.start({ clock, buckets: { default: { purgeIntervalMs: 1000 } } });
  await views.define('d', { v: 'function (doc) { emit(doc.n); }' });
  views.fill(3);
  expect(await views.ids('d/v?stale=false')).toEqual(['d0', 'd1', 'd2']);
  const { bucket } = views;
  for (const part of bucket.parts) {
    for (const vbucket of part.vbuckets) if (vbucket?.read(0, 'd1') !== undefined) remove(vbucket, 'd1');
  }
  await clock.advance(1000);
  expect(await views.ids('d/v?stale=false')).toEqual(['d0', 'd2']);
});
