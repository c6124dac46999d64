import { setTimeout } from 'node:timers/promises';
import type { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, type BucketOptions, connect } from '@cb/promise';
import { vbucketOf } from '@cb/protocol';

/** A bucket of the cluster, by all its nodes. @param query options of the connection string, as `a=b&c=d`. */
export function connectTo(cluster: EmbeddedCluster, query = '', options: BucketOptions = {}): Promise<Bucket> {
  const { connectionString, username, password } = cluster;
  return connect(`${connectionString}/default?${query}`, { username, password, timeout: 10_000, ...options });
}

/** Waits until the condition holds; the test's own time limit ends the wait when it never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5);
}

/** A key whose vbucket is active on the node. */
export function keyOn(bucket: Bucket, cluster: EmbeddedCluster, node: number): string {
  const { kv } = cluster.nodes[node]!.ports;
  for (let at = 0; ; at++) {
    const key = `key-${at}`;
    if (addressOf(bucket, key).endsWith(`:${kv}`)) return key;
  }
}

/** Where the bucket's map says that the document is, as `host:port`. */
function addressOf(bucket: Bucket, key: string): string {
  const map = bucket.clusterMap!;
  const { hostname, plain } = map.kvNodes[map.activeOf(vbucketOf(Buffer.from(key), map.vbuckets))]!;
  return `${hostname}:${plain.kv}`;
}
