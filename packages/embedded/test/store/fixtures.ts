import { Datatype } from '@cb/protocol';
import { Bucket, type BucketOptions } from '../../src/store/bucket.js';
import { Document } from '../../src/store/document.js';
import type { Vbucket } from '../../src/store/vbucket.js';
import { ManualClock } from './manual-clock.js';

export interface Fixture {
  readonly clock: ManualClock;
  readonly bucket: Bucket;
  readonly vbucket: Vbucket;
}

/** A bucket of four vbuckets whose first is active. */
export function fixture(options: Partial<BucketOptions> = {}): Fixture {
  const clock = new ManualClock();
  const bucket = new Bucket({ name: 'b', clock, vbucketCount: 4, ...options });
  return { clock, bucket, vbucket: bucket.setVbucketState(0, 'active') };
}

export function draft(key: string, text = 'v', expiry = 0, collection = 0): Document {
  const parts = { value: Buffer.from(text), xattrs: undefined, datatype: Datatype.Raw, flags: 0, expiry };
  return new Document(collection, key, parts);
}

export function textOf(vbucket: Vbucket, key: string, collection = 0): string | undefined {
  return vbucket.read(collection, key)?.value.toString();
}
