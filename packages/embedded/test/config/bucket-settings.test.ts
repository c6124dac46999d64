import { bucketSettings, checkBucketName } from '../../src/config/bucket-settings.js';
import { DISK_DEFAULT } from '../../src/store/disk-options.js';

const DEFAULTS = { replicas: 1, vbuckets: 64, disk: DISK_DEFAULT };

test('a bucket takes from the cluster what it does not say itself', () => {
  expect(bucketSettings('b', {}, DEFAULTS)).toMatchObject({
    type: 'couchbase',
    replicas: 1,
    vbuckets: 64,
    flush: true,
  });
  expect(bucketSettings('b', { replicas: 0, vbuckets: 8 }, DEFAULTS)).toMatchObject({ replicas: 0, vbuckets: 8 });
});

test('a memcached bucket has one vbucket and no replica', () => {
  expect(bucketSettings('b', { type: 'memcached' }, DEFAULTS)).toMatchObject({ replicas: 0, vbuckets: 1 });
});

test.each(['', 'a b', '.hidden', 'ä', 'x'.repeat(101)])('%j is not a name', (name) => {
  expect(() => checkBucketName(name)).toThrow(/is not a bucket name/);
});

test.each(['default', 'beer-sample', 'a.b_c%', 'x'.repeat(100)])('%s is a name', (name) => {
  expect(() => checkBucketName(name)).not.toThrow();
});
