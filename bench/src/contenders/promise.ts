import { type Bucket, connect } from '@cb/promise';
import type { Contender, ServerAddress } from '../contender.js';
import type { Beer } from '../documents.js';
import { promiseContender } from '../promise-contender.js';

const NOT_PARSED = { noFormat: true };

/** @cb/promise: operations to be awaited. */
export async function open(server: ServerAddress): Promise<Contender> {
  const bucket = await openBucket(server);
  return promiseContender({
    get: (key) => bucket.get<Beer>(key),
    getMulti: async (keys) => (await bucket.getMulti<Beer>(keys)).values(),
    serialOf: (result) => result.value.serial,
    getBytes: (key) => bucket.get<Buffer>(key, NOT_PARSED),
    bytesOf: (result) => result.value,
    upsert: (key, beer) => bucket.upsert(key, beer),
    isStored: (result) => result.success,
    close: () => bucket.close(),
  });
}

/** The bucket behind it, connected. */
export function openBucket({ connectionString, kind, bucket, username, password }: ServerAddress): Promise<Bucket> {
  return connect(connectionString, kind === 'embedded' ? { bucket, username, password } : {});
}
