import { ArgumentError, describe, type RawBucket } from '@cb/raw';

/** Throws `ArgumentError` unless the value is a raw bucket. A `Bucket` of @cb/promise has one, as `raw`. */
export function checkRawBucket(bucket: unknown): asserts bucket is RawBucket {
  const { services, raw } = (bucket ?? {}) as { readonly services?: unknown; readonly raw?: unknown };
  if (services !== undefined) return;
  const help = raw === undefined ? '' : ': pass its raw, as in queryAll(bucket.raw, …), or use its own methods';
  throw new ArgumentError(`bucket must be a RawBucket, not ${describe(bucket)}${help}`);
}
