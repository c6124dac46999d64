import { vbucketOf } from '@cb/protocol';
import type { IndexDefinition } from '@cb/sqlpp';
import * as engine from '@cb/sqlpp';
import { type ClusterOptions, EmbeddedCluster } from '../../../src/index.js';
import type { CollectionIndexes } from '../../../src/query/indexes/collection-indexes.js';
import type { StoredIndex } from '../../../src/query/indexes/stored-index.js';
import { tombstone } from '../../../src/store/document.js';

/** The definition of a primary index. */
export function primary(name = '#primary'): IndexDefinition {
  return { name, isPrimary: true, keys: [], partition: [], with: {} };
}

/** A cluster with one bucket, `b`, and a primary index of its default collection. */
export class IndexedBucket implements AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  readonly indexes: CollectionIndexes;
  readonly index: StoredIndex;

  private constructor(cluster: EmbeddedCluster) {
    this.cluster = cluster;
    this.indexes = this.bucket.indexes.of(0, engine);
    this.index = this.indexes.create(primary(), 'f00d', 0);
  }

  static async start(options: ClusterOptions = {}): Promise<IndexedBucket> {
    const started = new IndexedBucket(await EmbeddedCluster.start({ buckets: { b: {} }, vbuckets: 4, ...options }));
    await started.indexes.build(started.index);
    return started;
  }

  get bucket() {
    return this.cluster.bucket('b');
  }

  /** The keys of the documents in an index, sorted. */
  keys(index = this.index): string[] {
    return [...index.scan([{ ranges: [] }], {})].flatMap((batch) => batch.map(({ id }) => id)).sort();
  }

  /** The keys of the documents in the bucket, sorted. */
  stored(): string[] {
    return this.bucket.vbucketMap
      .flatMap(([active = -1], id) => [...(this.bucket.parts[active]?.vbuckets[id]?.documents(0) ?? [])])
      .filter(({ deleted }) => !deleted)
      .map(({ key }) => key)
      .sort();
  }

  /** Writes documents with these keys. */
  put(...keys: readonly string[]): void {
    for (const key of keys) this.bucket.put(key, { key });
  }

  /** Deletes a document. */
  remove(key: string): void {
    const document = this.bucket.peek(key);
    const id = vbucketOf(key, this.bucket.vbucketMap.length);
    const active = this.bucket.vbucketMap[id]?.[0] ?? -1;
    if (document !== undefined) this.bucket.parts[active]?.vbuckets[id]?.commit(tombstone(document, undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.stop();
  }
}
