import { Status } from '@cb/protocol';
import { revised, tombstone } from '../../src/store/document.js';
import { systemXattrs } from '../../src/store/xattr.js';
import { draft, fixture, textOf } from './fixtures.js';

test('a new document has seqno, revision and CAS', () => {
  const { vbucket, clock } = fixture();
  const first = vbucket.commit(draft('a'));
  expect(first).toMatchObject({ seqno: 1, revision: 1 });
  expect(first.cas >> 16n).toBe((BigInt(clock.now()) * 1_000_000n) >> 16n);
  const second = vbucket.commit(draft('a', 'w'));
  expect(second).toMatchObject({ seqno: 2, revision: 2 });
  expect(second.cas).toBeGreaterThan(first.cas);
  expect(textOf(vbucket, 'a')).toBe('w');
  expect(vbucket.itemCount).toBe(1);
});

test('the same key in two collections is two documents', () => {
  const { vbucket } = fixture();
  vbucket.commit(draft('a', 'default'));
  vbucket.commit(draft('a', 'nine', 0, 9));
  expect(textOf(vbucket, 'a')).toBe('default');
  expect(textOf(vbucket, 'a', 9)).toBe('nine');
  vbucket.dropCollection(9);
  expect(textOf(vbucket, 'a', 9)).toBeUndefined();
  expect(vbucket).toMatchObject({ itemCount: 1, highSeqno: 3 });
});

test('a tombstone stays, and later documents count their revisions from it', () => {
  const { vbucket } = fixture();
  const live = vbucket.commit(draft('a'));
  vbucket.commit(tombstone(live, systemXattrs(live.xattrs)));
  expect(vbucket.read(0, 'a')).toBeUndefined();
  expect(vbucket.stored(0, 'a')).toMatchObject({ deleted: true, revision: 2, seqno: 2 });
  expect(vbucket.commit(draft('b'))).toMatchObject({ revision: 3 });
  expect(vbucket.itemCount).toBe(1);
});

test('expiry is found out by the look at the document', () => {
  const { vbucket, clock } = fixture();
  const seconds = Math.floor(clock.now() / 1000);
  vbucket.commit(draft('a', 'v', seconds + 2));
  clock.advance(1000);
  expect(textOf(vbucket, 'a')).toBe('v');
  clock.advance(1000);
  expect(vbucket.highSeqno).toBe(1);
  expect(vbucket.isExpired(vbucket.stored(0, 'a')!)).toBe(true);
  expect(textOf(vbucket, 'a')).toBeUndefined();
  expect(vbucket.stored(0, 'a')).toMatchObject({ deleted: true, seqno: 2, revision: 2, expiry: seconds + 2 });
});

test('a replica leaves expiry to the active', () => {
  const { bucket, clock } = fixture();
  const replica = bucket.setVbucketState(1, 'replica');
  const expired = draft('a', 'v', Math.floor(clock.now() / 1000) - 1);
  expired.seqno = 7;
  replica.replicate(expired);
  expect(textOf(replica, 'a')).toBeUndefined();
  expect(replica).toMatchObject({ highSeqno: 7, itemCount: 1 });
});

test('a lock keeps others out until it is opened, used up or over', () => {
  const { vbucket, clock } = fixture();
  const document = vbucket.commit(draft('a'));
  const { casHigh, casLow } = document;
  const lock = vbucket.locks.lock(document, 1);
  expect(lock).toMatchObject({ casHigh, casLow: casLow + 1 });
  expect(vbucket.refusal(0, 'a', document, 0, 0)).toBe(Status.Locked);
  expect(vbucket.refusal(0, 'a', document, casHigh, casLow)).toBe(Status.Locked);
  expect(vbucket.refusal(0, 'a', document, lock.casHigh, lock.casLow)).toBe(Status.Success);
  clock.advance(2000);
  expect(vbucket.locks.isLocked(document)).toBe(false);
  expect(vbucket.refusal(0, 'a', document, casHigh, casLow)).toBe(Status.Success);

  vbucket.locks.lock(document, 31);
  clock.advance(14_999);
  expect(vbucket.locks.isLocked(document)).toBe(true);
  const next = vbucket.commit(revised(document, { flags: 1 }));
  expect(vbucket.locks.isLocked(next)).toBe(false);
});

test('a CAS must be that of the document, and needs one', () => {
  const { vbucket } = fixture();
  expect(vbucket.refusal(0, 'a', undefined, 0, 0)).toBe(Status.Success);
  expect(vbucket.refusal(0, 'a', undefined, 0, 5)).toBe(Status.KeyNotFound);
  const document = vbucket.commit(draft('a'));
  expect(vbucket.refusal(0, 'a', document, 0, 5)).toBe(Status.KeyExists);
  expect(vbucket.refusal(0, 'a', document, document.casHigh, document.casLow)).toBe(Status.Success);
});

test('what becomes active goes on under a new uuid, what was active keeps it', () => {
  const { vbucket } = fixture();
  vbucket.commit(draft('a'));
  const { latest } = vbucket.failoverLog;
  vbucket.setState('active');
  expect(vbucket.failoverLog.latest).toBe(latest);
  vbucket.setState('replica');
  expect(vbucket.failoverLog.latest).toBe(latest);
  vbucket.setState('active');
  expect(vbucket.failoverLog.latest).toMatchObject({ seqno: 1 });
  expect(vbucket.failoverLog.entries).toHaveLength(2);
});

test('a uuid has 48 bits', () => {
  const { vbucket } = fixture({ random: () => 1 - Number.EPSILON });
  expect(vbucket.failoverLog.latest).toEqual({ uuidHigh: 0xffff, uuidLow: 0xffffffff, seqno: 0 });
});

test('a reset vbucket is as new', () => {
  const { vbucket } = fixture();
  vbucket.commit(draft('a'));
  vbucket.reset();
  expect(vbucket).toMatchObject({ highSeqno: 0, itemCount: 0, maxDeletedRevision: 0 });
  expect(vbucket.persistence.seqno).toBe(0);
  expect([...vbucket.documents(0)]).toEqual([]);
});
