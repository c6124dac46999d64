import { parseManifest } from '../../src/store/manifest.js';
import { draft, fixture, textOf } from './fixtures.js';

const MANIFEST = parseManifest(
  '{"uid":"1f","scopes":[{"name":"_default","uid":"0","collections":[{"name":"_default","uid":"0"}]},' +
    '{"name":"s","uid":"8","collections":[{"name":"a","uid":"9"},{"name":"b","uid":"a","maxTTL":60},{"name":"c","uid":"b","maxTTL":0}]}]}',
)!;

test('expiry up to 30 days is relative, later ones are a time', () => {
  const { bucket, clock } = fixture();
  const now = clock.now() / 1000;
  expect(bucket.expiry(0, 0)).toBe(0);
  expect(bucket.expiry(1, 0)).toBe(now + 1);
  expect(bucket.expiry(2_592_000, 0)).toBe(now + 2_592_000);
  expect(bucket.expiry(2_592_001, 0)).toBe(2_592_001);
  expect(bucket.expiry(0xffffffff, 0)).toBe(0xffffffff);
});

test("a maximum is both cap and default, the collection's before the bucket's", () => {
  const { bucket, clock } = fixture({ maxTtl: 100 });
  bucket.setManifest(MANIFEST);
  const now = clock.now() / 1000;
  expect(bucket.expiry(0, 0)).toBe(now + 100);
  expect(bucket.expiry(50, 0)).toBe(now + 50);
  expect(bucket.expiry(0xffffffff, 0)).toBe(now + 100);
  expect(bucket.expiry(0, 10)).toBe(now + 60);
  expect(bucket.expiry(0, 9)).toBe(now + 100);
  expect([bucket.expiry(0, 11), bucket.expiry(500, 11)]).toEqual([0, now + 500]);
});

test('each scope and collection that comes or goes has a seqno in the active vbuckets', () => {
  const { bucket, vbucket } = fixture();
  const replica = bucket.setVbucketState(1, 'replica');
  bucket.setManifest(MANIFEST);
  expect(bucket.manifestUid).toBe('1f');
  expect(vbucket.highSeqno).toBe(4);
  expect(replica.highSeqno).toBe(0);
  expect(bucket.hasCollection(9)).toBe(true);
  vbucket.commit(draft('k', 'v', 0, 9));
  bucket.setManifest({ uid: 0x20n, scopes: MANIFEST.scopes.slice(0, 1) });
  expect(bucket.hasCollection(9)).toBe(false);
  expect(vbucket.highSeqno).toBe(9);
  expect(vbucket.itemCount).toBe(0);
});

test('listeners hear of mutations and of states until they are taken off', () => {
  const { bucket, vbucket } = fixture();
  const seen: string[] = [];
  const offMutation = bucket.onMutation((_vbucket, document) => seen.push(document.key));
  const offState = bucket.onVbucketState(({ id, state }, before) => seen.push(`${id}: ${before} to ${state}`));
  vbucket.commit(draft('a'));
  bucket.setVbucketState(2, 'pending');
  bucket.setVbucketState(2, 'active');
  offMutation();
  offState();
  vbucket.commit(draft('b'));
  bucket.setVbucketState(2, 'dead');
  expect(seen).toEqual(['a', '2: undefined to pending', '2: pending to active']);
});

test('tells once when a vbucket is not pending any more', () => {
  const { bucket } = fixture();
  bucket.setVbucketState(2, 'pending');
  let calls = 0;
  bucket.whenNotPending(2, () => calls++);
  bucket.setVbucketState(1, 'active');
  expect(calls).toBe(0);
  bucket.setVbucketState(2, 'active');
  bucket.setVbucketState(2, 'pending');
  bucket.setVbucketState(2, 'active');
  expect(calls).toBe(1);
});

test('counts documents by state and forgets them all', () => {
  const { bucket, vbucket } = fixture();
  vbucket.commit(draft('a'));
  expect(bucket.itemCount()).toBe(1);
  expect(bucket.itemCount('replica')).toBe(0);
  const seen: string[] = [];
  bucket.onVbucketState(({ id, state }, before) => seen.push(`${id}: ${before} to ${state}`));
  bucket.flush();
  expect(bucket.itemCount()).toBe(0);
  expect(seen).toEqual(['0: active to active']);
  bucket.deleteVbucket(0);
  expect(bucket.vbuckets[0]).toBeUndefined();
});

test('a memcached bucket has one vbucket without history', () => {
  const { bucket, vbucket } = fixture({ type: 'memcached' });
  expect(bucket.vbuckets).toEqual([vbucket]);
  expect(vbucket.commit(draft('a'))).toMatchObject({ seqno: 0, revision: 0, cas: 1n });
  expect(vbucket.failoverLog.latest).toMatchObject({ uuidLow: 0xdeadbeef });
  expect(textOf(vbucket, 'a')).toBe('v');
});

test('a lag of persistence may be changed at any time', () => {
  const { bucket, vbucket, clock } = fixture({ persistenceLagMs: 1000 });
  vbucket.commit(draft('a'));
  expect(vbucket.persistence.seqno).toBe(0);
  bucket.persistenceLagMs = 0;
  expect(vbucket.persistence.seqno).toBe(1);
  expect(clock.pendingTimers).toBe(0);
  bucket.stop();
});
