import type { Contender, ServerAddress } from '../contender.js';
import type { Beer } from '../documents.js';
import { promiseContender } from '../promise-contender.js';
import { loadRival } from '../rival.js';

interface Couchbase {
  connect(connectionString: string, options: { username: string; password: string }): Promise<Cluster>;
}

interface Cluster {
  bucket(name: string): { defaultCollection(): Collection };
  close(): Promise<void>;
}

interface Collection {
  get(key: string): Promise<{ readonly content: Beer }>;
  upsert(key: string, value: unknown): Promise<{ readonly cas: unknown }>;
}

/** Couchbase's own SDK for Node, with its default options. */
export async function open({ connectionString, bucket, username, password }: ServerAddress): Promise<Contender> {
  const { connect } = await loadRival<Couchbase>('couchbase');
  const cluster = await connect(connectionString, { username, password });
  const collection = cluster.bucket(bucket).defaultCollection();
  return promiseContender({
    get: (key) => collection.get(key),
    serialOf: (result) => result.content.serial,
    upsert: (key, beer) => collection.upsert(key, beer),
    isStored: (result) => Boolean(result.cas),
    close: () => cluster.close(),
  });
}
