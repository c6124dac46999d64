import { type ClusterOptions, EmbeddedCluster } from '@cb/embedded';
import { BINARY_TESTS, isMemccapableInstalled, memccapable } from './memccapable.js';

/** The tests that a Couchbase server does not pass either, and why. */
const NOT_SERVED = {
  delete: 'wants the CAS 0, but a Couchbase server answers with that of the deletion',
} as const;
const NOT_SERVED_BY_COUCHBASE_BUCKETS = {
  ...NOT_SERVED,
  flush: 'only memcached buckets are emptied over KV, the others over HTTP',
  flushq: 'likewise',
} as const;

const suite = isMemccapableInstalled() ? describe : describe.skip;

suite('the tests of libmemcached', () => {
  test('a memcached bucket passes them', async () => {
    const failed = await failures({ buckets: { default: { type: 'memcached' } } });
    expect(failed).toEqual(Object.keys(NOT_SERVED));
  }, 90_000);

  test('a couchbase bucket passes them', async () => {
    // The client knows no vbuckets: it sends everything to the first.
    const failed = await failures({ vbuckets: 1 });
    expect(failed.sort()).toEqual(Object.keys(NOT_SERVED_BY_COUCHBASE_BUCKETS));
  }, 90_000);
});

async function failures(options: ClusterOptions): Promise<string[]> {
  await using cluster = await EmbeddedCluster.start({ ...options, anonymous: 'Administrator' });
  const failed: string[] = [];
  for (const name of BINARY_TESTS) if (!(await memccapable(cluster.nodes[0]!.ports.kv, name))) failed.push(name);
  return failed;
}
