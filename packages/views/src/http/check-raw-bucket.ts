import { ArgumentError, describe, type RawBucket } from '@cb/raw';

/** Throws `ArgumentError` for what has no services to ask: a `Bucket` of @cb/promise among others, whose `raw` has. */
export function checkRawBucket(bucket: unknown): asserts bucket is RawBucket {
  const { services, raw } = (bucket ?? {}) as { readonly services?: unknown; readonly raw?: unknown };
  if (services !== undefined) return;
  const help = raw === undefined ? '' : ': take its raw, as in queryAll(bucket.raw, …), or its own calls';
  throw new ArgumentError(`bucket must be a RawBucket, not ${describe(bucket)}${help}`);
}
