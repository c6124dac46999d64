import { connect } from '@cb/promise';
import type { Contender, ServerAddress } from '../contender.js';
import type { Beer } from '../documents.js';
import { promiseContender } from '../promise-contender.js';

const NOT_PARSED = { noFormat: true };

/** @cb/promise: operations to be awaited. */
export async function open({
  connectionString,
  bucket: name,
  kind,
  ...credentials
}: ServerAddress): Promise<Contender> {
  const { username, password } = credentials;
  const bucket = await connect(connectionString, kind === 'embedded' ? { bucket: name, username, password } : {});
  return promiseContender({
    get: (key) => bucket.get<Beer>(key),
    serialOf: (result) => result.value.serial,
    getBytes: (key) => bucket.get<Buffer>(key, NOT_PARSED),
    bytesOf: (result) => result.value,
    upsert: (key, beer) => bucket.upsert(key, beer),
    isStored: (result) => result.success,
    close: () => bucket.close(),
  });
}
