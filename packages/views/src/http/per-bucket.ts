import type { BucketServices, RawBucket } from '@cb/raw';

/**
 * Returns a function that creates one value for each bucket at the first call. The value lives as long as the bucket.
 */
export function perBucket<T>(make: (services: BucketServices) => T): (bucket: RawBucket) => T {
  const made = new WeakMap<BucketServices, { readonly value: T }>();
  return ({ services }) => {
    const known = made.get(services);
    if (known !== undefined) return known.value;
    const value = make(services);
    made.set(services, { value });
    return value;
  };
}
