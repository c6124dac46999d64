import type { RawBucket } from '@cb/raw';
import { type BucketServices, servicesOf } from '@cb/raw/internal';

/**
 * Returns a function that creates one value for each bucket at the first call. The value lives as long as the bucket.
 */
export function perBucket<T>(make: (services: BucketServices) => T): (bucket: RawBucket) => T {
  const made = new WeakMap<RawBucket, { readonly value: T }>();
  return (bucket) => {
    const known = made.get(bucket);
    if (known !== undefined) return known.value;
    const value = make(servicesOf(bucket));
    made.set(bucket, { value });
    return value;
  };
}
