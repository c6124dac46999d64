import { ArgumentError, RawBucket } from '@cb/raw';
import { describe } from '@cb/raw/internal';

/** Throws `ArgumentError` unless the value is a raw bucket. A `Bucket` of @cb/promise has one, as `raw`. */
export function checkRawBucket(bucket: unknown): asserts bucket is RawBucket {
  if (bucket instanceof RawBucket) return;
  const { raw } = (bucket ?? {}) as { readonly raw?: unknown };
  const help = raw === undefined ? '' : ': pass its raw, as in queryAll(bucket.raw, …), or use its own methods';
  throw new ArgumentError(`bucket must be a RawBucket, not ${describe(bucket)}${help}`);
}
